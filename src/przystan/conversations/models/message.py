"""What was said in a thread, in the order it was said."""

from typing import ClassVar

from django.db import models

from przystan.conversations.models.thread import Thread
from przystan.core.ids import new_id


class Message(models.Model):
    """Words of a person, the assistant or a consultant, encrypted under the thread's key.

    An assistant's message holds the whole answer as JSON: citations pin page versions, so it
    can be shown again after the law has changed. In a turn of a check it holds the outcome.
    """

    class Author(models.TextChoices):
        PERSON = "person"
        ASSISTANT = "assistant"
        CONSULTANT = "consultant"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="messages")
    author = models.CharField(max_length=12, choices=Author)
    at = models.DateTimeField()
    words_sealed = models.BinaryField()
    answer_sealed = models.BinaryField(null=True, blank=True)
    # Set on turns of a check that goes on in the thread: a question, an answer, the outcome.
    check_id = models.UUIDField(null=True, blank=True, db_index=True)
    # The person's word on the answer: was this right?
    was_right = models.BooleanField(null=True, blank=True)
    # Account of the consultant who wrote it; a person's name never stands here.
    written_by = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"message {self.pk}"
