"""What other apps may call of the directory."""

from przystan.directory.queries import organisation, organisations

__all__ = ["organisation", "organisations"]
