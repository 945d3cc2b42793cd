"""What pages do that mean no harm: it works in an opaque origin."""

import pytest

from tests.e2e.prelude.conftest import Artifact
from tests.e2e.prelude.site import Site

pytestmark = pytest.mark.e2e
EMPTY = "<!doctype html><title>a</title><body><p>hello</p>"


def test_the_introduction_is_read_and_wiped(artifact: Artifact) -> None:
    artifact.open(EMPTY + "<script>window.found = window.name</script>")
    assert artifact.run("found") == ""
    artifact.message("beat")
    assert artifact.page.evaluate("hellos") == 1


def test_without_an_introduction_it_works_on_its_own(artifact: Artifact) -> None:
    artifact.open(EMPTY, name="mine")
    assert artifact.run("localStorage.a = 1, localStorage.getItem('a')") == "1"
    assert artifact.run("window.name") == "mine"
    assert artifact.page.evaluate("moved") == [artifact.site.page]


def test_storage_is_that_of_a_browser(artifact: Artifact) -> None:
    artifact.open(EMPTY, local={"old": "1", "gone": "x"}, session={"s": "2"})
    assert artifact.run("[localStorage.old, localStorage.length, sessionStorage.getItem('s')]") == ["1", 2, "2"]
    artifact.run("""() => {
      localStorage.setItem("a", 5); localStorage.b = { toString: () => "six" }; delete localStorage.gone;
      sessionStorage["key with space"] = null;
    }""")
    assert artifact.run("Object.keys(localStorage)") == ["old", "a", "b"]
    assert artifact.run("JSON.stringify(localStorage)") == '{"old":"1","a":"5","b":"six"}'
    assert artifact.run("['a' in localStorage, 'c' in localStorage, localStorage.c === undefined]") == [
        True,
        False,
        True,
    ]
    assert artifact.run("[localStorage.key(1), localStorage.key(9), localStorage.getItem('c')]") == ["a", None, None]
    assert artifact.run("localStorage instanceof Storage && Storage.prototype.getItem.call(localStorage, 'a')") == "5"
    saved = artifact.message("storage", lambda message: message["area"] == "local")
    assert saved["clear"] is False
    assert dict(saved["changes"]) == {"a": "5", "b": "six", "gone": None}
    artifact.mount()
    assert artifact.run("[localStorage.a, sessionStorage['key with space']]") == ["5", "null"]


def test_storage_has_a_quota(artifact: Artifact) -> None:
    artifact.open(EMPTY)
    fill = "(() => { try { localStorage.big = 'x'.repeat(2e6) } catch (error) { return [error.name, error.code] } })()"
    assert artifact.run(fill) == ["QuotaExceededError", 22]
    assert artifact.run("localStorage.length") == 0


def test_cookies(artifact: Artifact) -> None:
    artifact.open(EMPTY)
    artifact.run(
        "document.cookie = 'a=1; path=/; max-age=100'; document.cookie = 'b=2'; document.cookie = 'b=; max-age=0'"
    )
    assert artifact.run("document.cookie") == "a=1"
    artifact.message("cookie", lambda message: '"a"' in message["value"])
    artifact.mount()
    assert artifact.run("document.cookie") == "a=1"


OPEN_DATABASE = """new Promise((resolve, reject) => {
  const request = indexedDB.open("notes", 2);
  request.onupgradeneeded = (event) => {
    const store = event.target.result.createObjectStore("notes", { keyPath: "id", autoIncrement: true });
    store.createIndex("by title", "title");
  };
  request.onerror = () => reject(request.error);
  request.onsuccess = () => { window.database = request.result; resolve(database.version) };
})"""


