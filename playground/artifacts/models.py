import hashlib
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from playground.accounts.models import User
from playground.artifacts.files import StoredFile
from playground.ids import new_id


class Visibility(models.TextChoices):
    PRIVATE = "private", _("Only me")
    LINK = "link", _("Anyone with the link")
    PUBLIC = "public", _("Public")


class NetworkRule(models.TextChoices):
    OWNERS = "owners", _("The owner of a page decides")
    LISTED = "listed", _("The owner decides among the hosts below")
    NOBODY = "nobody", _("No page reaches other hosts")


class NetworkPolicyManager(models.Manager["NetworkPolicy"]):
    def current(self) -> "NetworkPolicy":
        """The one row; as long as there is none, owners decide."""
        return self.first() or NetworkPolicy()


class NetworkPolicy(models.Model):
    """What the operator says about pages that want to reach hosts beyond their own."""

    rule = models.CharField(_("rule"), max_length=8, choices=NetworkRule, default=NetworkRule.OWNERS)
    hosts = models.JSONField[list[str]](_("hosts"), default=list, blank=True)

    objects = NetworkPolicyManager()

    class Meta:
        verbose_name = _("isolation and network")
        verbose_name_plural = _("isolation and network")

    def __str__(self) -> str:
        return self.get_rule_display()

    def permits(self, host: str) -> bool:
        return self.rule == NetworkRule.OWNERS or (self.rule == NetworkRule.LISTED and host in self.hosts)


class ArtifactQuerySet(models.QuerySet["Artifact"]):
    def visible_to(self, user: User | None) -> Self:
        """Those that `user` (None: a visitor without a session) may open by their address.

        One that is private, behind a password, or expired is seen by its owner and by those who have joined its
        conversation, too; one behind a password by those who gave that. What was taken down, and what somebody made
        who is banned, is seen by nobody.
        """
        there = self.filter(taken_down_at=None, owner__is_active=True)
        lasting = models.Q(expires_at=None) | models.Q(expires_at__gt=timezone.now())
        shared = models.Q(visibility__in=[Visibility.LINK, Visibility.PUBLIC]) & lasting
        if user is None:
            return there.filter(shared, password="")
        joined = Artifact.objects.filter(conversations__links__memberships__user=user).values("pk")
        unlocked = Unlock.objects.filter(user=user).values("artifact")
        entered = shared & (models.Q(password="") | models.Q(pk__in=unlocked))
        return there.filter(entered | models.Q(owner=user) | models.Q(pk__in=joined))

    def listed(self) -> Self:
        """Those that anybody may find: public, and open to everybody."""
        return self.visible_to(None).filter(visibility=Visibility.PUBLIC)


class Artifact(models.Model):
    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="artifacts")
    title = models.CharField(max_length=200)
    description = models.CharField(max_length=500, blank=True)  # plain text, by its owner
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.LINK)
    password = models.CharField(max_length=128, blank=True)  # hashed; empty: none is asked for
    expires_at = models.DateTimeField(null=True, blank=True)  # null: never; see `visible_to`
    remixed_from = models.ForeignKey(
        "Version", null=True, blank=True, on_delete=models.SET_NULL, related_name="remixes"
    )
    # Hosts beyond its own that the page may reach, as its owner allowed them: `api.example.com`.
    allowed_hosts = models.JSONField[list[str]](default=list, blank=True)
    views = models.PositiveIntegerField(default=0, db_index=True)  # people who opened it: playground.gallery.visits
    # A curator's word, above its owner's: see playground.curation.moderation.
    taken_down_at = models.DateTimeField(null=True, blank=True)
    taken_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    takedown_reason = models.TextField(blank=True)  # for everybody to read
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ArtifactQuerySet.as_manager()

    class Meta:
        verbose_name = _("artifact")
        verbose_name_plural = _("artifacts")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/a/{self.id}"

    @property
    def latest(self) -> "Version":
        """The newest version. An artifact is made together with its first one, so there always is one."""
        return self.versions.order_by("-number")[0]

    @property
    def is_private(self) -> bool:
        return self.visibility == Visibility.PRIVATE

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        """Whether its owner lets whoever has its address open it."""
        return not (self.is_private or self.password or self.is_expired)

    @property
    def is_listed(self) -> bool:
        """Whether anybody may find it."""
        return self.is_open and self.visibility == Visibility.PUBLIC

    @property
    def seal(self) -> str:
        """Another text whenever it was decided anew who may open it: a signed address names it, and ends with it."""
        decided = f"{self.visibility} {self.password} {self.is_expired}"
        return hashlib.sha256(decided.encode()).hexdigest()[:12]


class Unlock(models.Model):
    """Somebody has given the artifact's password. Another password ends it."""

    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="unlocks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["artifact", "user"], name="unlocked_once")]

    def __str__(self) -> str:
        return f"{self.artifact_id} by {self.user_id}"


class Like(models.Model):
    """Somebody, a guest perhaps, likes the artifact."""

    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="likes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["artifact", "user"], name="liked_once")]

    def __str__(self) -> str:
        return f"{self.artifact_id} by {self.user_id}"


class Maker(models.TextChoices):
    """How a version came about."""

    MODEL = "model", _("Made by a model")
    HAND = "hand", _("Edited by hand")
    REMIX = "remix", _("Remixed")
    RESTORED = "restored", _("Restored")
    PUBLISHED = "published", _("Published")


class Version(models.Model):
    """An immutable state of an artifact, but for its label. `files` maps paths to `StoredFile` values."""

    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    files = models.JSONField[dict[str, StoredFile]]()
    entry = models.CharField(max_length=200)  # path of the file that is the page
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    maker = models.CharField(max_length=9, choices=Maker, default=Maker.PUBLISHED)
    label = models.CharField(max_length=80, blank=True)  # the name that its owner gave it
    prompt = models.TextField(blank=True)
    model_name = models.CharField(max_length=200, blank=True)
    # Which version of a library each open range came to be: `{"three@latest": "0.180.0"}`. Filled once, never changed.
    pins = models.JSONField[dict[str, str]](default=dict, blank=True)
    pinned_at = models.DateTimeField(null=True, blank=True, db_index=True)  # null: some may be missing
    is_demo = models.BooleanField(default=False)  # from the Demo reel: no model was running
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["artifact", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.artifact_id} v{self.number}"

    def get_absolute_url(self) -> str:
        return f"/a/{self.artifact_id}/v/{self.number}"


class Draft(models.Model):
    """What the owner of an artifact has changed by hand and not saved as a version yet.

    `files` is the whole tree, as in a version; `texts` holds the contents that are in no blob, by the blob's name: each
    pause in typing writes them anew. `revision` counts the writes, so that two tabs cannot overwrite each other unseen.
    """

    artifact = models.OneToOneField(Artifact, on_delete=models.CASCADE, related_name="draft")
    base = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    files = models.JSONField[dict[str, StoredFile]]()
    texts = models.JSONField[dict[str, str]](default=dict)
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"draft of {self.base}"
