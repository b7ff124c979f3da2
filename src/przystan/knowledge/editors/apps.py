from django.apps import AppConfig
from django.db.models.signals import post_save


class EditorsConfig(AppConfig):
    name = "przystan.knowledge.editors"
    label = "editors"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from przystan.knowledge.editors import trail
        from przystan.people.api import guard_prefix
        from przystan.people.personal_data import register_linked_rows

        guard_prefix("/editors/", "editors.enter")
        # A page is the office's; only the link to who wrote it goes.
        for page in ("editors.ArticlePage", "editors.ArticleIndexPage"):
            register_linked_rows(page, unlink=("owner_id", "locked_by_id"))
        for log in ("wagtailcore.PageLogEntry", "wagtailcore.ModelLogEntry"):
            post_save.connect(trail.copy_entry, sender=log, dispatch_uid=f"editors.trail.{log}")
