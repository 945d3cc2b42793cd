"""What the shelf answers, and how."""

from urllib.parse import unquote

import brotli
import pytest
import zstandard
from asgiref.sync import sync_to_async
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from pytest_django.fixtures import Settings

from playground.shelf.models import Derivative, Package
from playground.shelf.services import resolve
from tests.playground.shelf.conftest import Ask
from tests.playground.shelf.registry import Registry

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPT = "/* a library */ window.a = 1;\n" * 100


def note_of(response: object) -> str:
    header = response.headers.get("Server-Timing", "")  # type: ignore[attr-defined]  # any response
    return unquote(header.removeprefix('shelf;desc="').removesuffix('"'))


async def test_an_exact_file_is_served_for_ever(npm: Registry, ask: Ask) -> None:
    npm.publish("a", "1.0.0", {"dist/a.min.js": SCRIPT})
    answer = await ask("/web/unpkg.com/a@1.0.0/dist/a.min.js")
    assert answer.status_code == 200
    assert answer.content == SCRIPT.encode()  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Access-Control-Allow-Origin"] == answer["Timing-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert note_of(answer) == ""
    again = await ask("/web/unpkg.com/a@1.0.0/dist/a.min.js", If_None_Match=answer["ETag"])
    assert again.status_code == 304
    assert again["ETag"] == answer["ETag"]


async def test_it_is_compressed_once(npm: Registry, ask: Ask) -> None:
    npm.publish("a", "1.0.0", {"a.js": SCRIPT})
    for _ in range(2):
        answer = await ask("/npm/a@1.0.0/a.js", Accept_Encoding="gzip, deflate, br, zstd")
        assert answer["Content-Encoding"] == "br"
        assert brotli.decompress(answer.content) == SCRIPT.encode()  # type: ignore[attr-defined]
    answer = await ask("/npm/a@1.0.0/a.js", Accept_Encoding="zstd, br;q=0")
    assert answer["Content-Encoding"] == "zstd"
    assert zstandard.decompress(answer.content) == SCRIPT.encode()  # type: ignore[attr-defined]
    assert await Derivative.objects.acount() == 2
    plain = await ask("/npm/a@1.0.0/a.js", Accept_Encoding="gzip")
    assert "Content-Encoding" not in plain
    assert plain["Vary"] == "Accept-Encoding"


def body_of(answer: HttpResponseBase) -> str:
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()


async def test_without_a_registry_another_version_is_worth_more_than_none(
    npm: Registry, ask: Ask, settings: Settings
) -> None:
    npm.publish("a", "1.4.0", {"a.js": SCRIPT})
    await ask("/npm/a@1.4.0/a.js")
    settings.NPM_REGISTRY = "off"
    answer = await ask("/npm/a@1.9.0/a.js")
    assert body_of(answer) == SCRIPT
    assert note_of(answer) == "Version 1.9.0 of a is not available: version 1.4.0 is used."
    assert (await ask("/npm/b@1.0.0/b.js")).status_code == 503


async def test_an_open_range_is_answered_by_the_exact_version(npm: Registry, ask: Ask) -> None:
    npm.publish("a", "1.4.0", {"dist/a.js": SCRIPT}, unpkg="dist/a.js")
    answer = await ask("/web/unpkg.com/a@^1/dist/a.js")
    assert (answer.status_code, body_of(answer)) == (200, SCRIPT)  # a redirect would not be followed
    assert answer["Cache-Control"] == "public, max-age=300"
    assert body_of(await ask("/web/unpkg.com/a")) == SCRIPT
    assert (await ask("/npm/a@1.4.0"))["Cache-Control"] == "public, max-age=86400"
    assert await sync_to_async(resolve)("/web/unpkg.com/a/dist/a.js") == "/npm/a@1.4.0/dist/a.js"
    assert await sync_to_async(resolve)("/esm/a@latest") == "/esm/a@1.4.0"
    assert await sync_to_async(resolve)("/esm/b@latest") is None
    assert await sync_to_async(resolve)("/web/unpkg.com/") is None


async def test_what_models_invent_is_answered_by_the_nearest(npm: Registry, ask: Ask) -> None:
    npm.publish("@svgdotjs/svg.js", "3.2.4", {"dist/svg.min.js": SCRIPT})
    answer = await ask("/web/cdnjs.cloudflare.com/ajax/libs/svg.js/3.2.2/svg.min.js")
    assert answer.status_code == 200
    assert note_of(answer) == "Version 3.2.2 of @svgdotjs/svg.js is not available: version 3.2.4 is used."
    assert "immutable" not in answer["Cache-Control"]
    answer = await ask("/npm/@svgdotjs/svg.js@3.2.4/dist/svgs.min.js")
    assert note_of(answer) == "@svgdotjs/svg.js@3.2.4 has no file dist/svgs.min.js: dist/svg.min.js is used."
    chinese = await ask("/npm/@svgdotjs/svg.js@3.2.4/dist/svgs.min.js", Accept_Language="zh-CN")
    assert "svg.min.js" in note_of(chinese)


