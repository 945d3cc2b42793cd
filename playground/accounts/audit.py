"""The audit log: who with power over others did what, when, from where, and what it changed.

Each change on the admin pages is one entry, whatever page made it: the middleware opens it, and signals of the database
fill in what was added, changed and deleted. Beside them stand API tokens, which are made elsewhere, and what other code
records by `record`. Secrets are named, and never shown.
"""

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.admin.models import LogEntry
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from playground.accounts.api_auth import address_of
from playground.accounts.models import ApiToken, AuditEntry, SignIn, User
from playground.middleware import AsyncMiddleware

MOST = 100  # changes of one entry; more are counted
_LONGEST = 300  # characters of a value
_SECRET = {"secret", "password", "digest"}
_NOISE = {"last_login", "last_seen", "updated_at"}
_IGNORED = (LogEntry, Session, AuditEntry, SignIn)
_SIGNING = ("/admin/login/", "/admin/logout/")


@dataclass(slots=True)
class _Request:
    """What one request changes; outside of the admin pages, of API tokens alone."""

    is_admin: bool
    changes: list[dict[str, object]] = field(default_factory=list)
    left_out: int = 0

    def heeds(self, kind: type[Model]) -> bool:
        return kind is ApiToken or (self.is_admin and not issubclass(kind, _IGNORED))

    def note(self, change: dict[str, object]) -> None:
        if len(self.changes) < MOST:
            self.changes.append(change)
        else:
            self.left_out += 1


_current: ContextVar[_Request | None] = ContextVar("audited", default=None)
_before: ContextVar[tuple[Model | None, dict[str, Any]]] = ContextVar("audited_before", default=(None, {}))


def record(
    actor: User | None, action: str, changes: list[dict[str, object]] | None = None, *, address: str = ""
) -> AuditEntry:
    """`actor`: None for a command. `action`: in plain words, in English: the log is one text for all."""
    name = actor.email or f"guest {actor.pk}" if actor else "command line"
    return AuditEntry.objects.create(
        actor=actor, actor_name=name, address=address, action=action[:200], changes=changes or []
    )


def record_anonymously(action: str) -> AuditEntry:
    """Of somebody whose name is not to be kept."""
    return AuditEntry.objects.create(actor=None, actor_name="somebody", action=action[:200])


class AuditMiddleware(AsyncMiddleware):
    """Records each request to the admin pages that may change something, and what others do with API tokens."""

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return await self.get_response(request)
        found = _Request(is_admin=request.path.startswith("/admin/"))
        token = _current.set(found)
        try:
            response = await self.get_response(request)
        finally:
            _current.reset(token)
        if found.is_admin or found.changes:
            await sync_to_async(_record_request)(request, response, found)
        return response


def _record_request(request: HttpRequest, response: HttpResponseBase, found: _Request) -> None:
    """A form that came back with its errors has changed nothing; a refused request is told as such."""
    user = getattr(request, "user", None)
    is_refused = response.status_code >= 400
    if not isinstance(user, User) or (found.is_admin and not user.is_staff):
        return
    if not found.changes and (response.status_code == 200 or request.path in _SIGNING):
        return
    if found.left_out:
        found.changes.append({"what": "more", "count": found.left_out})
    action = f"{request.path} (refused)" if is_refused else _action_of(request)
    record(user, action, found.changes, address=address_of(request))


def _action_of(request: HttpRequest) -> str:
    """`/admin/gateway/model/3/change/`, or `/admin/gateway/model/: delete_selected 3, 4`."""
    chosen = request.POST.get("action", "")
    ids = ", ".join(request.POST.getlist("_selected_action")[:20])
    return f"{request.path}: {chosen} {ids}".strip() if chosen else request.path


@receiver(pre_save)
def _look(sender: type[Model], instance: Model, **kwargs: object) -> None:
    """What the row was, where it will have to be told."""
    current = _current.get()
    if current and current.heeds(sender) and instance.pk is not None:
        _before.set((instance, sender._base_manager.filter(pk=instance.pk).values().first() or {}))


@receiver(post_save)
def _note_save(sender: type[Model], instance: Model, created: bool, **kwargs: object) -> None:
    current = _current.get()
    if current and current.heeds(sender):
        looked_at, before = _before.get()
        fields = _differences(instance, before if looked_at is instance and not created else {})
        if created or fields:
            current.note({**_name(instance, "added" if created else "changed"), "fields": fields})
    elif sender is ApiToken and created:
        record(None, "made an API token", [_name(instance, "added")])


@receiver(post_delete)
def _note_delete(sender: type[Model], instance: Model, **kwargs: object) -> None:
    current = _current.get()
    if current and current.heeds(sender):
        current.note(_name(instance, "deleted"))


@receiver(m2m_changed)
def _note_links(action: str, instance: Model, model: type[Model], pk_set: set[object] | None, **kw: object) -> None:
    current = _current.get()
    if current and current.is_admin and action in ("post_add", "post_remove", "post_clear"):
        what = action.removeprefix("post_")
        ids = sorted(map(str, pk_set or ()))
        current.note({**_name(instance, "changed"), "fields": {str(model._meta.verbose_name_plural): [what, ids]}})


@receiver(user_logged_in)
def _note_sign_in(request: HttpRequest, user: User, **kwargs: object) -> None:
    if user.is_staff:
        record(user, "signed in", address=address_of(request))


def _name(instance: Model, what: str) -> dict[str, object]:
    name = str(instance)[:_LONGEST]
    return {"what": what, "kind": str(instance._meta.model_name), "id": str(instance.pk), "name": name}


def _differences(instance: Model, before: dict[str, Any]) -> dict[str, object]:
    found: dict[str, object] = {}
    for each in instance._meta.concrete_fields:
        old, new = before.get(each.attname), getattr(instance, each.attname)
        if each.attname in _NOISE or each.primary_key or old == new:
            continue
        found[each.attname] = ["…", "(changed)"] if each.attname in _SECRET else [_shown(old), _shown(new)]
    return found


def _shown(value: object) -> object:
    return value if value is None or isinstance(value, bool | int) else str(value)[:_LONGEST]
