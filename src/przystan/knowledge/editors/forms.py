from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm


class ArticlePageForm(WagtailAdminPageForm):  # type: ignore[misc]  # Wagtail has no types
    """Opens with every "still fits" unticked: each is about the Polish text of this moment."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            for block in self.instance.body:
                block.value["is_confirmed"] = False
