"""Pages of offices that were read; acts are in `models/law.py`."""

from django.db import models


class Source(models.Model):
    """A page that a statement rests on, and the day on which somebody read it."""

    id = models.SlugField(primary_key=True, max_length=80)
    title = models.CharField(max_length=300)
    url = models.URLField(max_length=500)
    publisher = models.CharField(max_length=200)
    # Only an official page may carry a published statement.
    is_official = models.BooleanField()
    read_on = models.DateField()

    def __str__(self) -> str:
        return self.id
