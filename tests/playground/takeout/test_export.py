"""Versions as one HTML file and as a zip: what is inside, and who gets it."""

import io
import json
import re
import zipfile
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client

from playground.accounts.models import User
from playground.artifacts.models import Maker, Version
from playground.artifacts.services import Origin, add_version, create_artifact, remix_version
from playground.runs.models import Conversation, Run
from playground.takeout import sources
from tests.conftest import chunks_of, connect_model
from tests.playground.shelf.conftest import npm as npm
from tests.playground.shelf.registry import Registry

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = b"""<!doctype html><html><head><title>Site</title><base href="/elsewhere/">
<link rel="stylesheet" href="css/style.css" media="screen"><link rel="preconnect" href="https://fonts.gstatic.com">
<link rel="icon" href="dot.png"><script defer src="late.js"></script>
<script type="importmap">{"imports": {"mine": "./js/mine.js"}}</script></head>
<body style="background: url('dot.png')"><img src="dot.png" srcset="dot.png 1x, dot.png 2x">
<a href="about.html">About</a><script src="plain.js"></script><script type="module" src="js/main.js"></script>
<script type="module">import { a } from "mine"; a();</script></body></html>"""
FILES = {
    "index.html": PAGE,
    "about.html": b"<!doctype html>About",
    "css/style.css": b"@import 'more.css'; b { background: url(../dot.png) } /* url(none.png) */ </style>",
    "css/more.css": b"i { color: red }",
    "plain.js": b"const text = '</script><!--';",
    "late.js": b"document.title += '!';",
    "js/main.js": b'import { a } from "./mine.js"; import data from "../data.json" with { type: "json" }; a(data);',
    "js/mine.js": b'import "./main.js"; export const a = () => new URL("x.bin", import.meta.url);',
    "js/x.bin": b"\x00\xff",
    "data.json": b'{"a": "</script>"}',
    "dot.png": b"\x89PNG",
}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def version(alice: User) -> Version:
    return create_artifact(owner=alice, title="A site: naïve", files=FILES)


def address(version: Version, what: str) -> str:
    return f"/api/artifacts/{version.artifact_id}/versions/{version.number}/{what}"


def export(version: Version, user: User | None = None) -> str:
    client = client_of(user) if user else Client()
    answer = client.get(address(version, "export.html"))
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def pack_of(html: str) -> dict[str, Any]:
    found = re.search(r"\n\}\)\((\{.*?\})\);</script>", html)
    assert found
    return dict(json.loads(found[1]))


