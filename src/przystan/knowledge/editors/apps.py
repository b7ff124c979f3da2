from django.apps import AppConfig


class EditorsConfig(AppConfig):
    name = "przystan.knowledge.editors"
    label = "editors"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from przystan.people.api import guard_prefix
        from przystan.people.personal_data import register_linked_rows

        guard_prefix("/editors/", "editors.enter")
        # A page is the office's; only the link to who wrote it goes.
        for page in ("editors.ArticlePage", "editors.ArticleIndexPage"):
            register_linked_rows(page, unlink=("owner_id", "locked_by_id"))