def test_databases_are_kept(artifact: Artifact) -> None:
    artifact.open(EMPTY)
    assert artifact.run("indexedDB.open instanceof Function && IDBKeyRange.bound(1, 5) instanceof IDBKeyRange")
    assert artifact.run(OPEN_DATABASE) == 2
    artifact.run("""new Promise((resolve) => {
      const transaction = database.transaction("notes", "readwrite");
      const store = transaction.objectStore("notes");
      store.put({ title: "one", when: new Date(5), bytes: new Uint8Array([1, 2]), file: new Blob(["hi"]) });
      store.put({ title: "two", map: new Map([["k", [undefined, NaN]]]) });
      transaction.oncomplete = resolve;
    })""")
    artifact.message("databases", lambda message: "two" in message["dump"])
    artifact.mount()
    assert artifact.run("(async () => (await indexedDB.databases()).map(({name, version}) => [name, version]))()") == [
        ["notes", 2]
    ]
    assert artifact.run(OPEN_DATABASE) == 2
    found = artifact.run("""new Promise((resolve) => {
      const range = IDBKeyRange.only("one");
      database.transaction("notes").objectStore("notes").index("by title").get(range).onsuccess = async (event) => {
        const { id, when, bytes, file } = event.target.result;
        resolve([id, when.getTime(), [...bytes], await file.text(), event.target instanceof IDBRequest]);
      };
    })""")
    assert found == [1, 5, [1, 2], "hi", True]


def test_dialogs_do_not_block(artifact: Artifact) -> None:
    artifact.open(EMPTY)
    height = artifact.run("document.documentElement.scrollHeight")
    assert artifact.run("[alert('hi'), confirm('sure?'), prompt('name?', 'x'), print()]") == [None, False, None, None]
    assert [message["kind"] for message in artifact.messages("dialog")] == ["alert", "confirm", "prompt"]
    assert artifact.run("document.documentElement.scrollHeight") == height


@pytest.mark.parametrize(
    "script",
    [
        "a.href = url; a.click(); URL.revokeObjectURL(url)",
        "a.href = url; document.body.append(a); a.click(); a.remove(); URL.revokeObjectURL(url)",
        "a.href = url; a.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))",
        "a.href = 'data:text/plain,content'; a.click()",
        "a.href = 'file.txt'; a.click()",
    ],
)
def test_downloads_are_offered(artifact: Artifact, site: Site, script: str) -> None:
    site.files["file.txt"] = "content"
    artifact.open(EMPTY)
    artifact.run(f"""() => {{
      const url = URL.createObjectURL(new Blob(["content"], {{ type: "text/plain" }}));
      const a = document.createElement("a"); a.download = "notes.txt"; {script};
    }}""")
    offer = artifact.message("download")
    assert (offer["name"], offer["content"]) == ("notes.txt", "content")
    assert offer["mime"].startswith("text/plain")


def test_a_blob_in_a_window_is_a_download(artifact: Artifact) -> None:
    artifact.open(EMPTY)
    assert artifact.run("window.open(URL.createObjectURL(new Blob(['{}'], { type: 'application/json' })))") is None
    assert artifact.message("download")["name"] == "download.json"


def test_links_leave_by_offer(artifact: Artifact) -> None:
    artifact.open(
        EMPTY + "<a id=one href='https://example.com/1'>one</a><div onclick='event.stopPropagation()'>"
        "<a id=two href='https://example.com/2'>two</a></div><a id=three href='mailto:a@b.c'>three</a>"
        "<a id=four href='https://example.com/4' onclick='event.preventDefault()'>four</a>"
        "<form action='https://example.com/search'><input name=q value='a b'><button id=five>go</button></form>"
    )
    for name in ("one", "two", "three", "four", "five"):
        artifact.frame.click(f"#{name}")
        artifact.page.wait_for_timeout(50)
    assert artifact.run("window.open('https://example.com/6')") is None
    artifact.message("link", lambda message: message["url"].endswith("6"))
    urls = [message["url"].removeprefix("https://example.com/") for message in artifact.messages("link")]
    assert urls == ["1", "2", "mailto:a@b.c", "search?q=a+b", "6"]
    assert artifact.run("[two.target, location.pathname]") == ["", "/v/1/"]


def test_anchors_scroll_and_scripts_run(artifact: Artifact) -> None:
    artifact.open(
        EMPTY + "<a id=down href='#there'>down</a><a id=code href='javascript:window.ran = 1;void 0'>run</a>"
        "<div style='height: 3000px'></div><p id=there>there</p>"
    )
    artifact.frame.click("#down")
    artifact.wait("scrollY > 100 && location.hash === '#there' && document.querySelector(':target')")
    artifact.run("scrollTo(0, 0)")
    artifact.frame.click("#code")
    artifact.wait("window.ran === 1")


