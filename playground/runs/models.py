from typing import Self, TypedDict

from django.conf import settings
from django.db import models

from playground.artifacts.models import Artifact, Version
from playground.gateway.models import Model
from playground.ids import new_id
from playground.protocol import RunStatus


class Conversation(models.Model):
    """Runs of one person about one artifact. They form a tree: siblings (same parent) are branches."""

    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conversations")
    title = models.CharField(max_length=200)
    artifact = models.ForeignKey(Artifact, null=True, on_delete=models.SET_NULL, related_name="conversations")
    # The version that the first wish goes on from: a remix, or an artifact that was published by hand.
    base = models.ForeignKey(Version, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at"]

    def __str__(self) -> str:
        return self.title


class StoredImage(TypedDict):
    blob: str
    mime: str


class RunQuerySet(models.QuerySet["Run"]):
    def open(self) -> Self:
        return self.filter(status__in=[RunStatus.QUEUED, RunStatus.RUNNING])

    def of_owner(self, user_id: int) -> Self:
        return self.filter(conversation__owner_id=user_id)


class Run(models.Model):
    """One wish and its answer. The answer itself is the log; this row says how the run stands."""

    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="runs")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="children")
    # A run that was cut: this one begins with what that one had received.
    continues = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    # The version that the wish goes on from, as it was when the run began.
    base = models.ForeignKey(Version, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=8, default="chat")
    status = models.CharField(max_length=9, choices=[(s, s) for s in RunStatus], default=RunStatus.QUEUED)
    prompt = models.TextField()
    images = models.JSONField[list[StoredImage]](default=list)
    model = models.ForeignKey(Model, null=True, on_delete=models.SET_NULL, related_name="+")
    model_name = models.CharField(max_length=200)
    answered_by = models.CharField(max_length=200, blank=True)
    sampling = models.JSONField[dict[str, object]](default=dict)
    usage = models.JSONField[dict[str, object]](null=True)  # protocol.Usage
    error = models.JSONField[dict[str, object]](null=True)  # protocol.Problem
    version = models.OneToOneField(Version, null=True, on_delete=models.SET_NULL, related_name="run")
    cancel_requested_at = models.DateTimeField(null=True)
    # The producer renews it while it lives; past it, the run is an orphan.
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["status", "lease_until"], name="open_runs_by_lease")]

    def __str__(self) -> str:
        return f"{self.id} ({self.status})"

    @property
    def is_over(self) -> bool:
        return RunStatus(self.status).is_final


class Checkpoint(models.Model):
    """A stretch of a run's log in the database: frames `first_seq` to `last_seq`, one JSON text a line.

    `answer` is the model's own text in that stretch, which a follow-up or a continuation needs word for word.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="checkpoints")
    first_seq = models.PositiveIntegerField()
    last_seq = models.PositiveIntegerField()
    frames = models.TextField()
    answer = models.TextField()

    class Meta:
        ordering = ["first_seq"]
        constraints = [models.UniqueConstraint(fields=["run", "first_seq"], name="checkpoint_once")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.first_seq}-{self.last_seq}"
