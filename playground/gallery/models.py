from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from playground.artifacts.models import Artifact


def in_language(text: str, chinese: str) -> str:
    """What a reader of Chinese is shown where there is a Chinese text, else the other one."""
    return chinese if chinese and (get_language() or "").startswith("zh") else text


class Demo(models.Model):
    """A demo of the Demo reel as a finished artifact, under the same slug as its clip."""

    slug = models.SlugField(primary_key=True)
    artifact = models.OneToOneField(Artifact, on_delete=models.CASCADE, related_name="demo")

    def __str__(self) -> str:
        return self.slug


class Tag(models.Model):
    slug = models.SlugField(_("slug"), unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=60)
    name_zh = models.CharField(_("name in Chinese"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        return in_language(self.name, self.name_zh)


class State(models.TextChoices):
    SUBMITTED = "submitted", _("Waiting for a curator")
    ACCEPTED = "accepted", _("In the gallery")
    DECLINED = "declined", _("Declined")
    HIDDEN = "hidden", _("Hidden")


class EntryQuerySet(models.QuerySet["Entry"]):
    def shown(self) -> Self:
        """What every visitor may see: accepted, and still public. Its owner's word counts at once."""
        listed = Artifact.objects.listed()
        return self.filter(state=State.ACCEPTED, artifact__in=listed, artifact__owner__is_active=True)

    def featured(self) -> Self:
        """Those whose time in the first row is now, in the curator's order."""
        now = timezone.now()
        is_open = models.Q(featured_until=None) | models.Q(featured_until__gt=now)
        return self.filter(is_open, featured_from__lte=now).order_by("position", "-featured_from", "-pk")

    def waiting(self) -> Self:
        """What curators have to decide, the oldest first. What was taken down waits again once it is put back."""
        open_ones = self.filter(state=State.SUBMITTED, artifact__taken_down_at=None, artifact__owner__is_active=True)
        return open_ones.order_by("submitted_at", "pk")


class Entry(models.Model):
    """An artifact in the gallery, or on its way there. Written by `playground.gallery.services`."""

    artifact = models.OneToOneField(Artifact, on_delete=models.CASCADE, related_name="entry")
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.SUBMITTED)
    reason = models.TextField(_("reason"), blank=True, help_text=_("Why it was declined or taken down, for its owner."))
    title = models.CharField(_("title"), max_length=200, blank=True, help_text=_("Empty: the artifact's own."))
    title_zh = models.CharField(_("title in Chinese"), max_length=200, blank=True)
    wish = models.TextField(_("wish"), blank=True)  # that its first version was made of
    wish_zh = models.TextField(_("wish in Chinese"), blank=True)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True, related_name="entries")
    featured_from = models.DateTimeField(_("featured from"), null=True, blank=True)
    featured_until = models.DateTimeField(_("featured until"), null=True, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Among the featured, from 0."))
    submitted_at = models.DateTimeField(_("submitted"), default=timezone.now)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True, db_index=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("gallery entry")
        verbose_name_plural = _("gallery entries")
        ordering = ["-accepted_at", "-pk"]
        indexes = [models.Index(fields=["state", "submitted_at"], name="entries_by_state")]

    def __str__(self) -> str:
        return self.title or self.artifact.title

    def get_absolute_url(self) -> str:
        return self.artifact.get_absolute_url()

    @property
    def shown_title(self) -> str:
        return in_language(str(self), self.title_zh)

    @property
    def shown_wish(self) -> str:
        return in_language(self.wish, self.wish_zh)


class Collection(models.Model):
    slug = models.SlugField(_("slug"), unique=True)
    title = models.CharField(_("title"), max_length=120)
    title_zh = models.CharField(_("title in Chinese"), max_length=120, blank=True)
    description = models.TextField(_("description"), blank=True)
    description_zh = models.TextField(_("description in Chinese"), blank=True)
    cover = models.ForeignKey(
        Entry,
        verbose_name=_("cover"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Empty: its first entry."),
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    entries = models.ManyToManyField(Entry, through="Membership", related_name="collections")

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/collections/{self.slug}"

    @property
    def shown_title(self) -> str:
        return in_language(self.title, self.title_zh)

    @property
    def shown_description(self) -> str:
        return in_language(self.description, self.description_zh)


class Membership(models.Model):
    """An entry's place in a collection."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="memberships")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="memberships")
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["collection", "entry"], name="entry_once_in_collection")]

    def __str__(self) -> str:
        return f"{self.collection}: {self.entry}"


class SearchText(models.Model):
    """The words under which an entry is found. The database's own index follows it: see `playground.gallery.search`."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.CASCADE, related_name="search_text")
    words = models.TextField()

    def __str__(self) -> str:
        return self.words
