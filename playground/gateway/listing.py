"""Which models an endpoint says it has."""

from openai import NotFoundError, OpenAI, OpenAIError
from pydantic import BaseModel

from agents.llm.failures import Failures
from playground.gateway.models import Endpoint

TIMEOUT = 10  # seconds


class _Entry(BaseModel):
    id: str


class _Listing(BaseModel):
    data: list[_Entry]


def list_models(endpoint: Endpoint) -> list[str]:
    """Asks the endpoint. Raises ProviderError, which says what is wrong with its address, its key or the server."""
    key = endpoint.api_key
    failures = Failures(endpoint.base_url, key)
    if not (key.isascii() and key.isprintable()):
        raise failures.unusable_key()
    try:
        with OpenAI(base_url=endpoint.base_url, api_key=key or "none", timeout=TIMEOUT, max_retries=0) as client:
            answer = client.get("/models", cast_to=object)
        return [entry.id for entry in _Listing.model_validate(answer).data]
    except (NotFoundError, ValueError) as error:  # ValueError: no JSON, or not a list of models
        raise failures.not_a_model() from error
    except OpenAIError as error:
        raise failures.explain(error, "") from error
