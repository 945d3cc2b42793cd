import pytest
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django.fixtures import Settings

from playground.accounts.models import User
from playground.errors import PlaygroundError
from playground.gateway.environment import sync_environment
from playground.gateway.models import Audience, Endpoint, Model
from playground.gateway.services import choose, cost
from playground.protocol import Usage
from tests.conftest import connect_model
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db


def default() -> Model:
    return Model.objects.usable_by(None)[0]


def test_dashscope_alone_is_enough(settings: Settings) -> None:
    settings.DASHSCOPE_API_KEY = "sk-dash"
    assert sync_environment() is None
    model = default()
    assert model.model_id == "qwen3-coder-plus"
    assert model.endpoint.base_url == "https://dashscope.aliyuncs.com/compatible-mode/v1"
    assert model.endpoint.api_key == "sk-dash"
    assert model.endpoint.secret == ""
    assert model.context_window == 1_000_000


def test_any_server_by_three_variables(settings: Settings) -> None:
    settings.OPENAI_BASE_URL, settings.OPENAI_MODEL = "http://localhost:8001/v1", "qwen3-coder"
    sync_environment()
    assert default().model_id == "qwen3-coder"


@pytest.mark.parametrize(("said", "window"), [(1_048_576, 1_048_576), (None, 131_072)])
def test_the_endpoint_says_how_large_the_window_is(
    settings: Settings, upstream: Upstream, said: int | None, window: int
) -> None:
    settings.OPENAI_BASE_URL, settings.OPENAI_MODEL = upstream.base_url, "good"
    upstream.window = said
    sync_environment()
    upstream.window = None
    assert default().context_window == window


def test_a_missing_model_is_said(settings: Settings) -> None:
    settings.OPENAI_API_KEY = "sk"
    complaint = sync_environment()
    assert complaint
    assert "OPENAI_MODEL" in complaint


def test_the_reel_is_the_default_only_without_a_model(settings: Settings) -> None:
    settings.DEMO_REEL_URL = "http://127.0.0.1:1/v1"
    sync_environment()
    assert default().is_demo
    settings.DASHSCOPE_API_KEY = "sk-dash"
    sync_environment()
    assert not default().is_demo
    settings.DASHSCOPE_API_KEY = ""
    sync_environment()
    assert default().is_demo
    assert Endpoint.objects.count() == 2


def test_what_an_admin_changed_stays(settings: Settings) -> None:
    settings.DASHSCOPE_API_KEY = "sk-dash"
    sync_environment()
    Model.objects.update(audience=Audience.STAFF, output_limit=100)
    sync_environment()
    model = Model.objects.get()
    assert (model.audience, model.output_limit) == (Audience.STAFF, 100)


def test_who_may_use_what(guest: User, alice: User, bob: User, admin: User) -> None:
    for audience in Audience.values:
        connect_model("http://localhost/v1", audience, audience=audience)
    team = Group.objects.create(name="team")
    alice.groups.add(team)
    connect_model("http://localhost/v1", "team").groups.add(team)
    everybody: list[tuple[User | None, set[str]]] = [
        (None, {"everyone"}),
        (guest, {"everyone"}),
        (bob, {"everyone", "members"}),
        (alice, {"everyone", "members", "team"}),
        (admin, {"everyone", "members", "staff", "team"}),
    ]
    for user, names in everybody:
        assert {model.name for model in Model.objects.usable_by(user)} == names
    with pytest.raises(PlaygroundError, match="There is no model"):
        choose(bob, "team")


def test_without_a_model_it_says_what_to_do() -> None:
    with pytest.raises(PlaygroundError, match="OPENAI_API_KEY"):
        choose(None, None)


def test_keys_are_encrypted_and_never_shown(admin: User) -> None:
    model = connect_model("http://localhost/v1")
    assert "sk-secret-key" not in model.endpoint.secret
    assert model.endpoint.api_key == "sk-secret-key"
    client = Client()
    client.force_login(admin)
    page = client.get(f"/admin/gateway/endpoint/{model.endpoint.pk}/change/").content.decode()
    assert "sk-secret-key" not in page
    assert model.endpoint.secret not in page


def test_an_admin_adds_an_endpoint_and_keeps_its_key(admin: User, upstream: Upstream) -> None:
    client = Client()
    client.force_login(admin)
    inline = {"models-TOTAL_FORMS": "0", "models-INITIAL_FORMS": "0"}
    form = {"name": "Lab", "base_url": upstream.base_url, "api_key": "sk-lab", "is_enabled": "on", **inline}
    client.post("/admin/gateway/endpoint/add/", form)
    endpoint = Endpoint.objects.get()
    assert endpoint.api_key == "sk-lab"
    client.post(f"/admin/gateway/endpoint/{endpoint.pk}/change/", form | {"api_key": "", "name": "Laboratory"})
    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.api_key) == ("Laboratory", "sk-lab")
    action = {"action": "ask_for_models", "_selected_action": str(endpoint.pk)}
    answer = client.post("/admin/gateway/endpoint/", action, follow=True)
    assert "endless" in answer.content.decode()


def test_an_address_without_http_is_refused(admin: User) -> None:
    client = Client()
    client.force_login(admin)
    form = {"name": "Lab", "base_url": "file:///etc/passwd", "models-TOTAL_FORMS": "0", "models-INITIAL_FORMS": "0"}
    answer = client.post("/admin/gateway/endpoint/add/", form)
    assert "begins with http" in answer.content.decode()
    assert not Endpoint.objects.exists()


def test_cost() -> None:
    model = connect_model("http://localhost/v1", price_input="1.5", price_output="6")
    model.refresh_from_db()
    price = cost(model, Usage(input_tokens=1_000_000, output_tokens=500_000))
    assert price == 4.5
