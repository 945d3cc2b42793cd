"""What goes wrong in a page comes to the Console panel, with its place."""

import pytest

from tests.e2e.prelude.conftest import Artifact
from tests.e2e.prelude.site import Site

pytestmark = pytest.mark.e2e
PAGE = "<!doctype html>\n<title>a</title>\n<body>\n"


def test_the_console(artifact: Artifact) -> None:
    artifact.open(
        PAGE + "<script>\n  console.log('hello %s', 'you', { a: [1, new Map([['k', 2]])] });\n"
        "  console.table([{ a: 1 }, { b: 2 }]); console.assert(false, 'no'); console.count(); console.count();\n"
        "  console.group('g'); console.warn('in'); console.groupEnd(); console.time('t'); console.timeEnd('t');\n"
        "  console.trace('here'); console.dir(document.body); console.debug('d'); console.error(new Error('boom'));\n</script>"
    )
    artifact.message("console", lambda message: "boom" in message["text"])
    texts = [message["text"] for message in artifact.messages("console")]
    assert texts[0] == 'hello you {a: [1, Map(1) {"k" => 2}]}'
    assert texts[1:6] == [" | a | b\n0 | 1 | \n1 |  | 2", "Assertion failed: no", "default: 1", "default: 2", "g"]
    assert texts[6] == "  in"
    assert artifact.messages("console")[0]["source"] == {"path": "index.html", "line": 5, "column": 11}


def test_errors(artifact: Artifact, site: Site) -> None:
    site.files["lib/app.js"] = "\n\nexport function fail() { null.x }"
    artifact.open(
        PAGE + "<script>nope()</script>\n<script type=module>import { fail } from './lib/app.js';\nfail();</script>\n"
        "<script>Promise.reject(new TypeError('late')); Promise.reject({ code: 1 })</script>"
    )
    first = artifact.message("error", lambda message: "nope" in message["text"])
    assert (first["kind"], first["source"]) == ("uncaught", {"path": "index.html", "line": 4, "column": 9})
    second = artifact.message("error", lambda message: "null" in message["text"])
    assert (second["source"]["path"], second["source"]["line"]) == ("lib/app.js", 3)
    assert "at fail (lib/app.js:3:" in second["stack"]
    assert artifact.message("error", lambda message: "late" in message["text"])["kind"] == "rejection"
    artifact.message("error", lambda message: message["text"] == "{code: 1}")


def test_the_first_line_is_true(artifact: Artifact) -> None:
    artifact.open("<!doctype html><script>nope()</script>")
    assert artifact.message("error")["source"] == {"path": "index.html", "line": 1, "column": 24}


@pytest.mark.parametrize(
    ("html", "name", "what"),
    [
        ("<script src=gone.js></script>", "gone.js", "script"),
        ("<link rel=stylesheet href=gone.css>", "gone.css", "link"),
        ("<img src=gone.png>", "gone.png", "img"),
        ("<script type=module>import './gone.js'</script>", "gone.js", "script"),
        ("<script>fetch('gone.json')</script>", "gone.json", "fetch"),
        ("<script>const x = new XMLHttpRequest(); x.open('GET', 'gone.json'); x.send()</script>", "gone.json", "fetch"),
    ],
)
def test_files_that_fail(artifact: Artifact, site: Site, html: str, name: str, what: str) -> None:
    artifact.open(PAGE + html)
    failed = artifact.message("failed")
    artifact.page.wait_for_timeout(400)
    assert (failed["url"], failed["what"]) == (site.page + name, what)
    assert failed["status"] in (404, None) if what in ("img", "link", "script") else failed["status"] == 404
    assert len(artifact.messages("failed")) == 1


def test_notes_of_the_shelf(artifact: Artifact, site: Site) -> None:
    site.files["lib.js"] = "export {}"
    site.notes = {"/v/1/lib.js": "p5%201.7.1%20was%20served", "/v/1/gone.js": "there%20is%20no%20such%20file"}
    artifact.open(PAGE + "<script type=module src=lib.js></script><script src=gone.js></script>")
    assert artifact.message("note") == {"type": "note", "url": f"{site.page}lib.js", "text": "p5 1.7.1 was served"}
    assert artifact.message("failed")["note"] == "there is no such file"
    artifact.page.wait_for_timeout(400)
    assert len(artifact.messages("note")) == 1


def test_what_the_policy_blocks(artifact: Artifact) -> None:
    artifact.open(
        PAGE
        + "<script>\nfetch('https://api.example.com/x').catch(() => {})</script><img src='https://img.example.com/a.png'>"
        "<script>new WebSocket('wss://ws.example.com')</script>"
    )
    blocked = artifact.message("blocked", lambda message: "api.example" in message["url"])
    assert (blocked["directive"], blocked["source"]["line"]) == ("connect-src", 5)
    artifact.message("blocked", lambda message: "img.example" in message["url"])
    artifact.message("blocked", lambda message: "ws.example" in message["url"])
    artifact.page.wait_for_timeout(500)
    assert artifact.messages("failed") == []


def test_fetch_behaves_as_before(artifact: Artifact, site: Site) -> None:
    site.files["data.json"] = "[1]"
    artifact.open(PAGE)
    assert artifact.run("fetch('data.json').then((response) => response.json())") == [1]
    assert artifact.run("fetch('gone').then((response) => response.status)") == 404
    abort = "(() => { const c = new AbortController(); c.abort(); return fetch('data.json', { signal: c.signal }).catch((e) => e.name) })()"
    assert artifact.run(abort) == "AbortError"
