"""Who is told what, how often it is tried, and which addresses are never called. Killed workers: tests/e2e."""

import asyncio
import base64
import hashlib
import hmac
import json
import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_network
from typing import Any

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.utils import timezone

from playground.accounts.models import User
from playground.artifacts.models import Version, Visibility
from playground.artifacts.services import Origin, add_version, create_artifact
from playground.errors import BadInput
from playground.webhooks import services
from playground.webhooks.models import Delivery, Event, State, Webhook
from playground.webhooks.network import is_permitted
from playground.webhooks.sending import Message, Outcome, send
from playground.webhooks.tasks import deliver, tell_submission

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = {"index.html": b"<p>"}
LOOPBACK = override_settings(WEBHOOK_NETWORKS=[ip_network("127.0.0.0/8")])


def listen(user: User, *events: str, url: str = "https://example.com/hook", **fields: Any) -> Webhook:
    return services.add_webhook(user=user, url=url, events=events or Event.values, **fields)[0]


def publish(owner: User, visibility: str = Visibility.PUBLIC) -> Version:
    return create_artifact(owner=owner, title="Page", files=PAGE, visibility=visibility)


def told(webhook: Webhook) -> list[dict[str, Any]]:
    return [json.loads(delivery.body) for delivery in webhook.deliveries.order_by("created_at")]


