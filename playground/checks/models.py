from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.browser import Gate, Measurements, Verdict
from playground.artifacts.models import Version


class State(models.TextChoices):
    NONE = "none", _("Not checked")  # there are pictures, but nobody has asked for a check
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Being checked")
    DONE = "done", _("Checked")


class VerdictWords(models.TextChoices):
    WORKS_WELL = Verdict.WORKS_WELL.value, _("Works well")
    USABLE = Verdict.USABLE.value, _("Usable")
    BROKEN = Verdict.BROKEN.value, _("Broken")
    NOT_VERIFIED = Verdict.NOT_VERIFIED.value, _("Not verified")


class Reason(models.TextChoices):
    """Why a version is not verified."""

    NO_BROWSER = "no_browser", _("There is no browser")
    NO_START = "no_start", _("The browser did not work")
    LOST = "lost", _("The check was lost several times")


class Check(models.Model):
    """The one current check of a version. While it is made again, what was found before stays to be seen."""

    version = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="checked")
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.QUEUED, db_index=True)
    # Among those that run at once: the database keeps them apart, and so their number within its bounds.
    slot = models.PositiveSmallIntegerField(null=True, blank=True, unique=True)
    # Counted up by each claim. Whoever holds an older number has lost the check to somebody else.
    attempt = models.PositiveIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    alive_at = models.DateTimeField(null=True, blank=True)

    verdict = models.CharField(_("verdict"), max_length=12, choices=VerdictWords, default=VerdictWords.NOT_VERIFIED)
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    gates = models.JSONField[list[dict[str, Any]]](default=list, blank=True)
    measured = models.JSONField[dict[str, Any]](null=True, blank=True)
    pictures = models.JSONField[dict[str, str]](default=dict, blank=True)  # blobs by name: "0.5", "thumbnail", "film"
    level = models.CharField(_("isolation"), max_length=12, blank=True)
    seed = models.PositiveIntegerField(default=1)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ordered_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["-ordered_at"]

    def __str__(self) -> str:
        return f"{self.version}: {self.verdict}"

    def read_gates(self) -> list[Gate]:
        return [Gate.model_validate(gate) for gate in self.gates]

    def read_measurements(self) -> Measurements | None:
        return Measurements.model_validate(self.measured) if self.measured else None