def test_a_site_of_several_pages(artifact: Artifact, site: Site) -> None:
    site.files["sub/about.html"] = (
        "<!doctype html><title>about</title><p>about</p><a id=home href='../index.html'>home</a>"
    )
    artifact.open(EMPTY + "<a id=about href='sub/about.html'>about</a>")
    artifact.run("localStorage.visits = 1")
    artifact.message("storage")
    artifact.frame.click("#about")
    artifact.wait("document.title === 'about' && document.readyState === 'complete'")
    assert artifact.run("localStorage.visits") == "1"
    assert artifact.page.evaluate("hellos") == 2


def test_a_page_that_moves_itself_asks_for_an_introduction(artifact: Artifact, site: Site) -> None:
    site.files["about.html"] = "<!doctype html><title>about</title>"
    artifact.open(EMPTY)
    artifact.run("void (location.href = 'about.html')")
    artifact.page.wait_for_function("moved.length")
    assert artifact.page.evaluate("moved") == [f"{site.page}about.html"]


def test_full_screen(artifact: Artifact) -> None:
    artifact.open(
        EMPTY
        + "<canvas id=game></canvas><button onclick='game.requestFullscreen().then(() => (window.is = 1))'>f</button>"
    )
    assert artifact.run("document.fullscreenEnabled && document.fullscreenElement === null")
    artifact.run("void (document.onfullscreenchange = () => (window.changes = (window.changes ?? 0) + 1))")
    artifact.frame.click("button")
    assert artifact.message("fullscreen")["on"] is True
    artifact.page.evaluate("port.postMessage({ type: 'fullscreen', on: true })")
    artifact.wait("window.is && document.fullscreenElement === game && game.offsetWidth === innerWidth")
    artifact.run("document.exitFullscreen()")
    artifact.message("fullscreen", lambda message: message["on"] is False)
    artifact.page.evaluate("port.postMessage({ type: 'fullscreen', on: false })")
    artifact.wait("window.changes === 2 && document.fullscreenElement === null")


def test_copying_is_offered(artifact: Artifact) -> None:
    artifact.open(EMPTY + "<textarea id=text>from the text</textarea>")
    artifact.run("navigator.clipboard.writeText('one')")
    artifact.run("navigator.clipboard.write([new ClipboardItem({ 'text/plain': new Blob(['two']) })])")
    assert artifact.run("text.select(), document.execCommand('copy')") is True
    artifact.run(
        "document.addEventListener('copy', (event) => { event.clipboardData.setData('text/plain', 'four');"
        " event.preventDefault() }, { once: true }), document.execCommand('copy')"
    )
    assert [message["text"] for message in artifact.messages("copy")] == ["one", "two", "from the text", "four"]
    assert artifact.run("navigator.clipboard.readText().catch((error) => error.name)") == "NotAllowedError"


def test_routing_by_hash_and_by_state(artifact: Artifact) -> None:
    artifact.open(
        EMPTY + "<script>window.seen = []; onhashchange = () => seen.push(location.hash);"
        "onpopstate = (event) => { if (event.state) seen.push(event.state.page) }</script>"
    )
    for step in range(6):
        artifact.run(f"void (location.hash = '#/{step}')")
        artifact.page.wait_for_timeout(150)
    assert artifact.run("seen") == [f"#/{step}" for step in range(6)]
    assert artifact.run("location.hash") == "#/5"
    artifact.run("history.pushState({ page: 'a' }, '', '#a'), history.pushState({ page: 'b' }, '', '#b')")
    assert artifact.run("[history.state.page, location.hash, history.length > 2]") == ["b", "#b", True]
    artifact.run("history.back()")
    artifact.wait("location.hash === '#a' && history.state.page === 'a' && seen.includes('a')")
    artifact.run("history.forward()")
    artifact.wait("location.hash === '#b'")


