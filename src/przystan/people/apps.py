from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "przystan.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Each registers something: system checks, periodic jobs and outbox handlers.
        from przystan.people import checks, handlers, letters  # noqa: F401
