"""What stops a backup or a restore, said to the operator: what happened and what to do."""

from przystan.core.errors import PrzystanError


class BackupError(PrzystanError):
    """A backup could not be made or used; nothing of the running system was changed."""
