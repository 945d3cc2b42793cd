"""Versions taken home: the one HTML file opens from disk with the network cut, and does what the page does."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from playground.launcher.registry import ask_npm, read_registry
from tests.e2e.library_pages import PAGES
from tests.e2e.publishing import document, publish_files
from tests.e2e.stack import Stack, clean_environment, start_stack
from tests.playground.takeout.github import TOKEN, FakeGithub
from tests.playground.takeout.huggingface import FakeHuggingFace

TRIES = 4
NAMES = [
    "three, import map and addons, unpkg",
    "three r128, cdnjs",
    "d3, esm.run",
]
SITE = {
    "index.html": """<!doctype html><html lang="en"><head><title>A site</title>
<link rel="stylesheet" href="css/style.css">
<script type="importmap">{"imports": {"mine": "./js/ring.js"}}</script></head><body><img id="still" src="img/dot.svg">
<p id="blue">Blue</p><div id="later"></div><script src="js/plain.js"></script>
<script type="module" src="js/main.js"></script>
</body></html>""",
    "css/style.css": '@import "more.css"; body { background: url("../img/dot.svg") }',
    "css/more.css": "#blue { color: rgb(0, 0, 255) }",
    "img/dot.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="7" height="7"><rect width="7" height="7"/></svg>',
    "data.json": '{"answer": 42}',
    "js/plain.js": "window.plain = '</script>'.length;",
    "js/ring.js": 'import { name } from "./other.js"; export const ring = () => name(); export const count = { n: 0 };',
    "js/other.js": 'import { count } from "mine"; export const name = () => ++count.n;',
    "js/square.js": "onmessage = async ({ data }) => { const { answer } = await (await fetch('../data.json')).json();"
    " postMessage(data * data + answer) };",
    "js/cube.js": 'import { cube } from "./cubes.js"; onmessage = ({ data }) => postMessage(cube(data));',
    "js/cubes.js": "export const cube = (x) => x ** 3;",
    "js/main.js": """import { ring, count } from "mine";
import data from "../data.json" with { type: "json" };
ring(); ring();
const lazy = await import("./other.js");
lazy.name();
const asked = await (await fetch("data.json")).json();
const beside = await (await fetch(new URL("../data.json", import.meta.url))).json();
const old = await new Promise((done) => { const r = new XMLHttpRequest(); r.open("GET", "data.json");
  r.onload = () => done(JSON.parse(r.responseText));
  r.send(); });
const image = new Image(); image.src = "img/dot.svg"; await image.decode();
document.querySelector("#later").innerHTML = '<img id="inner" src="img/dot.svg">';
const ask = (worker, x) => new Promise((done) => { worker.onmessage = ({ data }) => done(data); worker.postMessage(x) });
window.done = {
  ring: count.n, data: data.answer, asked: asked.answer, beside: beside.answer, old: old.answer, width: image.width,
  square: await ask(new Worker("js/square.js"), 3),
  cube: await ask(new Worker(new URL("./cube.js", import.meta.url), { type: "module" }), 3),
};""",
}
DONE = {"ring": 3, "data": 42, "asked": 42, "beside": 42, "old": 42, "width": 7, "square": 51, "cube": 27}


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    environment = clean_environment()
    registry = read_registry(environment, ask_npm(environment)) or "https://registry.npmjs.org"
    with FakeGithub().running() as github, FakeHuggingFace().running() as hub:
        addresses = {"PLAYGROUND_GITHUB_API": github.url, "PLAYGROUND_HUGGINGFACE_URL": hub.url}
        running = start_stack(tmp_path_factory.mktemp("takeout"), PLAYGROUND_NPM_REGISTRY=registry, **addresses)
        yield running
        running.stop()


@pytest.fixture
def home(browser: Browser) -> Iterator[Page]:
    """A browser without a network."""
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()


def take(page: Page, stack: Stack, folder: Path, files: dict[str, str]) -> Path:
    """Publish, and download the one HTML file."""
    url = publish_files(page, stack, "Taken home", files)
    address = f"{stack.url}/api/artifacts/{url.rpartition('/')[2]}/versions/1/export.html"
    for _ in range(TRIES):  # the shelf is filling itself meanwhile
        answer = page.request.get(address, timeout=120_000)
        if answer.status != 503:
            break
    assert answer.ok, answer.text()
    path = folder / "page.html"
    path.write_bytes(answer.body())
    return path


def open_at_home(home: Page, path: Path) -> list[str]:
    """The addresses that the page asked for besides itself."""
    asked: list[str] = []
    home.on("request", lambda request: asked.append(request.url))
    home.goto(path.as_uri())
    return asked


def strangers(asked: list[str], path: Path) -> list[str]:
    return [url for url in asked if not url.startswith(("data:", "blob:")) and url != path.as_uri()]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_with_libraries_runs_from_disk(
    page: Page, home: Page, stocked: Stack, tmp_path: Path, name: str
) -> None:
    content, condition = PAGES[name]
    files = {"index.html": document(content)} if isinstance(content, str) else content
    path = take(page, stocked, tmp_path, files)
    asked = open_at_home(home, path)
    home.wait_for_function(f"() => {{ try {{ return {condition} }} catch {{ return false }} }}", timeout=25_000)
    assert strangers(asked, path) == []


def test_a_site_finds_its_own_files(page: Page, home: Page, stocked: Stack, tmp_path: Path) -> None:
    path = take(page, stocked, tmp_path, SITE)
    failures: list[str] = []
    home.on("pageerror", lambda error: failures.append(str(error)))
    asked = open_at_home(home, path)
    home.wait_for_function("() => window.done", timeout=25_000)
    assert home.evaluate("done") == DONE
    assert failures == []
    assert home.evaluate("getComputedStyle(document.querySelector('#blue')).color") == "rgb(0, 0, 255)"
    assert home.evaluate("plain") == 9
    for image in ("#still", "#inner"):
        home.wait_for_function(f"() => document.querySelector('{image}').naturalWidth === 7")
    assert 'url("data:image/svg+xml' in home.evaluate("getComputedStyle(document.body).backgroundImage")
    assert [url for url in strangers(asked, path) if not url.endswith("/img/dot.svg")] == []  # innerHTML tries first


def test_react_tailwind_and_a_font(page: Page, home: Page, stocked: Stack, tmp_path: Path) -> None:
    files = {
        "App.jsx": """import { useState } from "react"; import { label } from "./label";
