"""What hostile pages try: each succeeds without the prelude, and fails with it."""

import pytest
from playwright.sync_api import Page

from tests.e2e.prelude.conftest import Artifact
from tests.e2e.prelude.site import Site

pytestmark = pytest.mark.e2e
START = "<!doctype html><title>attack</title><body><script>window.said = []; onmessage = (event) => said.push(event.data)</script>"
LOOK = "parent.postMessage(typeof RTCPeerConnection, String.fromCharCode(42))"
FRAME = f"<iframe srcdoc='<script>{LOOK}</script>'></iframe>"

# Each leaves "function" in `said` where it finds WebRTC.
REACHES = {
    "the page itself": "<script>said.push(typeof (window.RTCPeerConnection ?? window.webkitRTCPeerConnection))</script>",
    "a frame in the markup": FRAME,
    "a frame made by a script": "<script>const f = document.createElement('iframe');"
    f"f.srcdoc = '<script>{LOOK}</scr' + 'ipt>'; document.body.append(f)</script>".replace("(42)", "(42)"),
    "a frame whose document changes": "<iframe id=f srcdoc=hi></iframe><script>onload = () => {"
    f"f.srcdoc = '<script>{LOOK}</scr' + 'ipt>' }}</script>",
    "a frame in a closed shadow root": "<div id=d></div><script>d.attachShadow({ mode: 'closed' }).innerHTML = "
    f'"<iframe srcdoc=\'<script>{LOOK}</scr" + "ipt>\'></iframe>"</script>',
    "a frame in a declared root": f"<div><template shadowrootmode=open>{FRAME}</template></div>",
    "a frame in a closed root, by setHTMLUnsafe": '<div id=d></div><script>d.setHTMLUnsafe("<p><template shadowrootmode=closed>'
    f'<iframe srcdoc=\'<script>{LOOK}</scr" + "ipt>\'></iframe></template></p>")</script>',
    "a frame in a closed root, written in pieces": "<script>document.write('<div><template shadowroot'); document.write(\"mode=closed>"
    f'<iframe srcdoc=\'<script>{LOOK}</scr" + "ipt>\'></iframe></template></div>")</script>',
    "a script as a frame's address": f"<iframe src='javascript:void {LOOK}'></iframe>",
    "a script as an address in a closed root": f"<div><template shadowrootmode=closed><iframe src='javascript:void {LOOK}'>"
    "</iframe></template></div>",
    "a frame of a frameset": "<script>onload = () => { const s = document.createElement('frameset'), f = document.createElement('frame');"
    f"f.src = 'javascript:void {LOOK}'; s.append(f); document.documentElement.append(s) }}</script>",
    "a frame with a policy": "<script>const evil = 'parent.postMessage(typeof RTCPeerConnection, String.fromCharCode(42))';"
    "crypto.subtle.digest('SHA-256', new TextEncoder().encode(evil)).then((digest) => { const f = document.createElement('iframe');"
    "f.setAttribute('csp', `script-src 'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`);"
    "f.srcdoc = `<script>${evil}</scr` + `ipt>`; document.body.append(f) })</script>",
    "a policy of the page": "<script>const evil = 'parent.postMessage(typeof RTCPeerConnection, String.fromCharCode(42))';"
    "crypto.subtle.digest('SHA-256', new TextEncoder().encode(evil)).then((digest) => { const m = document.createElement('meta');"
    "m.httpEquiv = 'Content-Security-Policy';"
    "m.content = `script-src 'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`; document.head.append(m); m.remove();"
    "const f = document.createElement('iframe'); f.srcdoc = `<script>${evil}</scr` + `ipt>`; document.body.append(f) })</script>",
    "a document that replaces itself": "<iframe srcdoc='<script>location.href = `javascript:%22<script>"
    "parent.postMessage(typeof RTCPeerConnection, String.fromCharCode(42))</scr` + `ipt>%22`</script>'></iframe>",
    "a frame in a frame": "<iframe srcdoc='<script>onmessage = (event) => parent.postMessage(event.data, String.fromCharCode(42));"
    "const f = document.createElement(`iframe`); f.srcdoc = `<script>parent.postMessage(typeof RTCPeerConnection, "
    "String.fromCharCode(42))</scr` + `ipt>`; document.documentElement.append(f)</script>'></iframe>",
    "builtins replaced": "<script>MutationObserver.prototype.observe = () => {}; Element.prototype.setAttribute = () => {};"
    "Element.prototype.matches = () => false; Element.prototype.querySelectorAll = () => []; String.prototype.startsWith = () => true;"
    "Object.defineProperty(MutationRecord.prototype, 'addedNodes', { get: () => [] }); Reflect.apply = () => {};"
    "</script>" + FRAME,
}


def reach(artifact: Artifact, html: str) -> list[str]:
    artifact.open(START + html)
    artifact.page.wait_for_timeout(700)
    return [said for said in artifact.run("said") if said == "function"]


@pytest.mark.parametrize("name", REACHES)
def test_webrtc_is_out_of_reach(artifact: Artifact, site: Site, name: str) -> None:
    site.bare = True
    assert reach(artifact, REACHES[name])
    site.bare = False
    assert reach(artifact, REACHES[name]) == []