async def test_a_file_that_another_version_has(npm: Registry, ask: Ask) -> None:
    npm.publish("react", "18.3.1", {"umd/react.production.min.js": SCRIPT})
    npm.publish("react", "19.0.0", {"cjs/react.production.js": "module.exports = 1"})
    await ask("/npm/react@18.3.1/umd/react.production.min.js")
    answer = await ask("/npm/react@19.0.0/umd/react.production.min.js")
    assert answer.status_code == 200
    assert "react@18.3.1" in note_of(answer)


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/web/unpkg.com/nothing@1.0.0/a.js", 404, "is not known to the package registry."),
        ("/npm/a@1.0.0/missing.js", 404, "a@1.0.0/missing.js is not in the package."),
        ("/web/unpkg.com/", 404, "names no file of a package"),
        ("/web/fonts.gstatic.com/s/inter/x.woff2", 404, "names no file of a package"),
        ("/something/else", 404, "names no file of a package"),
        ("/npm/../../etc/passwd", 404, ""),
        ("/npm/a@1.0.0/../../etc/passwd", 404, ""),
    ],
)
async def test_what_is_not_there_says_why(npm: Registry, ask: Ask, path: str, status: int, sentence: str) -> None:
    npm.publish("a", "1.0.0", {"a.js": ""})
    answer = await ask(path)
    assert answer.status_code == status
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert sentence in answer.content.decode()  # type: ignore[attr-defined]
    assert sentence in note_of(answer)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "no-store"


async def test_without_a_registry_it_says_so(npm: Registry, ask: Ask, settings: object) -> None:
    settings.NPM_REGISTRY = "off"  # type: ignore[attr-defined]  # pytest-django's fixture
    answer = await ask("/web/unpkg.com/a@1.0.0/a.js")
    assert answer.status_code == 503
    assert "registry cannot be reached" in note_of(answer)


async def test_several_files_in_one(npm: Registry, ask: Ask) -> None:
    npm.publish("a", "1.0.0", {"a.js": "let a;"}, main="a.js")
    npm.publish("b", "1.0.0", {"b.js": "let b;"})
    answer = await ask("/web/cdn.jsdelivr.net/combine/npm/a,npm/b@1.0.0/b.js")
    assert answer.content == b"let a;\nlet b;"  # type: ignore[attr-defined]


async def test_the_compiler_for_scripts_in_the_page(ask: Ask) -> None:
    answer = await ask("/web/esm.sh/tsx")
    assert b"http://shelf.localhost:8000" in answer.content  # type: ignore[attr-defined]


FACE = """/* inter-latin-400-normal */
@font-face {
  font-family: 'Inter';
  font-style: normal;
  font-display: swap;
  font-weight: 400;
  src: url(./files/inter-latin-400-normal.woff2) format('woff2'), url(./files/x.woff) format('woff');
  unicode-range: U+0000-00FF;
}
"""


async def test_fonts_come_from_packages(npm: Registry, ask: Ask) -> None:
    npm.publish("@fontsource/inter", "5.0.0", {"400.css": FACE, "files/inter-latin-400-normal.woff2": "font"})
    answer = await ask("/web/fonts.googleapis.com/css2?family=Inter:wght@400;900&family=No+Such&display=block")
    sheet = answer.content.decode()  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    address = "http://shelf.localhost:8000/npm/@fontsource/inter@5.0.0/files/inter-latin-400-normal.woff2"
    assert f"src: url({address}) format('woff2');" in sheet
    assert "font-display: block" in sheet
    assert "unicode-range: U+0000-00FF" in sheet
    assert note_of(answer) == "These fonts are not on the library shelf: No Such."
    font = await ask("/npm/@fontsource/inter@5.0.0/files/inter-latin-400-normal.woff2")
    assert font["Content-Type"] == "font/woff2"


async def test_a_variable_font_goes_by_its_plain_name(npm: Registry, ask: Ask) -> None:
    variable = FACE.replace("'Inter'", "'Inter Variable'").replace("400;", "100 900;")
    npm.publish("@fontsource-variable/inter", "5.0.0", {"wght.css": variable})
    answer = await ask("/web/fonts.googleapis.com/css2?family=Inter:wght@100..900")
    assert "font-family: 'Inter';" in answer.content.decode()  # type: ignore[attr-defined]


async def test_use_is_remembered(npm: Registry, ask: Ask) -> None:
    npm.publish("a", "1.0.0", {"a.js": ""})
    await ask("/npm/a@1.0.0/a.js")
    await Package.objects.aupdate(used_at="2020-01-01T00:00:00Z")
    await ask("/npm/a@1.0.0/a.js")
    package = await Package.objects.aget()
    assert package.used_at.year > 2020