export default function App() { const [n, set] = useState(0);
  return <button className="bg-red-500 p-4" onClick={() => set(n + 1)}>{label} {n}</button> }""",
        "label.ts": 'export const label: string = "Clicked";',
    }
    path = take(page, stocked, tmp_path, files)
    asked = open_at_home(home, path)
    button = home.get_by_role("button")
    button.click(timeout=25_000)
    expect(button).to_have_text("Clicked 1")
    expect(button).to_have_css("padding", "16px")
    assert strangers(asked, path) == []
    body = """<link href="https://fonts.googleapis.com/css2?family=Inter:wght@400;700&display=swap" rel="stylesheet">
    <p style="font-family: Inter">Words</p>"""
    path = take(page, stocked, tmp_path, {"index.html": document(body)})
    asked = open_at_home(home, path)
    home.wait_for_function("async () => (await document.fonts.load('16px Inter', 'Words')).length > 0")
    assert strangers(asked, path) == []


def test_kinds_come_with_the_page_around_them(page: Page, home: Page, stocked: Stack, tmp_path: Path) -> None:
    text = "# Hello\n\n```mermaid\ngraph TD; A-->B\n```\n"
    path = take(page, stocked, tmp_path, {"notes.md": text})
    open_at_home(home, path)
    expect(home.locator("pre.mermaid svg")).to_be_visible(timeout=25_000)
    vue = "<script setup>\nimport { ref } from 'vue'\nconst n = ref(1)\n</script>\n<template><b>{{ n + 1 }}</b></template>"
    path = take(page, stocked, tmp_path, {"App.vue": vue})
    open_at_home(home, path)
    expect(home.locator("b")).to_have_text("2", timeout=25_000)


def test_the_name_of_the_file(page: Page, stocked: Stack) -> None:
    url = publish_files(page, stocked, "Ein Käfer: 三", {"index.html": document("x")})
    answer = page.request.get(f"{stocked.url}/api/artifacts/{url.rpartition('/')[2]}/versions/1/export.zip")
    disposition = answer.headers["content-disposition"]
    assert disposition == "attachment; filename*=utf-8''ein-k%C3%A4fer-%E4%B8%89-v1.zip"


def test_the_menu_of_a_permalink(page: Page, stocked: Stack, screenshots: Path) -> None:
    page.goto(publish_files(page, stocked, "Taken home", SITE))
    page.get_by_role("button", name="Take it home").click()
    expect(page.get_by_text(re.compile("kB, opens without the internet"))).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="One HTML file").click()
    assert download.value.suggested_filename == "taken-home-v1.html"
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy code index.html").click()
    expect(page.get_by_role("button", name="Copied index.html")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == SITE["index.html"]
    page.screenshot(path=screenshots / "take-home-menu.png")
    page.get_by_role("button", name="Push to GitHub").click()
    dialog = page.get_by_role("dialog", name="Push to GitHub")
    token = dialog.get_by_label("Token")
    expect(token).to_have_attribute("type", "password")
    token.fill("ghp_wrong")
    dialog.get_by_label("Repository").fill("page")
    dialog.get_by_role("button", name="Push", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("GitHub does not know this token")
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=screenshots / "take-home-push-phone.png")
    token.fill(TOKEN)
    dialog.get_by_role("button", name="Push", exact=True).click()
    expect(dialog.get_by_role("link", name="https://github.test/alice/page/tree/main")).to_be_visible(timeout=30_000)
    page.screenshot(path=screenshots / "take-home-pushed-phone.png")


def test_the_downloads_work_without_scripts(page: Page, browser: Browser, stocked: Stack, screenshots: Path) -> None:
    url = publish_files(page, stocked, "Taken home", SITE)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    plain = context.new_page()
    plain.goto(url)
    plain.get_by_text("Take it home").click()
    link = plain.get_by_role("link", name="Zip with recipe")
    link.scroll_into_view_if_needed()
    plain.screenshot(path=screenshots / "take-home-plain-phone.png")  # Chromium sends clicks by what it drew last
    with plain.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "taken-home-v1.zip"
    context.close()
