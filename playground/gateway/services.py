import asyncio
from datetime import datetime
from decimal import Decimal
from weakref import WeakKeyDictionary

from django.utils.translation import gettext as _

from agents.llm.types import Provider
from playground.accounts.models import User
from playground.errors import BadInput, PlaygroundError
from playground.gateway.models import Model
from playground.protocol import ModelInfo, Usage

type Providers = dict[tuple[int, datetime], Provider]
_providers: WeakKeyDictionary[asyncio.AbstractEventLoop, Providers] = WeakKeyDictionary()

MILLION = 1_000_000


def choose(user: User | None, wanted: int | str | None) -> Model:
    """The wanted model (our id, the endpoint's model id, or a name), else the default. Raises PlaygroundError."""
    usable = list(Model.objects.usable_by(user))
    if not usable:
        raise PlaygroundError("no_model", _why_none(), status=503)
    if wanted is None:
        return usable[0]
    for model in usable:
        if wanted in (model.pk, str(model.pk), model.model_id, model.name):
            return model
    raise BadInput("model_missing", _("There is no model “%(name)s” that you may use.") % {"name": wanted})


def _why_none() -> str:
    if Model.objects.enabled().exists():
        return _("No model is open to you here. Sign in with an account that may use one.")
    return _("No model is connected. Set OPENAI_API_KEY and start again, or add an endpoint in the admin.")


def provider_for(model: Model) -> Provider:
    """The client of the model's endpoint. Kept, so that its connections are used again, until the endpoint changes.

    Call it on the loop that will use it.
    """
    from agents.llm.openai_compatible import OpenAICompatible  # noqa: PLC0415 - see `listing.list_models`

    endpoint = model.endpoint
    providers = _providers.setdefault(asyncio.get_running_loop(), {})
    key = (endpoint.pk, endpoint.updated_at)
    if key not in providers:
        providers[key] = OpenAICompatible(base_url=endpoint.base_url, api_key=endpoint.api_key)
    return providers[key]


def cost(model: Model, usage: Usage) -> Decimal | None:
    """In the currency that the admin entered the prices in; None without prices."""
    if model.price_input is None or model.price_output is None:
        return None
    return (model.price_input * usage.input_tokens + model.price_output * usage.output_tokens) / MILLION


def info(model: Model) -> ModelInfo:
    return ModelInfo(
        id=model.pk,
        name=model.name,
        model_id=model.model_id,
        endpoint=model.endpoint.name,
        is_default=model.is_default,
        is_demo=model.is_demo,
        sees_images=model.sees_images,
        context_window=model.context_window,
        output_limit=model.output_limit,
        price_input=None if model.price_input is None else float(model.price_input),
        price_output=None if model.price_output is None else float(model.price_output),
    )
