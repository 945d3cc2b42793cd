from django.db import models

from playground.artifacts.models import Artifact


class Demo(models.Model):
    """A demo of the Demo reel as a finished artifact, under the same slug as its clip."""

    slug = models.SlugField(primary_key=True)
    artifact = models.OneToOneField(Artifact, on_delete=models.CASCADE, related_name="demo")

    def __str__(self) -> str:
        return self.slug
