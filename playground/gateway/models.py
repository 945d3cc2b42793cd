from collections.abc import Collection
from typing import Any, Self
from urllib.parse import urlsplit

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from playground.accounts.models import User
from playground.gateway.secrets import decrypt, encrypt, environment_key


class Source(models.TextChoices):
    ADMIN = "admin", _("Added by an admin")
    ENVIRONMENT = "environment", _("From the environment")
    DEMO_REEL = "demo_reel", _("Demo reel")


class Audience(models.TextChoices):
    EVERYONE = "everyone", _("Everyone, guests too")
    MEMBERS = "members", _("Everyone with an account")
    STAFF = "staff", _("Staff")


class Endpoint(models.Model):
    """An OpenAI-compatible server."""

    name = models.CharField(max_length=100)
    base_url = models.CharField(max_length=300, help_text=_("With its path, for example http://localhost:8001/v1"))
    secret = models.TextField(blank=True, editable=False)  # the API key, encrypted
    source = models.CharField(max_length=12, choices=Source, default=Source.ADMIN, editable=False)
    is_enabled = models.BooleanField(default=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("endpoint")
        verbose_name_plural = _("endpoints")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if not is_web_address(self.base_url):
            raise ValidationError({"base_url": _("Enter an address that begins with http:// or https://.")})

    @property
    def api_key(self) -> str:
        """The environment's key is read from there each time, and never stored."""
        if self.source == Source.ENVIRONMENT:
            return environment_key(self.base_url)
        return decrypt(self.secret)

    def set_api_key(self, plain: str) -> None:
        self.secret = encrypt(plain)


class ModelQuerySet(models.QuerySet["Model"]):
    def enabled(self) -> Self:
        return self.filter(is_enabled=True, endpoint__is_enabled=True).select_related("endpoint")

    def usable_by(self, user: User | None) -> Self:
        """Those that `user` (None: a visitor) may choose; the default first."""
        audiences = [Audience.EVERYONE]
        if user and not user.is_guest:
            audiences.append(Audience.MEMBERS)
        if user and user.is_staff:
            audiences.append(Audience.STAFF)
        usable = self.enabled().filter(audience__in=audiences)
        if not (user and user.is_superuser):
            usable = usable.filter(models.Q(groups=None) | models.Q(groups__user=user))
        return usable.distinct().order_by("-is_default", "position", "name")


class Model(models.Model):
    """A model that people may choose."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="models")
    name = models.CharField(max_length=100, help_text=_("What people see"))
    model_id = models.CharField(max_length=200, help_text=_("What the endpoint is asked for"))
    context_window = models.PositiveIntegerField(default=131_072, help_text=_("Tokens"))
    output_limit = models.PositiveIntegerField(
        default=32_768, help_text=_("Tokens of one answer. Always sent: some servers go on for ever without it.")
    )
    price_input = models.DecimalField(
        max_digits=10, decimal_places=4, null=True, blank=True, help_text=_("Per million tokens")
    )
    price_output = models.DecimalField(
        max_digits=10, decimal_places=4, null=True, blank=True, help_text=_("Per million tokens")
    )
    sees_images = models.BooleanField(default=False)
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.EVERYONE)
    groups = models.ManyToManyField(Group, blank=True, help_text=_("If any: only their members"))
    is_default = models.BooleanField(default=False)
    is_enabled = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    objects = ModelQuerySet.as_manager()

    class Meta:
        verbose_name = _("model")
        verbose_name_plural = _("models")
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_model"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **options: Any) -> None:
        """A new default takes the place of the old one."""
        with transaction.atomic():
            if self.is_default:
                Model.objects.exclude(pk=self.pk).update(is_default=False)
            super().save(**options)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        super().validate_constraints(exclude={*(exclude or ()), "is_default"})  # `save` sees to that one

    @property
    def is_demo(self) -> bool:
        """Clips written by hand: no model is running."""
        return self.endpoint.source == Source.DEMO_REEL


def is_web_address(address: str) -> bool:
    """Looser than Django's validator, which refuses bare host names such as `http://vllm:8000/v1`."""
    try:
        parts = urlsplit(address)
        is_complete = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return is_complete and parts.scheme in ("http", "https") and address.isprintable() and " " not in address
