"""A playground as its operator sees it: logs, metrics, readiness, usage, a backup while an answer is written."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.stack import Stack, start_stack
from tests.e2e.test_people import check_accessibility
from tests.e2e.workbench import make_wish, wait_for_version
from tests.upstream import Upstream

SETUP = """
from playground.accounts.models import User
from playground.gateway.models import Endpoint, Model
User.objects.create_superuser("admin@example.com", "correct horse 7")
endpoint = Endpoint.objects.create(name="Server", base_url="{url}")
prices = {{"price_input": 2, "price_output": 10}}
Model.objects.create(endpoint=endpoint, name="good", model_id="good", is_default=True, **prices)
"""
LIMITS = {"PLAYGROUND_GUEST_RUNS_PER_DAY": "3", "PLAYGROUND_LOG_FORMAT": "json", "LOG_LEVEL": "INFO"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, upstream: Upstream) -> Iterator[Stack]:
    running = start_stack(tmp_path_factory.mktemp("office"), **LIMITS)
    running.manage("shell", "-c", SETUP.format(url=upstream.base_url))
    yield running
    running.stop()


def test_a_guest_uses_up_the_day_and_the_operator_sees_it(
    page: Page, office: Stack, browser: Browser, tmp_path: Path
) -> None:
    page.goto(f"{office.url}/new")
    for number in (1, 2, 3):
        make_wish(page, "my secret wish")
        wait_for_version(page, number)
    make_wish(page, "one too many")
    expect(page.get_by_text("3 answers a day are possible. Sign up to go on")).to_be_visible()
    page.get_by_role("button", name="You: Guest").click()
    page.get_by_role("link", name="Usage").click()
    expect(page.get_by_role("meter", name="Answers")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^good 3 "))).to_be_visible()
    check_accessibility(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    metrics = page.request.get(f"{office.url}/metrics").text()
    assert 'playground_runs_total{kind="chat",status="finished"} 3.0' in metrics
    assert "playground_run_first_token_seconds_count 3.0" in metrics
    assert page.request.get(f"{office.url}/readyz").json()["status"] == "ok"

    text = (office.data / "logs" / "web.log").read_text()
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    ends = [line for line in lines if line["message"].startswith("run ends: finished")]
    assert len({line["run"] for line in ends}) == 3
    assert "secret wish" not in text

    assert "Keep it secret." in office.manage("backup", str(tmp_path / "backup.tar"))
    assert "is whole" in office.manage("verify_backup", str(tmp_path / "backup.tar"))

    admin = browser.new_context(locale="en-US").new_page()
    look_as_admin(admin, office)
    admin.context.close()


def look_as_admin(page: Page, office: Stack) -> None:
    page.goto(f"{office.url}/admin/")
    page.get_by_label("E-mail address").fill("admin@example.com")
    page.get_by_label("Password").fill("correct horse 7")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Usage and cost").first.click()
    expect(page.get_by_role("row", name=re.compile("^Together"))).to_be_visible()
    page.get_by_label("By").select_option("model")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("row", name=re.compile("^good"))).to_be_visible()
    page.goto(f"{office.url}/admin/")
    page.get_by_role("link", name="Audit log").first.click()
    expect(page.get_by_text("signed in")).to_be_visible()
