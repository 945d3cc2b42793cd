import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from agents.browser import find_chromium
from agents.browser.chromium import DISABLE_FEATURES
from tests.behaviours import BEHAVIOURS
from tests.e2e.stack import Stack, start_stack
from tests.upstream import Upstream

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    DISABLE_FEATURES,
]


# Files by how long they take, so that none is begun when all the others are done. In any order after these.
LONGEST_FIRST = (
    "test_builds.py",
    "test_libraries.py",
    "test_curation.py",
    "test_check.py",
    "test_bridge.py",
    "test_transports.py",
    "test_navigation.py",
    "test_lighthouse.py",
    "test_takeout.py",
    "test_together.py",
    "test_pressure.py",
    "test_failures.py",
    "test_gallery.py",
    "test_machines.py",
    "test_race.py",
    "test_wish.py",
    "test_building.py",
    "test_admin_unfold.py",
    "test_people.py",
    "test_replay_build.py",
    "test_killed.py",
    "test_replay.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rank = {name: number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))


def find_browser() -> str | None:
    """The setting's, else the first that is found; without one (None) Playwright looks for its own."""
    return find_chromium(os.environ.get("PLAYGROUND_CHROMIUM", ""))


expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    arguments: dict[str, object] = {"headless": True, "args": FLAGS}
    browser = find_browser()
    return arguments | {"executable_path": browser} if browser else arguments


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    return {"viewport": {"width": 1440, "height": 900}, "locale": "en-US"}


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """With the Demo reel alone, as on a machine without any key."""
    running = start_stack(tmp_path_factory.mktemp("data"), PLAYGROUND_REEL_SPEED="1000")
    yield running
    running.stop()


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    context.set_default_timeout(15_000)
    return context


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """Fails on any error of our own page."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where pictures go that a person may want to look at."""
    folder = Path(os.environ.get("PLAYGROUND_SCREENSHOTS", "test-results"))
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def upstream() -> Iterator[Upstream]:
    with Upstream.in_thread() as running:
        running.delay = 0.01
        yield running


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory, upstream: Upstream) -> Iterator[Stack]:
    """A playground with the misbehaving model server: the environment names it, the picker has all its behaviours."""
    settings = {"OPENAI_BASE_URL": upstream.base_url, "OPENAI_API_KEY": "sk-secret-key", "OPENAI_MODEL": "no-done"}
    running = start_stack(tmp_path_factory.mktemp("lab"), **settings)
    _offer_all_behaviours(running, upstream)
    yield running
    running.stop()


def _offer_all_behaviours(stack: Stack, upstream: Upstream) -> None:
    seeing = ("good",)
    stack.manage(
        "shell",
        "-c",
        "from playground.gateway.models import Endpoint, Model\n"
        f"endpoint = Endpoint(name='Lab', base_url='{upstream.base_url}'); endpoint.set_api_key('sk-secret-key')\n"
        "endpoint.save()\n"
        f"for name in {list(BEHAVIOURS)}:\n"
        f"    Model.objects.create(endpoint=endpoint, name=name, model_id=name, sees_images=name in {seeing})\n",
    )
