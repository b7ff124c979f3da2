from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ProceduresConfig(AppConfig):
    name = "przystan.procedures"
    label = "procedures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from przystan.procedures import guards, handlers  # noqa: F401  jobs, export, erasure

        post_migrate.connect(guards.install, sender=self, dispatch_uid="procedures.guards")
