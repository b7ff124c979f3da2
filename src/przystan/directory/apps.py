from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "przystan.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from przystan.core import references
        from przystan.directory import queries

        references.register("service", queries.resolve)
