from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "przystan.conversations"
    label = "conversations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from przystan.conversations import handlers  # noqa: F401  registers jobs and erasure
