from typing import Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    STARTER = "starter", _("Starter shelf")
    PULLED = "pulled", _("Pulled on demand")
    ADMIN = "admin", _("Added by an admin")
    UPLOADED = "uploaded", _("Uploaded")


class PackageQuerySet(models.QuerySet["Package"]):
    def kept(self) -> Self:
        """Those that somebody chose: they stay, and answer open ranges before the registry is asked."""
        return self.exclude(source=Source.PULLED)


class Package(models.Model):
    """One version of an npm package: its files are in one zip file, the blob."""

    name = models.CharField(_("name"), max_length=214)
    version = models.CharField(_("version"), max_length=100)
    integrity = models.CharField(_("checksum"), max_length=200)
    blob = models.CharField(max_length=64)
    files = models.JSONField[list[str]](default=list)
    manifest = models.JSONField[dict[str, Any]](default=dict)  # what of package.json is needed
    parts = models.JSONField[dict[str, list[str] | None] | None](null=True, editable=False)  # see modules._apart
    size = models.PositiveBigIntegerField(_("bytes"))  # of the blob
    source = models.CharField(_("source"), max_length=8, choices=Source)
    pulled_at = models.DateTimeField(_("fetched"), default=timezone.now)
    used_at = models.DateTimeField(_("last used"), default=timezone.now)

    objects = PackageQuerySet.as_manager()

    class Meta:
        ordering = ["name", "-pulled_at"]
        verbose_name = _("package")
        verbose_name_plural = _("library shelf")
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="package_once")]
        indexes = [models.Index(fields=["source", "used_at"], name="package_oldest")]

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


class Derivative(models.Model):
    """What was made from a package and is kept: a compressed file, a part of a module."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="derivatives")
    key = models.CharField(max_length=64, unique=True)  # a digest of what it was made of, and how
    blob = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    has_default = models.BooleanField(default=False)  # for a module: whether it has a default export

    def __str__(self) -> str:
        return self.key
