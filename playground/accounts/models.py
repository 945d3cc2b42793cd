import hashlib
import secrets
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


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

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody with an e-mail address, or a guest, who has none."""

    # Unique where there is one, hence null and not empty.
    email = models.EmailField(gettext_lazy("e-mail address"), unique=True, null=True)  # noqa: DJ001
    name = models.CharField(gettext_lazy("display name"), max_length=60, blank=True)
    is_guest = models.BooleanField(default=False)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    last_seen = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    objects = UserManager()

    class Meta:
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
        return self.name or (self.email or "").partition("@")[0]


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
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"

    def touch(self) -> None:
        """Note the use, at most once a minute: a script may call many times a second."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at > timedelta(minutes=1):
            ApiToken.objects.filter(pk=self.pk).update(last_used_at=now)


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()
