from django.db import models

from playground.artifacts.models import Version


class Rendition(models.Model):
    """A file of a version as it is served: what rewriting, building and compressing made of it, once."""

    key = models.CharField(primary_key=True, max_length=64)  # a digest of everything that it depends on
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    forms = models.JSONField[dict[str, str]]()  # blobs by content encoding; "" is the plain one

    def __str__(self) -> str:
        return self.key
