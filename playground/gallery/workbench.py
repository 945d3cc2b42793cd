"""The workbench page: the live application with what it needs at its start."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from playground import protocol
from playground.accounts.api_auth import visitor
from playground.accounts.models import User
from playground.artifacts.addresses import public_url
from playground.artifacts.models import NetworkPolicy, NetworkRule
from playground.errors import NotFound
from playground.gallery.models import Demo, Entry
from playground.gateway import services as gateway
from playground.gateway.models import Model
from playground.reel.clips import Language, load_clips
from playground.runs.models import Conversation
from playground.runs.presenting import conversation_detail
from playground.runs.prompting import default_system_prompt
from playground.runs.sharing import find_link


@require_safe
@ensure_csrf_cookie
def new_wish(request: HttpRequest) -> HttpResponse:
    """`?wish=` or, for that of a gallery entry, `?try=` fills one in. Only a person sends it."""
    return _workbench(request, None, wish=_offered_wish(request))


@require_safe
@ensure_csrf_cookie
def open_shared(request: HttpRequest, token: str) -> HttpResponse:
    """The page joins by itself, with a request of its own: what merely looks at addresses joins nothing."""
    try:
        find_link(token)
    except NotFound as refusal:
        return render(request, "link_off.html", {"message": refusal.message}, status=404)
    return _workbench(request, None, join=token)


@require_safe
@ensure_csrf_cookie
def open_conversation(request: HttpRequest, conversation_id: str) -> HttpResponse:
    visible = Conversation.objects.visible_to(request.user.pk).filter(pk=conversation_id)
    conversation = visible.select_related("owner", "base__artifact").first()
    if conversation is None or not isinstance(request.user, User):
        raise Http404
    return _workbench(request, conversation_detail(conversation, request.user))


def _workbench(
    request: HttpRequest,
    conversation: protocol.ConversationDetail | None,
    *,
    join: str | None = None,
    wish: str = "",
) -> HttpResponse:
    user = visitor(request)
    policy = NetworkPolicy.objects.current()
    bootstrap = protocol.Bootstrap(
        user=_user_info(user) if user else None,
        models=[gateway.info(model) for model in Model.objects.usable_by(user)],
        demos=list_demos(),
        conversation=conversation,
        default_system_prompt=default_system_prompt(),
        language=get_language() or settings.LANGUAGE_CODE,
        languages=dict(settings.LANGUAGES),
        network=NetworkRule(policy.rule).value,
        network_hosts=policy.hosts,
        heartbeat=settings.HEARTBEAT,
        join=join,
        wish=wish,
    )
    return render(request, "workbench.html", {"bootstrap": bootstrap.model_dump(mode="json")})


def _offered_wish(request: HttpRequest) -> str:
    if tried := request.GET.get("try"):
        entry = Entry.objects.shown().filter(artifact=tried.replace("\0", "")).first()
        return entry.shown_wish if entry else ""
    return request.GET.get("wish", "").strip()


def _user_info(user: User) -> protocol.UserInfo:
    return protocol.UserInfo(name=user.public_name, is_guest=user.is_guest, is_staff=user.is_staff)


def list_demos() -> list[protocol.DemoInfo]:
    """The reel's clips in the reader's language, each with its finished page."""
    pages = {demo.slug: demo.artifact for demo in Demo.objects.select_related("artifact")}
    language: Language = "zh" if (get_language() or "").startswith("zh") else "en"
    return [
        protocol.DemoInfo(
            slug=clip.slug,
            title=clip.title[language],
            prompt=clip.prompt[language],
            url=public_url(pages[clip.slug].get_absolute_url()) if clip.slug in pages else None,
        )
        for clip in load_clips()
    ]
