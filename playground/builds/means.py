"""What builds work with on this machine: the model, the browser, the shelf, walls for commands."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.cache import cache

from agents import sandbox
from agents.browser import Exhibit, find_chromium
from agents.browser.isolation import probe
from agents.engines.finding import find_qwen
from agents.events import Began
from agents.host import Means
from agents.inspection import Browser, Files
from agents.task import Limits, Prices, Task
from playground.artifacts.addresses import host_url, public_url, shelf_url, signed_url
from playground.artifacts.files import store_files
from playground.artifacts.trees import put_tree
from playground.builds.engines import ENGINES, find_engines
from playground.builds.models import Build
from playground.checks.serving import fetch
from playground.gateway.services import provider_for
from playground.runs.models import Run
from playground.runs.pointing import tell_places
from playground.runs.prompting import base_texts, base_version, branch_of
from playground.shelf.failures import ShelfFailure, explain
from playground.shelf.services import find_package

KNOWN = "build-means"  # in the cache: what a worker has last said of itself
_EARLIER = 6  # wishes before this one that the model is told
_MOST = 600  # characters of each


async def find_means(run: Run) -> Means:
    """Call it on the loop that will use it."""
    assert run.model
    program = find_chromium(settings.CHROMIUM)
    level = await asyncio.to_thread(probe)
    return Means(
        provider=provider_for(run.model),
        inspector=Browser(program, level, exhibit(run.pk)) if program else None,
        find_library=find_library,
        has_sandbox=await asyncio.to_thread(sandbox.probe),
        qwen=await asyncio.to_thread(find_qwen, settings.QWEN_CODE),
    )


def describe_means() -> dict[str, Any]:
    """For people, of this machine."""
    has_walls = sandbox.probe()
    return {
        "commands": has_walls,
        "level": "bubblewrap" if has_walls else "files",
        "verifies": find_chromium(settings.CHROMIUM) is not None,
        "engines": [engine.model_dump() for engine in find_engines()],
    }


def note_means() -> None:
    cache.set(KNOWN, describe_means(), None)


def known_means() -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = cache.get(KNOWN)
    return found


def exhibit(run: str) -> Callable[[Files], Exhibit]:
    """Files as pages of the run's own host, answered in process by the artifact host's code."""

    def show(files: Files) -> Exhibit:
        url = signed_url(run, f"tree/{put_tree(store_files(dict(files)))}")
        return Exhibit(app=public_url(""), url=url, origins=(f"{host_url(run)}/", f"{shelf_url()}/"), fetch=fetch)

    return show


async def find_library(name: str, version: str) -> str:
    try:
        package = await find_package(name, version or "latest")
    except ShelfFailure as failure:
        raise LookupError(explain(failure.code, name)) from failure
    address = f"https://esm.sh/{package.name}@{package.version}"
    script = f"https://unpkg.com/{package.name}@{package.version}"
    return (
        f"{package.name} {package.version} is kept here. In a module: import … from “{address}”. As a classic script: "
        f"“{script}”, which gives the package's file for browsers. These two addresses work without a network."
    )


def first_event(build: Build) -> Began:
    """As the conversation stands now, when its turn has come."""
    run = build.run
    model = run.model
    assert model
    seed = build.seed
    base = base_version(run)
    files = seed["files"] if seed else {path: file["blob"] for path, file in (base.files if base else {}).items()}
    priced = model.price_input is not None and model.price_output is not None
    return Began(
        task=Task(
            prompt=_wish(run),
            model=model.model_id,
            engine=ENGINES[build.engine],
            checklist=tuple(build.checklist),
            files=files,
            plan=tuple(seed["plan"]) if seed else (),
            sees_images=model.sees_images,
            window=model.context_window,
            max_output=model.output_limit,
            temperature=_number(run.sampling.get("temperature")),
            top_p=_number(run.sampling.get("top_p")),
            limits=Limits.model_validate(build.limits),
            prices=Prices(input=float(model.price_input or 0), output=float(model.price_output or 0))
            if priced
            else None,
        )
    )


def _wish(run: Run) -> str:
    """With what was asked before, and what the wish points at."""
    parts = [run.prompt]
    if run.places:
        parts.append(tell_places(run.read_places(), base_texts(run)))
    if earlier := [each.prompt for each in branch_of(run)[:-1]][-_EARLIER:]:
        told = "\n".join(f"- {prompt[:_MOST]}" for prompt in earlier)
        parts.append(f"Before this, the person has asked for the following, and it was done:\n{told}")
    return "\n\n".join(parts)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
