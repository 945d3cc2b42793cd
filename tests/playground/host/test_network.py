"""Which hosts a page may reach: the owner names them, the operator may forbid them."""

from typing import Any

import pytest
from django.test import Client

from playground.accounts.models import User
from playground.artifacts.models import Artifact, NetworkPolicy
from playground.artifacts.network import check_hosts
from playground.artifacts.services import create_artifact
from playground.errors import BadInput
from playground.host.network import allowed_hosts
from playground.runs.models import Conversation, Run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def artifact(alice: User) -> Artifact:
    return create_artifact(owner=alice, title="Weather", files={"index.html": b"<p>sun"}).artifact


def allow(user: User, artifact: Artifact, hosts: list[str]) -> Any:
    client = Client()
    client.force_login(user)
    return client.patch(f"/api/artifacts/{artifact.pk}", {"allowed_hosts": hosts}, content_type="application/json")


def policy_of(artifact: Artifact) -> str:
    answer = Client().get("/v/1/", headers={"Host": f"{artifact.pk}.localhost:8000"})
    return f"{answer['Content-Security-Policy']} | {answer['Connection-Allowlist']}"


def test_a_page_reaches_nothing_until_its_owner_allows_it(alice: User, bob: User, artifact: Artifact) -> None:
    assert "https:" not in policy_of(artifact)
    assert allow(bob, artifact, ["api.example.com"]).status_code == 404
    answer = allow(alice, artifact, ["API.example.com", "tiles.example.org:8443"])
    assert answer.json()["allowed_hosts"] == ["api.example.com", "tiles.example.org:8443"]
    policy = policy_of(artifact)
    both = "https://api.example.com https://tiles.example.org:8443"
    assert f"{both} wss://api.example.com wss://tiles.example.org:8443;" in policy
    assert '"https://api.example.com/*" "wss://api.example.com/*"' in policy
    script = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "example" not in script
    assert allow(alice, artifact, []).status_code == 200
    assert "https:" not in policy_of(artifact)


def test_the_operator_restricts_and_forbids(alice: User, artifact: Artifact) -> None:
    allow(alice, artifact, ["a.example.com", "b.example.com"])
    policy = NetworkPolicy.objects.create(rule="listed", hosts=["b.example.com"])
    assert "https://b.example.com" in policy_of(artifact)
    assert "https://a.example.com" not in policy_of(artifact)
    answer = allow(alice, artifact, ["a.example.com"])
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "network_forbidden")
    policy.rule = "nobody"
    policy.save()
    assert "https:" not in policy_of(artifact)
    assert allow(alice, artifact, ["b.example.com"]).status_code == 403
    assert allow(alice, artifact, []).status_code == 200


async def test_a_preview_reaches_what_its_artifact_may(alice: User) -> None:
    artifact = await Artifact.objects.acreate(owner=alice, title="x", allowed_hosts=["api.example.com"])
    conversation = await Conversation.objects.acreate(owner=alice, title="x", artifact=artifact)
    run = await Run.objects.acreate(conversation=conversation, prompt="x", model_name="m")
    assert await allowed_hosts(run.pk) == ["api.example.com"]
    fresh = await Run.objects.acreate(
        conversation=await Conversation.objects.acreate(owner=alice, title="y"), prompt="y", model_name="m"
    )
    assert await allowed_hosts(fresh.pk) == []
    assert await allowed_hosts("nobody") == []


def test_names_in_one_spelling() -> None:
    assert check_hosts([" API.Example.com ", "api.example.com:443", "bücher.example"]) == [
        "api.example.com",
        "xn--bcher-kva.example",
    ]


BAD = ["", "x", "*", "*.example.com", "https://example.com", "example.com/", "example.com; script-src *", "a b.com"]
BAD += ["127.0.0.1", "10.0.0.1:80", "[::1]", "2130706433", "0x7f.1", "1.2.3.4.5", "a..b", "-a.com", "a_b.com"]
BAD += ["example.com:0", "example.com:99999", "example.com:http", "a.com\nb.com", '"a.com', "x" * 64 + ".com"]
OURS = ["localhost", "x.localhost", "printer.local", "db.internal", "1.0.0.127.in-addr.arpa", "localhost.:80"]


@pytest.mark.parametrize("host", BAD + OURS)
def test_what_is_no_public_host(host: str) -> None:
    with pytest.raises(BadInput):
        check_hosts([host])


def test_at_most_twenty(alice: User, artifact: Artifact) -> None:
    assert allow(alice, artifact, [f"h{n}.example.com" for n in range(21)]).status_code == 422


def test_the_admin_sees_the_level_and_sets_the_policy(admin: User) -> None:
    client = Client()
    client.force_login(admin)
    address = client.get("/admin/artifacts/networkpolicy/")["Location"]
    page = client.get(address).content.decode()
    assert "Level 2 of 3" in page
    assert "Password managers" in page
    client.post(address, {"rule": "listed", "hosts": "api.example.com\nb.example.com"})
    assert NetworkPolicy.objects.current().hosts == ["api.example.com", "b.example.com"]
    again = client.post(address, {"rule": "listed", "hosts": "127.0.0.1"})
    assert "no host name" in again.content.decode()
    assert client.get(address).content.decode().count("api.example.com\nb.example.com") == 1


def test_the_workbench_knows_the_policy(alice: User) -> None:
    NetworkPolicy.objects.create(rule="listed", hosts=["b.example.com"])
    page = Client().get("/new").content.decode()
    assert '"network": "listed", "network_hosts": ["b.example.com"]' in page
