from typing import Any

from wagtail.admin.panels import MultiFieldPanel


class PolishOnly(MultiFieldPanel):  # type: ignore[misc]  # Wagtail has no types
    """Shown on Polish pages: what it holds is true of the article in every language."""

    class BoundPanel(MultiFieldPanel.BoundPanel):  # type: ignore[misc]
        def is_shown(self) -> Any:
            locale = getattr(self.instance, "locale", None)
            is_polish = locale is None or locale.language_code == "pl"
            return is_polish and super().is_shown()
