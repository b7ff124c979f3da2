from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "przystan.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from przystan.core import handlers  # noqa: F401  registers the periodic jobs
