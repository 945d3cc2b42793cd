"""What admins do is kept: who, when, from where, what changed. Nobody changes it afterwards."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client

from playground.accounts.models import ApiToken, AuditEntry, User
from playground.artifacts.services import create_artifact
from playground.gateway.models import Endpoint
from tests.conftest import connect_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client, admin: User) -> Client:
    client.force_login(admin)
    AuditEntry.objects.all().delete()
    return client


def latest() -> AuditEntry:
    return AuditEntry.objects.all()[0]


def test_a_changed_endpoint_tells_what_was_changed_but_no_key(office: Client, admin: User) -> None:
    endpoint = connect_model("http://localhost:1/v1").endpoint
    form = {"name": "Renamed", "base_url": "http://localhost:1/v1", "api_key": "sk-new-secret-key", "is_enabled": "on"}
    form |= {"models-TOTAL_FORMS": "0", "models-INITIAL_FORMS": "0"}
    answer = office.post(f"/admin/gateway/endpoint/{endpoint.pk}/change/", form, REMOTE_ADDR="10.0.0.7")
    assert answer.status_code == 302
    entry = latest()
    assert (entry.actor, entry.actor_name, entry.address) == (admin, "admin@example.com", "10.0.0.7")
    assert entry.action == f"/admin/gateway/endpoint/{endpoint.pk}/change/"
    (change,) = entry.changes
    assert (change["what"], change["kind"], change["name"]) == ("changed", "endpoint", "Renamed")
    assert change["fields"] == {"name": ["Test server", "Renamed"], "secret": ["…", "(changed)"]}
    stored = Endpoint.objects.get().secret
    page = office.get(f"/admin/accounts/auditentry/{entry.pk}/change/").content.decode()
    assert "Test server → Renamed" in page
    assert "sk-new-secret-key" not in page
    assert stored not in page


def test_a_person_who_is_blocked_and_joins_a_group(office: Client, alice: User) -> None:
    group = Group.objects.create(name="testers")
    form = {"email": alice.email, "groups": [str(group.pk)], "runs_per_day": "7"}
    assert office.post(f"/admin/accounts/user/{alice.pk}/change/", form).status_code == 302
    fields = {name: values for change in latest().changes for name, values in change["fields"].items()}
    assert fields == {"is_active": [True, False], "runs_per_day": [None, 7], "groups": ["add", [str(group.pk)]]}


def test_what_is_deleted_in_bulk_is_named(office: Client, alice: User) -> None:
    ids = [
        create_artifact(owner=alice, title=title, files={"index.html": b"x"}).artifact_id for title in ("One", "Two")
    ]
    form = {"action": "delete_selected", "_selected_action": ids, "post": "yes"}
    assert office.post("/admin/artifacts/artifact/", form).status_code == 302
    entry = latest()
    assert entry.action.startswith("/admin/artifacts/artifact/: delete_selected")
    deleted = {change["name"] for change in entry.changes if change["kind"] == "artifact"}
    assert deleted == {"One", "Two"}


def test_looking_and_mistakes_are_no_entries_and_refusals_are(office: Client, bob: User) -> None:
    office.get("/admin/gateway/model/")
    office.post("/admin/gateway/endpoint/add/", {"name": ""})
    assert not AuditEntry.objects.exists()
    bob.is_staff = True
    bob.save()
    visitor = Client()
    visitor.force_login(bob)
    assert visitor.post("/admin/gateway/endpoint/add/", {"name": "x"}).status_code == 403
    assert (latest().actor_name, latest().action) == ("bob@example.com", "/admin/gateway/endpoint/add/ (refused)")


def test_api_tokens_and_staff_signing_in(client: Client, admin: User, alice: User) -> None:
    client.force_login(alice)
    assert not AuditEntry.objects.exists()
    client.post("/settings/tokens", {"name": "laptop"}, REMOTE_ADDR="10.0.0.8")
    entry, token = latest(), ApiToken.objects.get()
    assert (entry.actor, entry.address, entry.action) == (alice, "10.0.0.8", "/settings/tokens")
    assert entry.changes[0]["name"] == str(token)
    assert token.digest not in str(entry.changes)
    client.post(f"/settings/tokens/{token.pk}/delete")
    assert latest().changes[0]["what"] == "deleted"
    call_command("create_token", alice.email)
    assert (latest().actor, latest().actor_name, latest().action) == (None, "command line", "made an API token")
    client.force_login(admin)
    assert (latest().actor, latest().action) == (admin, "signed in")


def test_only_superusers_read_it_and_nobody_changes_it(office: Client, bob: User, admin: User) -> None:
    entry = AuditEntry.objects.create(actor=admin, actor_name="a", action="<b>x</b>")
    assert "&lt;b&gt;x&lt;/b&gt;" in office.get("/admin/accounts/auditentry/").content.decode()
    for path in ("add/", f"{entry.pk}/delete/"):
        assert office.post(f"/admin/accounts/auditentry/{path}", {"post": "yes"}).status_code == 403
    office.post(f"/admin/accounts/auditentry/{entry.pk}/change/", {"action": "changed"})
    entry.refresh_from_db()
    assert entry.action == "<b>x</b>"
    bob.is_staff = True
    bob.save()
    visitor = Client()
    visitor.force_login(bob)
    assert visitor.get("/admin/accounts/auditentry/").status_code == 403
    assert "auditentry" not in visitor.get("/admin/").content.decode()


def test_an_entry_outlives_its_author(office: Client, admin: User) -> None:
    AuditEntry.objects.create(actor=admin, actor_name="admin@example.com", action="x")
    admin.delete()
    assert (latest().actor, latest().actor_name) == (None, "admin@example.com")
