"""E-mail that says "there is a reply" and nothing of what was said.

Mailboxes are shared and read by others: the message holds a secret link, no words of the
conversation. Sealed threads never come here: their queries return no address.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from przystan.conversations import api as conversations
from przystan.core import outbox


@outbox.on("conversations.reply_posted")
def tell_of_reply(payload: dict[str, Any]) -> None:
    """Write to the person who left an address; delivered at least once, harmless twice."""
    found = conversations.email_of(UUID(payload["thread_id"]))
    if found is None:  # forgotten or sealed meanwhile
        return
    address, token, lang = found
    with translation.override(lang):
        link = f"{settings.PUBLIC_URL}/{lang}/question/{token}/"
        message = EmailMessage(
            subject=_("You have a reply in Przystań"),
            body=render_to_string("mail/reply.txt", {"link": link}),
            to=[address],
            headers={
                "Message-ID": f"<{payload['message_id']}@przystan>",
                "Auto-Submitted": "auto-generated",
            },
        )
    message.send()
