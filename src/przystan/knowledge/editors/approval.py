"""What Wagtail calls when the last reviewer approves (WAGTAIL_FINISH_WORKFLOW_ACTION)."""

from typing import Any


def publish(workflow_state: Any, user: Any = None) -> None:
    """Publish the approved page as any other; if a gate refuses, its draft stays approved."""
    # Wagtail's models import this module while they load themselves.
    from przystan.knowledge.editors import moderation

    page = workflow_state.content_object
    if not moderation.publish_afterwards(page.pk):
        page.get_latest_revision().publish(user=user)