@pytest.mark.parametrize("revoke", [True, False])
def test_workers(artifact: Artifact, revoke: bool) -> None:
    artifact.open(EMPTY)
    script = """(kind) => new Promise((resolve, reject) => {
      const code = "onmessage = (event) => postMessage([event.data, typeof WebTransport])" + (kind ? ";export {}" : "");
      const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
      const worker = new Worker(url, kind ? { type: "module" } : undefined);
      if (REVOKE) URL.revokeObjectURL(url);
      worker.onmessage = (event) => resolve(event.data);
      worker.onerror = reject;
      worker.postMessage("hi");
    })""".replace("REVOKE", str(revoke).lower())
    assert artifact.frame.evaluate(script, "") == ["hi", "undefined"]
    if not revoke:
        assert artifact.frame.evaluate(script, "module") == ["hi", "undefined"]


def test_workers_from_files(artifact: Artifact, site: Site) -> None:
    site.files["work/worker.js"] = (
        "importScripts('part.js'); fetch('data.json').then(r => r.json()).then(d => postMessage([part, d]))"
    )
    site.files["work/part.js"] = "self.part = 7"
    site.files["work/data.json"] = "[1]"
    site.files["work/module.js"] = (
        "import { two } from './two.js'; postMessage(two + new URL(import.meta.url).pathname)"
    )
    site.files["work/two.js"] = "export const two = 2"
    artifact.open(EMPTY)
    run = "(args) => new Promise((resolve) => { new Worker(...args).onmessage = (event) => resolve(event.data) })"
    assert artifact.frame.evaluate(run, ["work/worker.js"]) == [7, [1]]
    assert artifact.frame.evaluate(run, ["work/module.js", {"type": "module"}]) == "2/v/1/work/module.js"


def test_documents_inside(artifact: Artifact) -> None:
    artifact.open(
        EMPTY + "<script>window.said = []; onmessage = (event) => said.push(event.data)</script>"
        "<iframe srcdoc='<!doctype html><b>hi</b><script>localStorage.a = 1; parent.postMessage(localStorage.a, `*`)</script>'>"
        "</iframe>"
    )
    artifact.wait("said.length === 1 && said[0] === '1'")
    artifact.run("""() => {
      const frame = document.createElement("iframe");
      frame.src = URL.createObjectURL(new Blob(["<script>parent.postMessage('blob', '*')</scr" + "ipt>"], { type: "text/html" }));
      document.body.append(frame);
    }""")
    artifact.wait("said.includes('blob')")


def test_refusals(artifact: Artifact) -> None:
    artifact.open(EMPTY)
    assert artifact.run("['serviceWorker' in navigator, Notification.permission, navigator.canShare()]") == [
        False,
        "denied",
        False,
    ]
    assert artifact.run("Notification.requestPermission()") == "denied"
    assert artifact.run("navigator.share({}).catch((error) => error.name)") == "NotAllowedError"
    assert (
        artifact.run("navigator.permissions.query({ name: 'geolocation' }).then((status) => status.state)") == "denied"
    )


def test_the_heartbeat_outlives_a_page_that_clears_all_timers(artifact: Artifact) -> None:
    artifact.open(EMPTY)
    artifact.run("() => { for (let id = 0; id < 1000; id++) { clearInterval(id); clearTimeout(id) } }")
    count = len(artifact.messages("beat"))
    artifact.page.wait_for_function(
        "(count) => messages.filter((m) => m.type === 'beat').length > count + 2", arg=count
    )


def test_code_evaluated_and_markup_written(artifact: Artifact) -> None:
    artifact.open(EMPTY + "<script>document.write('<p id=written>w</p>')</script><div id=box></div>")
    assert artifact.run("[eval('1 + 1'), new Function('return 3')(), written.textContent]") == [2, 3, "w"]
    artifact.run("setTimeout('window.late = 4'), box.innerHTML = '<button onclick=\"window.clicked = 5\">b</button>'")
    artifact.run("box.firstChild.click()")
    artifact.wait("window.late === 4 && window.clicked === 5")
    artifact.run(
        """() => { const script = document.createElement("script"); script.text = "window.added = 6"; document.body.append(script) }"""
    )
    assert artifact.run("added") == 6
    artifact.run("document.open(), document.write('<a id=x href=https://example.com/9>x</a>'), document.close()")
    artifact.frame.click("#x")
    assert artifact.message("link")["url"] == "https://example.com/9"