FLOODS = {
    "location.hash": "for (let i = 0; i < 47; i++) location.hash = i",
    "location.href": "for (let i = 0; i < 47; i++) location.href = '#' + i",
    "pushState": "for (let i = 0; i < 47; i++) history.pushState(i, '', '#' + i)",
    "anchors": "for (let i = 0; i < 47; i++) { const a = document.createElement('a'); a.href = '#' + i;"
    "document.body.append(a); a.click() }",
    "loose anchors": "for (let i = 0; i < 47; i++) { const a = document.createElement('a'); a.href = '#' + i; a.click() }",
    "a stream of hashes": "let i = 0; const timer = setInterval(() => { location.hash = i; if (i++ > 40) clearInterval(timer) }, 20)",
}


@pytest.mark.parametrize("name", FLOODS)
def test_history_does_not_pile_up(artifact: Artifact, site: Site, page: Page, name: str) -> None:
    added = {}
    for site.bare in (True, False):
        artifact.open("<!doctype html><title>spam</title><body>")
        before = page.evaluate("history.length")
        artifact.run(f"() => {{ {FLOODS[name]} }}")
        page.wait_for_timeout(1500)  # the longest flood takes a second
        added[site.bare] = page.evaluate("history.length") - before
        page.goto("about:blank")
    if name != "loose anchors":
        assert added[True] > 20
    assert added[False] <= 3


def test_the_last_place_is_kept_after_a_flood(artifact: Artifact) -> None:
    artifact.open("<!doctype html><title>spam</title><body>")
    artifact.run("() => { for (let i = 0; i < 47; i++) location.hash = i }")
    artifact.page.wait_for_timeout(1000)
    assert artifact.run("location.hash") == "#46"


CLICK = "<textarea id=t>stolen</textarea><button id=b onclick='t.select(); window.copied = document.execCommand(`copy`)'>b</button>"


def test_nothing_is_copied_without_the_app(artifact: Artifact, site: Site) -> None:
    for site.bare, expected in ((True, "stolen"), (False, "before")):
        artifact.open(START + CLICK)
        assert write_and_read(artifact, lambda: artifact.frame.click("#b")) == expected
    assert artifact.message("copy")["text"] == "stolen"


def test_nothing_is_copied_from_a_nested_document(artifact: Artifact, site: Site) -> None:
    html = CLICK.replace("'", "&quot;")
    for site.bare, expected in ((True, "stolen"), (False, "before")):
        artifact.open(START + f"<iframe srcdoc='{html}'></iframe>")
        nested = artifact.frame.frame_locator("iframe").locator("#b")
        assert write_and_read(artifact, nested.click) == expected
    assert artifact.messages("copy") == []


def write_and_read(artifact: Artifact, act: object) -> str:
    """What the clipboard holds after the act; "before" when the act did not change it."""
    assert callable(act)
    page = artifact.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=artifact.site.app)
    page.click("#elsewhere")
    page.evaluate("navigator.clipboard.writeText('before')")
    act()
    page.wait_for_timeout(200)
    page.click("#elsewhere")
    return str(page.evaluate("navigator.clipboard.readText()"))


WORKERS = {
    "the constructor of an instance": "const R = Object.getPrototypeOf(new Worker(URL.createObjectURL(new Blob(['']))))"
    ".constructor; make(R)",
    "Reflect.construct replaced": "let R; Reflect.construct = (target) => { R = target; return {} };"
    "new Worker(URL.createObjectURL(new Blob(['']))); make(R ?? Worker)",
    "a trap on Object.prototype": "let R; Object.prototype.get = function (target) { if (this !== window) R ??= target; };"
    "Worker.prototype; delete Object.prototype.get; make(typeof R === 'function' ? R : Worker)",
    "blobs of another's parts": "Array.prototype[Symbol.iterator] = function* () { yield 'postMessage(`x`)' }; make(Worker)",
}


@pytest.mark.parametrize("name", WORKERS)
def test_workers_are_confined(artifact: Artifact, name: str) -> None:
    """Seen by the mark that the prologue leaves: the worker's own constructor is wrapped."""
    artifact.open(START)
    found = artifact.run(f"""new Promise((resolve) => {{
      const make = (Maker) => {{
        const code = "postMessage(Object.getOwnPropertyDescriptor(self, 'Worker').enumerable)";
        const blob = new Blob({{ [Symbol.iterator]: () => [code].values() }});
        new Maker(URL.createObjectURL(blob)).onmessage = (event) => resolve(event.data);
      }};
      {WORKERS[name]};
      setTimeout(() => resolve("nothing"), 2000);
    }})""")
    assert found in (True, "nothing")


def test_messages_are_held(artifact: Artifact) -> None:
    artifact.open("<!doctype html><title>flood</title>")
    artifact.run("() => { for (let i = 0; i < 5000; i++) console.log(i) }")
    artifact.message("console", lambda message: "more messages were dropped" in message["text"])
    assert len(artifact.messages("console")) < 200


def test_a_forged_name_gains_nothing(artifact: Artifact, site: Site) -> None:
    site.files["next.html"] = "<!doctype html><title>next</title>"
    artifact.open("<!doctype html><title>forger</title>")
    artifact.run(
        """() => {
      window.name = JSON.stringify({ nonce: "guess", app: "APP", language: "en", local: {}, session: {}, cookie: "", databases: "" });
      setTimeout(() => (location.href = "next.html"));
    }""".replace("APP", site.app)
    )
    artifact.wait("document.title === 'next'")
    artifact.page.wait_for_timeout(300)
    assert artifact.page.evaluate("hellos") == 1
