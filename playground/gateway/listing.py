"""Which models an endpoint says it has, and how large their windows are where it says that, too."""

from pydantic import BaseModel

from playground.gateway.models import Endpoint

TIMEOUT = 10  # seconds


class Listed(BaseModel):
    """The window is in tokens: vLLM and SGLang call it `max_model_len`, OpenRouter and others `context_length`."""

    id: str
    max_model_len: int | None = None
    context_length: int | None = None

    @property
    def window(self) -> int | None:
        return self.max_model_len or self.context_length


class _Listing(BaseModel):
    data: list[Listed]


def list_models(endpoint: Endpoint, timeout: float = TIMEOUT) -> list[Listed]:
    """Asks the endpoint. Raises ProviderError, which says what is wrong with its address, its key or the server."""
    # The client takes a second to load, and most processes never need it.
    from openai import NotFoundError, OpenAI, OpenAIError  # noqa: PLC0415

    from agents.llm.failures import Failures  # noqa: PLC0415

    key = endpoint.api_key
    failures = Failures(endpoint.base_url, key)
    if not (key.isascii() and key.isprintable()):
        raise failures.unusable_key()
    try:
        with OpenAI(base_url=endpoint.base_url, api_key=key or "none", timeout=timeout, max_retries=0) as client:
            answer = client.get("/models", cast_to=object)
        return _Listing.model_validate(answer).data
    except (NotFoundError, ValueError) as error:  # ValueError: no JSON, or not a list of models
        raise failures.not_a_model() from error
    except OpenAIError as error:
        raise failures.explain(error, "") from error


def take_windows(endpoint: Endpoint, listed: list[Listed]) -> int:
    """Set the windows of the endpoint's models to what it says of them. Returns how many were set."""
    windows = {entry.id: entry.window for entry in listed if entry.window}
    return sum(
        endpoint.models.filter(model_id=model_id).update(context_window=window) for model_id, window in windows.items()
    )
