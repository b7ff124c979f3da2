from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "przystan.channels"
    label = "channels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from przystan.channels.mail import notices  # noqa: F401  listens to the outbox
