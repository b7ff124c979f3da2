"""What other apps may call of `procedures`. Data classes are in `procedures.data`."""

from przystan.procedures.asking import checked, described, described_one

__all__ = ["checked", "described", "described_one"]