def unzip(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@async_to_sync
async def read_zip(version: Version, user: User | None = None) -> bytes:
    client = AsyncClient()
    if user:
        await client.aforce_login(user)
    answer = await client.get(address(version, "export.zip"))
    return b"".join([chunk async for chunk in chunks_of(answer)])


def test_everything_is_in_the_one_file(version: Version) -> None:
    html = export(version)
    page = html[html.index("</script>") :]
    assert not re.search(r"""(?:src|href|srcset)=["'](?!data:|about)""", page)
    assert "<base" not in page
    assert "preconnect" not in page
    assert 'media="screen">@import url("data:' in page
    assert "const text = '<\\/script><\\!--';" in page
    assert 'defer src="data:text/javascript;charset=utf-8;base64,' in page
    assert html.count("</style>") == 1


def test_a_module_has_one_name_and_cycles_are_kept(version: Version) -> None:
    modules = pack_of(export(version))["modules"]
    texts = {module["names"][0]: module["text"] for module in modules}
    main = next(name for name in texts if name.endswith("/main.js"))
    mine = next(name for name in texts if name.endswith("/mine.js"))
    assert f'"{mine}"' in texts[main]
    assert f'"{main}"' in texts[mine]
    assert 'new URL("x.bin", "https://page.invalid/js/mine.js")' in texts[mine]
    assert [module["mime"] for module in modules if "data.json" in module["names"][0]] == [
        "application/json; charset=utf-8"
    ]
    assert {"mine", "./js/mine.js"} <= set(next(module["names"] for module in modules if mine in module["names"]))


def test_scripts_find_files_in_the_store(version: Version) -> None:
    files = pack_of(export(version))["files"]
    assert files["https://page.invalid/data.json"]["text"] == '{"a": "</script>"}'
    assert files["https://page.invalid/js/x.bin"]["data"] == "AP8="


def test_it_is_never_shown_on_our_origin(version: Version) -> None:
    for what in ("export.html", "export.zip"):
        answer = Client().get(address(version, what))
        assert answer["Content-Disposition"].startswith("attachment; filename")
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"
        answer.close()


def test_what_stays_outside_is_named(version: Version) -> None:
    version.artifact.allowed_hosts = ["api.example.com"]
    version.artifact.save()
    outside = ["api.example.com", "about.html"]
    assert Client().get(address(version, "takeout")).json()["outside"] == outside
    html = export(version)
    assert all(f"  {item}\n" in html.partition("-->")[0] for item in outside)


def test_libraries_come_along_and_what_the_shelf_has_not_stays(alice: User, npm: Registry) -> None:
    npm.publish("lib", "1.0.0", {"index.js": "import 'part'; export const own = 1;"}, dependencies={"part": "^1"})
    npm.publish("part", "1.0.0", {"index.js": "export default 1;"}, main="index.js")
    npm.publish("old", "1.0.0", {"old.js": "window.old = 1;"})
    body = b"""<!doctype html><script src="https://unpkg.com/old@1.0.0/old.js" integrity="sha512-x"></script>
    <script src="https://unpkg.com/none@1.0.0/none.js"></script>
    <script type="module">import { own } from "lib"; import "https://esm.sh/part@1.0.0"; const at = "https://unpkg.com/";
    const v = "2"; const url = `https://unpkg.com/old@${v}/old.js`;</script>"""
    version = create_artifact(owner=alice, title="Page", files={"index.html": body})
    html = export(version)
    page = html[html.index("</script>") :]
    assert "localhost" not in page
    assert "shelf.invalid" not in page
    assert 'src="https://unpkg.com/none@1.0.0/none.js"' in page
    assert "`https://unpkg.com/old@${v}/old.js`" in page
    assert "unpkg.com/none@1.0.0/none.js" in html.partition("-->")[0]
    modules = pack_of(html)["modules"]
    assert sum("export default 1" in module["text"] or "=1;" in module["text"] for module in modules) >= 1
    assert len({name for module in modules for name in module["names"]}) >= len(modules)


def test_a_file_may_only_get_so_large(version: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_BYTES", 100)
    answer = Client().get(address(version, "export.html"))
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "export_too_large"


def test_who_may_open_it_may_take_it(version: Version, alice: User, bob: User) -> None:
    version.artifact.visibility = "private"
    version.artifact.save()
    for what in ("export.html", "export.zip", "takeout"):
        assert ask(client_of(bob), version, what) == 404
        assert ask(Client(), version, what) == 404
        assert ask(client_of(alice), version, what) == 200


def ask(client: Client, version: Version, what: str) -> int:
    answer = client.get(address(version, what))
    answer.close()
    return answer.status_code


def test_the_zip_is_the_sources_and_always_the_same(version: Version) -> None:
    content = read_zip(version)
    files = unzip(content)
    assert {path: files[path] for path in FILES} == FILES
    assert {"README.md", "recipe.json"} == set(files) - set(FILES)
    assert read_zip(version) == content


def test_a_readme_of_its_own_stays(alice: User) -> None:
    version = create_artifact(owner=alice, title="Page", files={"index.html": b"x", "README.md": b"mine"})
    files = unzip(read_zip(version))
    assert files["README.md"] == b"mine"
    assert b"## Recipe" in files["PLAYGROUND-README.md"]


@pytest.fixture
def cooked(alice: User) -> Version:
    """Two wishes, the second with all that there is to tell."""
    model = connect_model("http://localhost:1", price_input=2, price_output=4)
    first = create_artifact(
        owner=alice, title="Game", files={"index.html": b"1"}, origin=Origin(Maker.MODEL, "a game", "good")
    )
    second = add_version(
        artifact=first.artifact,
        author=alice,
        files={"index.html": b"2"},
        origin=Origin(Maker.MODEL, "in blue", "good", parent=first),
    )
    second.pins = {"three@latest": "0.180.0"}
    second.save()
    conversation = Conversation.objects.create(owner=alice, title="Game", artifact=first.artifact)
    run = Run.objects.create(
        conversation=conversation,
        prompt="in blue",
        model=model,
        model_name="good",
        version=second,
        status="finished",
        sampling={"temperature": 0.5, "top_p": None, "system_prompt": "Be secretive."},
        usage={"type": "usage", "input_tokens": 1000, "output_tokens": 2000, "estimated": True},
    )
    Run.objects.filter(pk=run.pk).update(finished_at=run.created_at)
    return second


def test_the_recipe_tells_how_it_came_about(cooked: Version, alice: User, bob: User) -> None:
    recipe = json.loads(unzip(read_zip(cooked, alice))["recipe.json"])
    assert [step["prompt"] for step in recipe["steps"]] == ["a game", "in blue"]
    step = recipe["steps"][1]
    assert step["settings"] == {"temperature": 0.5, "system_prompt": "Be secretive."}
    assert step["tokens"] == {"input": 1000, "output": 2000, "estimated": True}
    assert step["cost"] == 0.01
    assert step["seconds"] == 0.0
    assert recipe["libraries"] == {"three@latest": "0.180.0"}
    card = unzip(read_zip(cooked, alice))["README.md"].decode()
    for line in ("> in blue", "- Tokens: 1000 in, 2000 out (estimated)", "- three@latest: 0.180.0"):
        assert line in card
    assert b"secretive" not in read_all(cooked, bob)


def read_all(version: Version, user: User) -> bytes:
    return b"".join(unzip(read_zip(version, user)).values())


def test_a_remix_does_not_tell_what_its_source_keeps_private(cooked: Version, alice: User, bob: User) -> None:
    from_alice = remix_version(version=cooked, owner=bob)
    assert json.loads(unzip(read_zip(from_alice, bob))["recipe.json"])["remix_of"]["title"] == "Game"
    cooked.artifact.visibility = "private"
    cooked.artifact.save()
    recipe = json.loads(unzip(read_zip(from_alice, bob))["recipe.json"])
    assert recipe["remix_of"] is None
    assert "a game" not in [step["prompt"] for step in recipe["steps"]]
