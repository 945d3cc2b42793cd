from ninja import Router

from playground.accounts.api_auth import ApiRequest, visitor
from playground.gateway.models import Model
from playground.gateway.services import info
from playground.protocol import ModelInfo

router = Router(tags=["models"])


@router.get("/models", response=list[ModelInfo])
def list_models(request: ApiRequest) -> list[ModelInfo]:
    """The models that you may use, the default first."""
    user = visitor(request)
    return [info(model) for model in Model.objects.usable_by(user)]
