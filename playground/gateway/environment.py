"""The endpoints that the environment describes, as rows like all others: a person's choice and a run can refer to them.

What an admin changed on the models (prices, audience, window, further ones) stays. When the variables go, the endpoint
is disabled.
"""

import contextlib
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from agents.errors import ProviderError
from playground.gateway.listing import list_models, take_windows
from playground.gateway.models import Endpoint, Model, Source, is_web_address
from playground.gateway.secrets import is_dashscope

OPENAI_BASE_URL = "https://api.openai.com/v1"
DEMO_REEL_MODEL = "demo-reel"
PATIENCE = 3.0  # seconds that the endpoint has to say how large its window is
BEHIND_ALL = 1_000  # position of the Demo reel: who may not use the default gets another model first

# Windows and output limits in tokens, of the models that the playground is made for.
_LIMITS = {
    "qwen3-coder-plus": (1_000_000, 65_536),
    "qwen3-coder-flash": (1_000_000, 65_536),
    "qwen3-coder-480b-a35b-instruct": (262_144, 65_536),
    "qwen3-coder-30b-a3b-instruct": (262_144, 65_536),
}


@dataclass(frozen=True, slots=True)
class Described:
    name: str
    base_url: str
    model_id: str


def sync_environment() -> str | None:
    """Bring the rows in line with the environment. Returns a sentence for the operator where something is missing."""
    described, complaint = describe_environment()
    with transaction.atomic():
        new = _sync(Source.ENVIRONMENT, described)
        _sync(Source.DEMO_REEL, _describe_reel())
        _choose_default()
    if new and not is_dashscope(new.endpoint.base_url):  # which does not say
        _learn_window(new)
    return complaint


def describe_environment() -> tuple[Described | None, str | None]:
    """The endpoint that the variables describe, or what is missing."""
    if settings.OPENAI_API_KEY or settings.OPENAI_BASE_URL:
        base_url = settings.OPENAI_BASE_URL or OPENAI_BASE_URL
        if not is_web_address(base_url):
            return None, "OPENAI_BASE_URL must be an address such as http://localhost:8001/v1."
        model = settings.OPENAI_MODEL or (settings.DASHSCOPE_MODEL if is_dashscope(base_url) else "")
        if not model:
            return None, f"Set OPENAI_MODEL to the model that {base_url} is to be asked for."
        return Described(model, base_url, model), None
    if settings.DASHSCOPE_API_KEY:
        model = settings.OPENAI_MODEL or settings.DASHSCOPE_MODEL
        return Described(model, settings.DASHSCOPE_BASE_URL, model), None
    return None, None


def _describe_reel() -> Described | None:
    if not settings.DEMO_REEL_URL:
        return None
    return Described("Demo reel", settings.DEMO_REEL_URL, DEMO_REEL_MODEL)


def _learn_window(model: Model) -> None:
    """Once, when the model is new: the endpoint knows best. Where it does not answer, our own table has to do."""
    with contextlib.suppress(ProviderError):
        take_windows(model.endpoint, list_models(model.endpoint, PATIENCE))


def _sync(source: Source, described: Described | None) -> Model | None:
    """The model, if it is new."""
    if described is None:
        Endpoint.objects.filter(source=source).update(is_enabled=False)
        return None
    is_new = not Endpoint.objects.filter(source=source, name=described.name).exists()
    values = {"name": described.name, "base_url": described.base_url, "is_enabled": True}
    endpoint, _ = Endpoint.objects.update_or_create(source=source, defaults=values)
    window, limit = _LIMITS.get(described.model_id.rpartition("/")[2].lower(), (131_072, 32_768))
    model, is_new_model = Model.objects.get_or_create(
        endpoint=endpoint,
        model_id=described.model_id,
        defaults={
            "name": described.name,
            "context_window": window,
            "output_limit": limit,
            "position": BEHIND_ALL if source == Source.DEMO_REEL else 0,
        },
    )
    if is_new:  # of an unchanged one, an admin may have switched models off and on
        endpoint.models.exclude(pk=model.pk).update(is_enabled=False, is_default=False)
        endpoint.models.filter(pk=model.pk).update(is_enabled=True)
    return model if is_new_model else None


def _choose_default() -> None:
    """The environment's model, unless an admin has chosen one of theirs; without either, the Demo reel."""
    chosen = Model.objects.enabled().filter(is_default=True).exclude(endpoint__source=Source.DEMO_REEL).first()
    if chosen:
        return
    Model.objects.update(is_default=False)
    for source in (Source.ENVIRONMENT, Source.DEMO_REEL):
        if model := Model.objects.enabled().filter(endpoint__source=source).first():
            Model.objects.filter(pk=model.pk).update(is_default=True)
            return
