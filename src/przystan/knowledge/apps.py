from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KnowledgeConfig(AppConfig):
    name = "przystan.knowledge"
    label = "knowledge"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from przystan.knowledge import guards, handlers  # noqa: F401  registers periodic jobs

        post_migrate.connect(guards.install, sender=self, dispatch_uid="knowledge.guards")
