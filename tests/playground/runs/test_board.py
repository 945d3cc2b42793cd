"""The race board: which votes count, and how the admin sees them."""

import csv
from io import StringIO

import pytest
from django.test import Client

from playground.accounts.models import User
from playground.gateway.models import Endpoint, Model, Source
from playground.runs.board import Row, list_rows
from playground.runs.models import Conversation, Race, Run

pytestmark = pytest.mark.django_db(transaction=True)

BOARD = "/admin/runs/race/"


@pytest.fixture
def models() -> dict[str, Model]:
    endpoint = Endpoint.objects.create(name="Lab", base_url="http://localhost:1/v1")
    reel = Endpoint.objects.create(name="Reel", base_url="http://localhost:2/v1", source=Source.DEMO_REEL)
    made = {
        name: Model.objects.create(endpoint=endpoint, name=name, model_id=name) for name in ("one", "two", "=three")
    }
    return made | {"reel": Model.objects.create(endpoint=reel, name="reel", model_id="reel")}


@pytest.fixture
def voted(alice: User, models: dict[str, Model]):  # type: ignore[no-untyped-def]  # a function
    def make(verdict: str, *lanes: str, best: str = "", unfinished: str = "", is_blind: bool = True) -> Race:
        conversation = Conversation.objects.create(owner=alice, title="wish")
        race = Race.objects.create(conversation=conversation, is_blind=is_blind, verdict=verdict)
        for number, name in enumerate(lanes):
            status = "cancelled" if name == unfinished else "finished"
            fields = {"prompt": "", "model": models[name], "model_name": name, "status": status}
            run = Run.objects.create(conversation=conversation, race=race, lane=number, **fields)
            if name == best:
                race.best = run
        race.save()
        return race

    return make


def rows() -> dict[str, Row]:
    return {row.name: row for row in list_rows()}


def test_no_votes() -> None:
    assert list_rows() == []


def test_the_best_has_won_against_each_other(voted) -> None:  # type: ignore[no-untyped-def]
    voted("best", "one", "two", "=three", best="two")
    assert list_rows()[0].name == "two"
    assert (rows()["two"].wins, rows()["two"].games, rows()["two"].win_rate) == (2, 2, 1)
    assert (rows()["one"].wins, rows()["one"].games, rows()["one"].votes) == (0, 1, 1)


def test_ties_are_halves_and_all_bad_is_counted_beside(voted) -> None:  # type: ignore[no-untyped-def]
    voted("tie", "one", "two")
    voted("bad", "one", "two", "=three")
    assert (rows()["one"].wins, rows()["one"].games, rows()["one"].win_rate) == (0.5, 1, 0.5)
    assert (rows()["one"].votes, rows()["one"].all_bad) == (2, 1)
    assert rows()["=three"].strength is None


def test_what_is_left_out(voted) -> None:  # type: ignore[no-untyped-def]
    voted("best", "one", "two", best="one", is_blind=False)
    voted("", "one", "two")
    voted("best", "one", "reel", best="one")  # no model ran
    voted("best", "one", "two", "reel", best="reel")
    voted("best", "one", "two", best="one", unfinished="two")
    assert list_rows() == []
    voted("best", "one", "two", "reel", best="one")
    assert set(rows()) == {"one", "two"}


def test_a_renamed_model_is_the_same_and_a_deleted_one_keeps_its_name(voted, models) -> None:  # type: ignore[no-untyped-def]
    voted("best", "one", "two", best="one")
    Model.objects.filter(pk=models["one"].pk).update(name="uno")
    models["two"].delete()
    assert set(rows()) == {"uno", "two"}


def test_staff_see_the_board_and_download_it(voted, admin: User, alice: User) -> None:  # type: ignore[no-untyped-def]
    client = Client()
    client.force_login(admin)
    assert "Nobody has voted yet" in client.get(BOARD).content.decode()
    voted("best", "one", "=three", best="=three")
    race = voted("bad", "one", "=three")
    page = client.get(BOARD).content.decode()
    assert "=three" in page
    assert "Race board" in client.get("/admin/").content.decode()
    table = list(csv.DictReader(StringIO(client.get(f"{BOARD}board.csv").content.decode())))
    assert [(row["model"], row["votes"], row["win_rate"], row["all_bad"]) for row in table] == [
        ("'=three", "2", "1.0000", "1"),
        ("one", "2", "0.0000", "1"),
    ]
    assert float(table[0]["low"]) < float(table[0]["strength"]) < float(table[0]["high"])
    assert client.get(f"{BOARD}{race.pk}/change/").status_code == 403
    assert client.get(f"{BOARD}add/").status_code == 403
    staff = User.objects.create_user("staff@example.com", "correct horse", is_staff=True)
    client.force_login(staff)
    assert client.get(BOARD).status_code == 200
    client.force_login(alice)
    for path in (BOARD, f"{BOARD}board.csv"):
        assert client.get(path).status_code == 302
