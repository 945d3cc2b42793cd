from typing import Self, TypedDict

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from playground.accounts.models import User
from playground.artifacts.models import Artifact, Version
from playground.gateway.models import Model
from playground.ids import new_id
from playground.protocol import Place, Role, RunStatus

CHAT = "chat"
BUILD = "build"


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def of(self, user_id: int) -> Self:
        """One's own, and those that one has joined by a link that is still there."""
        joined = Membership.objects.filter(user_id=user_id).values("link__conversation")
        return self.filter(models.Q(owner_id=user_id) | models.Q(pk__in=joined))

    def visible_to(self, user_id: int | None) -> Self:
        """Those `of` the person. None for a visitor (`None`), and for who is banned: a socket from before asks, too."""
        if user_id is None:
            return self.none()
        known = User.objects.filter(pk=user_id, is_active=True)
        return self.of(user_id).filter(models.Exists(known))


class Conversation(models.Model):
    """Runs about one artifact. They form a tree: siblings (same parent) are branches.

    It belongs to one person; who else may watch it or write in it says `playground.runs.sharing`.
    """

    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conversations")
    title = models.CharField(max_length=200)
    artifact = models.ForeignKey(Artifact, null=True, on_delete=models.SET_NULL, related_name="conversations")
    # The version that the first wish goes on from: a remix, or an artifact that was published by hand.
    base = models.ForeignKey(Version, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at"]

    def __str__(self) -> str:
        return self.title


class ShareLink(models.Model):
    """A live link to a conversation, at most one of each role. Without it, who came by it is a stranger again."""

    token = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="links")
    role = models.CharField(max_length=6, choices=[(role, role) for role in Role if role is not Role.OWNER])
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "role"], name="one_link_of_a_role")]

    def __str__(self) -> str:
        return f"{self.conversation_id} ({self.role})"


class Membership(models.Model):
    """Somebody has opened the link."""

    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "user"], name="joined_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.link}"


class Verdict(models.TextChoices):
    BEST = "best", _("One is best")
    TIE = "tie", _("Tie")
    BAD = "bad", _("All bad")


class Race(models.Model):
    """One wish to several models: its lanes are runs with the same parent. A lane makes a version when it is kept."""

    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="races")
    is_blind = models.BooleanField(default=False)
    verdict = models.CharField(max_length=4, choices=Verdict, blank=True)
    best = models.ForeignKey("Run", null=True, on_delete=models.SET_NULL, related_name="+")
    voted_at = models.DateTimeField(null=True)
    kept = models.ForeignKey("Run", null=True, on_delete=models.SET_NULL, related_name="+")  # the latest
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]
        verbose_name = _("race")
        verbose_name_plural = _("race board")

    def __str__(self) -> str:
        return self.id

    @property
    def is_veiled(self) -> bool:
        """Nobody may learn yet which model runs in which lane."""
        return self.is_blind and not self.verdict


class StoredImage(TypedDict):
    blob: str
    mime: str


class RunQuerySet(models.QuerySet["Run"]):
    def open(self) -> Self:
        return self.filter(status__in=[RunStatus.QUEUED, RunStatus.RUNNING])

    def waiting(self) -> Self:
        """The oldest first: their turn comes in this order."""
        return self.filter(status=RunStatus.QUEUED)

    def running(self) -> Self:
        return self.filter(status=RunStatus.RUNNING)

    def chats(self) -> Self:
        """Those that are written by a web process; builds are the workers'."""
        return self.filter(kind=CHAT)

    def visible_to(self, user_id: int | None) -> Self:
        return self.filter(conversation__in=Conversation.objects.visible_to(user_id))

    def veiled(self) -> Self:
        """Lanes of which nobody may learn yet which model runs there."""
        return self.filter(race__is_blind=True, race__verdict="")


class Run(models.Model):
    """One wish and its answer. The answer itself is the log; this row says how the run stands.

    A conversation writes one answer at a time (of a race, all lanes): meanwhile a wish waits, `queued` and without a
    log. Its place in the tree is found when its turn comes: `playground.runs.queue`.
    """

    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="runs")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="children")
    # It goes on from the newest answer after `parent`, rather than beside what follows that already.
    follows = models.BooleanField(default=False)
    # A run that was cut: this one begins with what that one had received.
    continues = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    # A branch of a version's film: the words that it begins with are those that the version's own making began with.
    branch_of = models.ForeignKey(Version, null=True, on_delete=models.SET_NULL, related_name="branches")
    beginning = models.TextField(blank=True)
    # The version that the wish goes on from, as it was when the run began.
    base = models.ForeignKey(Version, null=True, on_delete=models.SET_NULL, related_name="+")
    race = models.ForeignKey(Race, null=True, on_delete=models.CASCADE, related_name="lanes")
    lane = models.PositiveSmallIntegerField(null=True)  # from 0; the order says nothing of the models
    kind = models.CharField(max_length=8, default=CHAT)  # or BUILD: see playground.builds
    status = models.CharField(max_length=9, choices=[(s, s) for s in RunStatus], default=RunStatus.QUEUED)
    prompt = models.TextField()
    images = models.JSONField[list[StoredImage]](default=list)
    places = models.JSONField[list[dict[str, object]]](default=list)  # protocol.Place
    model = models.ForeignKey(Model, null=True, on_delete=models.SET_NULL, related_name="+")
    model_name = models.CharField(max_length=200)
    answered_by = models.CharField(max_length=200, blank=True)
    sampling = models.JSONField[dict[str, object]](default=dict)
    usage = models.JSONField[dict[str, object]](null=True)  # protocol.Usage
    error = models.JSONField[dict[str, object]](null=True)  # protocol.Problem
    version = models.OneToOneField(Version, null=True, on_delete=models.SET_NULL, related_name="run")
    cancel_requested_at = models.DateTimeField(null=True)
    # The producer renews its lease while it lives; past it, the run is an orphan, and its next holder counts the fence.
    fence = models.PositiveIntegerField(default=0)
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

    def read_places(self) -> list[Place]:
        return [Place.model_validate(place) for place in self.places]

    @property
    def condensation(self) -> "Condensation | None":
        """The one in force that ends here."""
        return next((each for each in self.condensations.all() if each.undone_at is None), None)

    @property
    def is_veiled(self) -> bool:
        return self.race is not None and self.race.is_veiled


class Condensation(models.Model):
    """A summary that the model is told in place of a branch's beginning, up to and with the answer `upto`.

    The conversation itself stays as it is. One that a person has undone is kept, so that it is not made again.
    """

    upto = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="condensations")
    summary = models.TextField()
    runs = models.PositiveIntegerField()  # how many exchanges it stands for
    saved = models.IntegerField()  # tokens, estimated
    is_outline = models.BooleanField(default=False)  # of the wishes alone: the model gave no summary
    undone_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["upto"], condition=models.Q(undone_at=None), name="condensed_once")
        ]

    def __str__(self) -> str:
        return f"{self.runs} before {self.upto_id}"


class Checkpoint(models.Model):
    """A stretch of a run's log in the database: frames `first_seq` to `last_seq`, and the model's own text that they
    came of, which a follow-up or a continuation needs word for word. See `packing`.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="checkpoints")
    first_seq = models.PositiveIntegerField()
    last_seq = models.PositiveIntegerField()
    packed = models.BinaryField()
    is_worded = models.BooleanField()  # there is text of the model in it

    class Meta:
        ordering = ["first_seq"]
        constraints = [models.UniqueConstraint(fields=["run", "first_seq"], name="checkpoint_once")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.first_seq}-{self.last_seq}"
