import hashlib
import secrets
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from playground.accounts.devices import tell_device

DELETED = "deleted-user"  # the handle of the account that public work is left to; nobody can choose it


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def create_guest(self) -> "User":
        guest = self.model(is_guest=True)
        guest.set_unusable_password()
        guest.save()
        return guest

    def deleted_user(self) -> "User":
        """Whom the public work of deleted accounts belongs to: nobody. Nobody can sign in as this user."""
        user, is_new = self.get_or_create(handle=DELETED)
        if is_new:
            user.set_unusable_password()
            user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody with an e-mail address, or a guest, who has none."""

    # Unique where there is one, hence null and not empty.
    email = models.EmailField(gettext_lazy("e-mail address"), unique=True, null=True)  # noqa: DJ001
    name = models.CharField(gettext_lazy("display name"), max_length=60, blank=True)
    # The name in the address of their page; null: they have none. See playground/accounts/handles.py.
    handle = models.CharField(gettext_lazy("handle"), max_length=30, unique=True, null=True, blank=True)
    is_guest = models.BooleanField(default=False)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    ban_reason = models.TextField(gettext_lazy("banned because"), blank=True)  # where `is_active` is false
    date_joined = models.DateTimeField(auto_now_add=True)
    last_seen = models.DateTimeField(default=timezone.now)
    mails_builds = models.BooleanField(gettext_lazy("E-mail me when a build is over"), default=False)
    # A day's limits of this person alone; null: the settings say; 0: none. See playground/accounts/charges.py.
    runs_per_day = models.PositiveIntegerField(
        gettext_lazy("answers a day"), null=True, blank=True, help_text=gettext_lazy("Empty: as for everybody. 0: any.")
    )
    tokens_per_day = models.PositiveBigIntegerField(
        gettext_lazy("tokens a day"), null=True, blank=True, help_text=gettext_lazy("Empty: as for everybody. 0: any.")
    )
    cost_per_day = models.DecimalField(
        gettext_lazy("cost a day"),
        max_digits=12,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=gettext_lazy("In the currency of the prices. Empty: as for everybody. 0: any."),
    )

    USERNAME_FIELD = "email"
    objects = UserManager()

    class Meta:
        verbose_name = gettext_lazy("user")
        verbose_name_plural = gettext_lazy("users")
        ordering = ["-date_joined"]

    def __str__(self) -> str:
        return self.email or self.public_name

    def clean(self) -> None:
        super().clean()
        if self.email:
            self.email = self.email.lower()

    @property
    def public_name(self) -> str:
        """What others see. Never the whole e-mail address."""
        if self.is_guest:
            return _("Guest")
        if self.handle == DELETED:
            return _("Deleted user")
        return self.name or (self.email or "").partition("@")[0]

    def get_absolute_url(self) -> str:
        """Of their page; empty where they have none."""
        return f"/u/{self.handle}" if self.handle and self.is_active else ""


class SignIn(models.Model):
    """A browser that a member is signed in with. Without its session, the row means nothing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    agent = models.CharField(max_length=300, blank=True)  # as the browser names itself
    since = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-last_used_at"]

    def __str__(self) -> str:
        return f"{self.user_id} since {self.since}"

    @property
    def device(self) -> str:
        return tell_device(self.agent)


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def issue(self, user: User, name: str) -> tuple["ApiToken", str]:
        """A new token and its plain form, which is not kept."""
        plain = f"pg_{secrets.token_urlsafe(32)}"
        token = self.create(user=user, name=name[:60], prefix=plain[:8], digest=_digest(plain))
        return token, plain

    def authenticate(self, plain: str) -> User | None:
        token = self.select_related("user").filter(digest=_digest(plain), user__is_active=True).first()
        if token is None:
            return None
        token.touch()
        return token.user

    def of(self, user: User) -> Self:
        return self.filter(user=user)


class ApiToken(models.Model):
    """A bearer token for the API. Only its digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("API token")
        verbose_name_plural = gettext_lazy("API tokens")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"

    def touch(self) -> None:
        """Note the use, at most once a minute: a script may call many times a second."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at > timedelta(minutes=1):
            ApiToken.objects.filter(pk=self.pk).update(last_used_at=now)


class Charge(models.Model):
    """What one answer uses: opened when it begins, settled when it ends.

    It outlives the answer and the conversation, so that deleting them gives nothing back.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="charges")
    was_guest = models.BooleanField()
    address = models.CharField(max_length=64, blank=True)  # forgotten after some days
    run = models.CharField(max_length=16, blank=True)  # its id; empty: a summary that somebody asked for
    kind = models.CharField(max_length=8)  # chat, race, condense
    model = models.CharField(gettext_lazy("model"), max_length=200)
    status = models.CharField(max_length=9, default="running")  # protocol.RunStatus
    error = models.CharField(max_length=60, blank=True)  # the problem's code
    input_tokens = models.PositiveBigIntegerField(default=0)
    output_tokens = models.PositiveBigIntegerField(default=0)
    is_estimated = models.BooleanField(default=False)
    cost = models.DecimalField(max_digits=18, decimal_places=8, null=True)  # null: no prices are known
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        verbose_name = gettext_lazy("usage")
        verbose_name_plural = gettext_lazy("usage and cost")
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["user", "started_at"], name="charges_of_user"),
            models.Index(fields=["address", "started_at"], name="charges_of_address"),
        ]
        constraints = [models.UniqueConstraint(fields=["run"], condition=~models.Q(run=""), name="charged_once")]

    def __str__(self) -> str:
        return f"{self.run or self.kind}: {self.input_tokens} + {self.output_tokens}"


class AuditEntry(models.Model):
    """What somebody with power over others' things did. Written by `playground.accounts.audit`, never changed."""

    at = models.DateTimeField(gettext_lazy("when"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    actor_name = models.CharField(gettext_lazy("who"), max_length=254)  # stays when the account is deleted
    address = models.CharField(gettext_lazy("from"), max_length=64, blank=True)
    action = models.CharField(gettext_lazy("what"), max_length=200)
    # What it touched: `{"what": "changed", "kind": "model", "id": "3", "name": "…", "fields": {"name": ["a", "b"]}}`.
    changes = models.JSONField[list[dict[str, object]]](gettext_lazy("changes"), default=list)

    class Meta:
        verbose_name = gettext_lazy("audit entry")
        verbose_name_plural = gettext_lazy("audit log")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.action}"


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()