class Receiver(socketserver.ThreadingTCPServer):
    """An address on loopback that answers what the test says, and keeps what it was sent."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 204
        self.location = ""
        self.received: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_each_public_version_is_told_and_nothing_else(alice: User) -> None:
    webhook = listen(alice)
    hidden = publish(alice, Visibility.LINK)
    publish(alice, Visibility.PRIVATE)
    assert told(webhook) == []
    version = publish(alice)
    add_version(artifact=version.artifact, author=alice, files=PAGE, origin=Origin(parent=version))
    client = Client()
    client.force_login(alice)
    for _twice in range(2):
        client.patch(f"/api/artifacts/{hidden.artifact_id}", {"visibility": "public"}, content_type="application/json")
    bodies = told(webhook)
    assert [body["type"] for body in bodies] == ["artifact.published"] * 3
    assert [(body["data"]["artifact"], body["data"]["version"]) for body in bodies] == [
        (version.artifact_id, 1),
        (version.artifact_id, 2),
        (hidden.artifact_id, 1),
    ]
    assert bodies[0]["data"]["permalink"].endswith(f"/a/{version.artifact_id}")
    assert "alice@example.com" not in json.dumps(bodies)


def test_only_who_asked_is_told_and_of_others_only_staff(alice: User, bob: User, admin: User) -> None:
    own, other, all_of_it = listen(alice, Event.SUBMITTED), listen(bob), listen(admin, hears_all=True)
    pretending = listen(bob, hears_all=True)
    version = publish(alice)
    tell_submission(version.artifact)
    assert [body["type"] for body in told(own)] == ["gallery.submitted"]
    assert told(other) == told(pretending) == []
    assert len(told(all_of_it)) == 2
    User.objects.filter(pk=admin.pk).update(is_staff=False)
    tell_submission(version.artifact)
    assert len(told(all_of_it)) == 2


@LOOPBACK
def test_it_is_signed_as_the_standard_says(alice: User, receiver: Receiver) -> None:
    webhook, secret = services.add_webhook(user=alice, url=receiver.url, events=Event.values)
    assert secret not in webhook.secret
    publish(alice)
    deliver()
    ((headers, body),) = receiver.received
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.pk) == (State.DELIVERED, 204, headers["webhook-id"])


@LOOPBACK
def test_what_fails_is_tried_again_later_with_the_same_message(alice: User, receiver: Receiver) -> None:
    listen(alice, url=receiver.url)
    publish(alice)
    receiver.status = 500
    deliver()
    deliver()
    assert len(receiver.received) == 1  # the pause is not over
    Delivery.objects.update(due_at=timezone.now())
    receiver.status = 200
    deliver()
    first, second = receiver.received
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert first[1] == second[1]
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == (State.DELIVERED, 2)


@LOOPBACK
def test_a_redirect_is_not_followed(alice: User, receiver: Receiver) -> None:
    listen(alice, url=receiver.url)
    receiver.status, receiver.location = 302, receiver.url
    publish(alice)
    deliver()
    assert len(receiver.received) == 1
    assert Delivery.objects.get().fault == "redirect"


def test_a_killed_worker_gives_its_attempt_back(alice: User) -> None:
    listen(alice)
    publish(alice)
    (taken,) = services.claim_due()
    assert services.claim_due() == []
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    (again,) = services.claim_due()
    assert again[0].attempts == 2
    services.finish(taken[0], Outcome(500, "status"))  # what it says now counts no more
    assert Delivery.objects.get().fault == ""
    services.finish(again[0], Outcome(200, ""))
    assert Delivery.objects.get().state == State.DELIVERED


def fail(webhook: Webhook, fault: str = "status") -> bool:
    """The last attempt at a delivery."""
    delivery = webhook.deliveries.filter(state=State.WAITING).latest("created_at")
    delivery.attempts = len(services.PAUSES) + 1
    delivery.save()
    return services.finish(delivery, Outcome(None, fault))


def test_it_is_turned_off_where_nothing_arrives_for_days_and_its_owner_is_told(alice: User) -> None:
    webhook = listen(alice)
    publish(alice)
    publish(alice)
    Webhook.objects.update(succeeded_at=timezone.now())
    assert not fail(webhook)  # something has arrived since
    Webhook.objects.update(succeeded_at=None)
    assert fail(webhook)
    webhook.refresh_from_db()
    assert not webhook.is_enabled
    publish(alice)
    assert not webhook.deliveries.filter(state=State.WAITING).exists()
    client = Client()
    client.force_login(alice)
    page = client.get("/settings/").content.decode()
    assert "Turned off:" in page
    client.post(f"/settings/webhooks/{webhook.pk}/on")
    webhook.refresh_from_db()
    assert webhook.is_enabled


@LOOPBACK
def test_who_wants_no_more_gets_no_more_and_an_email_says_so(alice: User, receiver: Receiver) -> None:
    webhook = listen(alice, url=receiver.url)
    receiver.status = 410
    publish(alice)
    deliver()
    webhook.refresh_from_db()
    assert not webhook.is_enabled
    (letter,) = mail.outbox
    assert letter.to == ["alice@example.com"]
    assert receiver.url in letter.body


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1"),
        *("224.0.0.1", "255.255.255.255", "nonsense"),
    ],
)
def test_no_address_within_is_called(address: str) -> None:
    assert not is_permitted(address, is_secure=True)


def test_public_addresses_are_called_by_https_alone() -> None:
    assert is_permitted("93.184.215.14", is_secure=True)
    assert is_permitted("2606:2800:21f:cb07:6820:80da:af6b:8b2c", is_secure=True)
    assert not is_permitted("93.184.215.14", is_secure=False)
    with LOOPBACK:
        assert is_permitted("127.0.0.1", is_secure=False)
        assert not is_permitted("10.0.0.1", is_secure=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
def test_a_name_that_leads_within_is_refused_when_it_is_called(receiver: Receiver, host: str) -> None:
    secret = "whsec_" + base64.b64encode(b"k" * 32).decode()
    url = receiver.url.replace("127.0.0.1", host)
    outcome = asyncio.run(send(Message("msg_1", url, secret, "{}")))
    assert outcome.fault in ("forbidden", "connection")
    assert receiver.received == []


@pytest.mark.parametrize(
    "url",
    [
        *("", "example.com", "http://example.com/", "ftp://example.com/", "https://", "https://a b.com/"),
        *("https://user:pass@example.com/", "https://example.com:0/", f"https://example.com/{'x' * 500}"),
    ],
)
def test_an_address_that_is_none_is_refused(alice: User, url: str) -> None:
    with pytest.raises(BadInput):
        listen(alice, url=url)


def test_the_settings_page_shows_the_secret_once_and_nobody_reaches_anothers(alice: User, bob: User) -> None:
    client = Client()
    client.force_login(alice)
    client.post("/settings/webhooks", {"url": "https://hooks.example.net/", "events": [Event.PUBLISHED]})
    first, second = (client.get("/settings/").content.decode() for _ in range(2))
    assert "whsec_" in first
    assert "whsec_" not in second
    webhook = Webhook.objects.get()
    stranger = Client()
    stranger.force_login(bob)
    for verb in ("test", "on", "delete"):
        assert stranger.post(f"/settings/webhooks/{webhook.pk}/{verb}").status_code == 404
    assert "hooks.example.net" not in stranger.get("/settings/").content.decode()
    client.post(f"/settings/webhooks/{webhook.pk}/test")
    assert told(webhook)[0]["type"] == "webhook.test"
    client.post(f"/settings/webhooks/{webhook.pk}/delete")
    assert not Webhook.objects.exists()
    assert not Delivery.objects.exists()


def test_there_are_not_too_many_and_each_is_told_something(alice: User) -> None:
    for _each in range(services.MOST):
        listen(alice)
    with pytest.raises(BadInput, match="At most"):
        listen(alice)
    Webhook.objects.all().delete()
    with pytest.raises(BadInput, match="Choose"):
        services.add_webhook(user=alice, url="https://example.com/", events=["nonsense"][:0])
