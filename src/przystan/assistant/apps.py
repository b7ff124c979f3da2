from django.apps import AppConfig


class AssistantConfig(AppConfig):
    name = "przystan.assistant"
    label = "assistant"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from przystan.assistant import gate
        from przystan.knowledge import api as knowledge

        knowledge.register_publication_gate(gate.check)
