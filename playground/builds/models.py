from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.events import Event, read_event
from playground.builds.presenting import build_info
from playground.ids import new_id
from playground.protocol import BuildInfo
from playground.runs.models import Run


class Build(models.Model):
    """What a run of kind "build" has beyond any run. Its journal is the truth; the rest is its sum, to be read fast."""

    run = models.OneToOneField(Run, primary_key=True, on_delete=models.CASCADE, related_name="build")
    engine = models.CharField(max_length=12, default="playground")
    language = models.CharField(max_length=12)  # in which its log tells what is not the model's
    checklist = models.JSONField[list[str]](default=list)
    limits = models.JSONField[dict[str, Any]]()  # agents.task.Limits
    origin = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="forks")
    origin_step = models.PositiveIntegerField(default=0)
    seed = models.JSONField[dict[str, Any]](default=dict)  # of a fork: the `files` and the `plan` that it begins with
    # What was asked for of one that goes on: see agents.host.Stop. Empty: nothing.
    stop = models.CharField(max_length=10, blank=True)

    # Who works at it, and when it is anybody's turn. The lease itself is the run's.
    owner = models.CharField(max_length=64, blank=True)  # the Celery task's id
    queued_at = models.DateTimeField(auto_now_add=True)
    served_at = models.DateTimeField(null=True)  # when a slice of it last began or ended
    resumes_at = models.DateTimeField(null=True)  # paused until then
    pauses = models.PositiveSmallIntegerField(default=0)  # for the model's sake, in a row
    claims = models.PositiveSmallIntegerField(default=0)  # since the journal last grew

    next_seq = models.PositiveIntegerField(default=0)  # of the journal
    step = models.PositiveIntegerField(default=0)
    files = models.JSONField[dict[str, str]](default=dict)  # SHA-256 by path
    plan = models.JSONField[list[dict[str, Any]]](default=list)  # agents.events.Item
    used = models.JSONField[dict[str, Any]](default=dict)  # protocol.BuildUse
    best = models.JSONField[dict[str, Any]](null=True)  # agents.inspection.Report of the best files so far
    means = models.JSONField[dict[str, Any]](null=True)  # of the worker that had it last
    outcome = models.CharField(max_length=9, blank=True)
    code = models.CharField(max_length=20, blank=True)
    message = models.TextField(blank=True)
    wrapping = models.JSONField[dict[str, Any]](null=True)  # agents.events.Wrapping
    evidence = models.JSONField[dict[str, list[dict[str, Any]]]](default=dict)  # see `evidence`
    notified_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("build")
        verbose_name_plural = _("builds")
        ordering = ["queued_at"]

    def __str__(self) -> str:
        return f"build {self.run_id}"

    def info(self) -> BuildInfo:
        """In the reader's language."""
        return build_info(self)

    def read_journal(self, upto: int | None = None) -> list[Event]:
        """All of it, or what was before `upto`."""
        entries = self.entries.all() if upto is None else self.entries.filter(seq__lt=upto)
        return [read_event(text) for text in entries.values_list("event", flat=True)]


class Entry(models.Model):
    """One event of a journal. Rows are only ever added: the database refuses to change one."""

    build = models.ForeignKey(Build, on_delete=models.CASCADE, related_name="entries")
    seq = models.PositiveIntegerField()
    fence = models.PositiveIntegerField()  # of the holder who wrote it
    kind = models.CharField(max_length=20)
    step = models.PositiveIntegerField()
    event = models.TextField()  # agents.events, as JSON
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["build", "seq"], name="journal_entry_once")]

    def __str__(self) -> str:
        return f"{self.build_id} {self.seq}: {self.kind}"


class Message(models.Model):
    """What a person has written to a build while it goes."""

    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    build = models.ForeignKey(Build, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField()
    is_told = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.build_id}: {self.text[:40]}"
