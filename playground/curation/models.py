from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from playground.artifacts.models import Artifact, Version
from playground.gallery.models import Entry
from playground.protocol import RunStatus
from playground.runs.models import Run


class ReportReason(models.TextChoices):
    DECEPTION = "deception", _("It deceives: phishing, or it pretends to be somebody else")
    HARM = "harm", _("It harms or harasses")
    ADULT = "adult", _("Sexual or violent content")
    RIGHTS = "rights", _("It takes what is somebody else's")
    BROKEN = "broken", _("It does not work")
    OTHER = "other", _("Something else")


class ReportState(models.TextChoices):
    OPEN = "open", _("Open")
    DISMISSED = "dismissed", _("Dismissed")
    ACTED = "acted", _("Acted upon")


class Report(models.Model):
    """What a visitor says against an artifact. Nobody has to sign in for it."""

    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="reports")
    reason = models.CharField(_("reason"), max_length=9, choices=ReportReason)
    text = models.TextField(_("what is wrong"), blank=True)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(_("state"), max_length=9, choices=ReportState, default=ReportState.OPEN)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["state", "created_at"], name="reports_by_state")]
        permissions = [("curate", "Can curate the gallery")]

    def __str__(self) -> str:
        return f"{self.artifact}: {self.get_reason_display()}"


class BlockedKind(models.TextChoices):
    WORD = "word", _("Word or phrase")
    HOST = "host", _("Host, with all below it")


class BlockedTerm(models.Model):
    """A submission that names it is held until a curator says that it is all right."""

    kind = models.CharField(_("kind"), max_length=4, choices=BlockedKind)
    text = models.CharField(_("text"), max_length=200, help_text=_("Such as casino, or ads.example.com."))
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("Why, for curators."))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("blocked term")
        verbose_name_plural = _("blocklist")
        ordering = ["kind", "text"]
        constraints = [models.UniqueConstraint(fields=["kind", "text"], name="blocked_once")]

    def __str__(self) -> str:
        return self.text


class OnBreak(models.TextChoices):
    FLAG = "flag", _("Flag it for curators, and leave it in the gallery")
    HIDE = "hide", _("Hide it from the gallery until it works")


class PolicyManager(models.Manager["Policy"]):
    def current(self) -> "Policy":
        """The one row; as long as there is none, what breaks is flagged."""
        return self.first() or Policy()


class Policy(models.Model):
    on_break = models.CharField(_("what breaks"), max_length=4, choices=OnBreak, default=OnBreak.FLAG)

    objects = PolicyManager()

    class Meta:
        verbose_name = _("policy of the gallery")
        verbose_name_plural = _("policy of the gallery")

    def __str__(self) -> str:
        return self.get_on_break_display()


class Health(models.Model):
    """What the nightly checks found of an entry. `is_due`: it is its turn; `asked_at`: its check was ordered."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="health")
    is_due = models.BooleanField(default=False, db_index=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    version = models.ForeignKey(Version, null=True, on_delete=models.SET_NULL, related_name="+")  # that was checked
    broken = models.PositiveSmallIntegerField(default=0)  # verdicts in a row
    broken_since = models.DateTimeField(null=True, blank=True)  # null: nothing is known to be wrong
    has_hidden = models.BooleanField(default=False)  # whether the entry is hidden for this reason
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("health")
        verbose_name_plural = _("health")
        ordering = ["-broken_since", "checked_at"]

    def __str__(self) -> str:
        return f"health of {self.entry_id}"


class RepairState(models.TextChoices):
    OPEN = "open", _("Not decided")
    APPROVED = "approved", _("Published")
    DECLINED = "declined", _("Left as it was")


class Repair(models.Model):
    """A build that mends a copy of a broken version. Nothing changes for others until a curator approves of it."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="repairs")
    broken = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=8, choices=RepairState, default=RepairState.OPEN)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ordered_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    published = models.ForeignKey(Version, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("repair")
        verbose_name_plural = _("repairs")
        ordering = ["-ordered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=models.Q(state="open"), name="one_open_repair")
        ]

    def __str__(self) -> str:
        return f"repair of {self.broken}"

    @property
    def is_working(self) -> bool:
        return self.run is not None and self.run.status in (RunStatus.QUEUED, RunStatus.RUNNING)

    @property
    def result(self) -> Version | None:
        """What waits for approval."""
        return self.run.version if self.run and self.run.version_id and not self.is_working else None
