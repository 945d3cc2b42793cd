"""Attacks that leave the frame or take the app along, and those that come from outside of it."""

import re
from http.client import HTTPConnection

import pytest
from playwright.sync_api import Page, Request

from tests.e2e.attacks.attacks import NAVIGATIONS, script, template
from tests.e2e.attacks.conftest import Victims, Visitor, note
from tests.e2e.attacks.deployment import SECRET, Strong
from tests.e2e.attacks.evil import Evil
from tests.e2e.attacks.weak import Weak

pytestmark = pytest.mark.e2e


def _attack(visitor: Visitor, evil: Evil, name: str, markup: str, seconds: float) -> set[str]:
    """What happened: `leak`, `led` (the app is no longer there)."""
    target = visitor.deployment
    head = template(evil, target.app, target.other, SECRET)
    evil.leaks.discard(name)
    page = visitor.context.new_page()
    shown = target.show({"index.html": head + markup.replace("{leak}", f"{evil.origin}/leak/{name}")})
    page.goto(shown.page, wait_until="commit")
    evil.wait({name}, seconds)
    page.wait_for_timeout(100)
    happened = {"leak"} if name in evil.leaks else set()
    if page.url != shown.page:
        happened.add("led")
    page.close()
    return happened


@pytest.mark.parametrize("name", NAVIGATIONS)
def test_it_stays_where_it_is(victims: Victims, evil: Evil, name: str) -> None:
    assert _attack(victims["weak"], evil, name, NAVIGATIONS[name], 5), "this attack has no sting"
    assert not _attack(victims["strong"], evil, name, NAVIGATIONS[name], 0.8)


KEPT = 12  # entries that may stay: the bridge takes a frame away that leaves more


def _history(visitor: Visitor, evil: Evil, code: str) -> int:
    """How many entries the page's history grew by. Nobody takes them back in the weak one."""
    head = template(evil, visitor.deployment.app, "", SECRET)
    page = visitor.context.new_page()
    frame = visitor.look(page, {"index.html": f"{head}<button id=go>go</button>", "two.html": "<title>two</title>x"})
    before = page.evaluate("history.length")
    frame.click("#go")
    frame.evaluate(f"(async () => {{ {code} }})().catch(() => 0)")
    for _ in range(20):  # what cannot be prevented is taken back a moment later
        page.wait_for_timeout(200)
        grown = int(page.evaluate("history.length")) - int(before)
        if grown <= KEPT or isinstance(visitor.deployment, Weak):
            break
    page.close()
    return grown


SPAM = {
    "push-state": "for (let n = 0; n < 40; n++) try { history.pushState(n, '') } catch {}",
    "hash": "for (let n = 0; n < 40; n++) { location.hash = n; await pause(5) }",
    "location": "for (let n = 0; n < 40; n++) { location.assign(`#${n}`); await pause(5) }",
    "anchor": """const a = document.createElement("a"); document.body.append(a);
        for (let n = 0; n < 40; n++) { a.href = `#a${n}`; a.click(); await pause(5) }""",
    "navigation-api": "for (let n = 0; n < 40; n++) { navigation.navigate(`#n${n}`); await pause(5) }",
    "nested": """const f = nested("<title>x</title>"); await pause(100);
        for (let n = 0; n < 40; n++) { f.contentWindow.location = `about:srcdoc#${n}`; await pause(20) }""",
    "nested-itself": """nested(`<script>setInterval(() => location.hash = Math.random(), 20)<\\/script>`);
        await pause(1000)""",
}


@pytest.mark.parametrize("name", SPAM)
def test_the_way_back_is_not_buried(victims: Victims, evil: Evil, name: str) -> None:
    assert _history(victims["weak"], evil, SPAM[name]) >= 20, "this attack has no sting"
    assert _history(victims["strong"], evil, SPAM[name]) <= KEPT


MOST_LOADS = 6 * 3  # five times anew after the first; and each document loads a few before its frame is gone


def _loads(visitor: Visitor, markup: str) -> tuple[int, int]:
    """How often the artifact is loaded within four seconds, and in the second after."""
    page = visitor.context.new_page()
    shown = visitor.deployment.show({"index.html": f"<!doctype html><title>again</title>{markup}"})
    requests: list[Request] = []
    page.on("request", note(requests))
    page.goto(shown.page)
    page.wait_for_timeout(4000)
    first = sum(request.url.startswith(shown.frame) for request in requests)
    page.wait_for_timeout(1000)
    page.close()
    return first, sum(request.url.startswith(shown.frame) for request in requests) - first


RELOADS = {
    "reload": script("await new Promise((done) => setTimeout(done, 50)); location.reload()"),
    "refresh": '<meta http-equiv="refresh" content="0">',
}


@pytest.mark.parametrize("name", RELOADS)
def test_a_page_that_reloads_for_ever_is_stopped(victims: Victims, name: str) -> None:
    loads, more = _loads(victims["weak"], RELOADS[name])
    assert loads > MOST_LOADS, "this attack has no sting"
    assert more > 2, "this attack has no sting"
    loads, more = _loads(victims["strong"], RELOADS[name])
    assert loads <= MOST_LOADS
    assert more == 0


def test_a_third_site_frames_no_artifact(victims: Victims, evil: Evil) -> None:
    def is_framed(visitor: Visitor) -> bool:
        shown = visitor.deployment.show({"index.html": f"<!doctype html><title>{SECRET}</title>"})
        return _framed_text(visitor, evil, shown.frame, "document.title") == SECRET

    assert is_framed(victims["weak"]), "this attack has no sting"
    assert not is_framed(victims["strong"])


@pytest.mark.parametrize("path", ["/", "/accounts/login/"])
def test_a_third_site_frames_no_page_of_the_app(victims: Victims, evil: Evil, path: str) -> None:
    def is_framed(visitor: Visitor) -> bool:
        text = _framed_text(visitor, evil, visitor.deployment.app + path, "document.body.textContent")
        return SECRET in text or "Playground" in text

    assert is_framed(victims["weak"]), "this attack has no sting"
    assert not is_framed(victims["strong"])


def _framed_text(visitor: Visitor, evil: Evil, url: str, what: str) -> str:
    evil.pages["/framing"] = f'<iframe src="{url}"></iframe>'
    page = visitor.context.new_page()
    page.goto(f"{evil.origin}/framing")
    page.wait_for_timeout(300)
    text = str(page.frames[-1].evaluate(what)) if page.frames[-1].url.startswith(url) else ""
    page.close()
    return text


def test_an_artifact_frames_no_page_of_the_app(victims: Victims, evil: Evil) -> None:
    def is_framed(visitor: Visitor) -> bool:
        page = visitor.context.new_page()
        code = script("const f = nested(); f.src = `${T.app}/accounts/login/`")
        head = template(evil, visitor.deployment.app, "", SECRET)
        visitor.look(page, {"index.html": head + code})
        page.wait_for_timeout(500)
        framed = [frame for frame in page.frames if frame.url.endswith("/accounts/login/")]
        page.close()
        return bool(framed)

    assert is_framed(victims["weak"]), "this attack has no sting"
    assert not is_framed(victims["strong"])


def test_opened_directly_it_is_not_shown(victims: Victims) -> None:
    def reads_cookie(visitor: Visitor) -> tuple[bool, Page]:
        shown = visitor.deployment.show(
            {"index.html": "<!doctype html><script>document.title = `attacked ${document.cookie}`</script>"}
        )
        page = visitor.context.new_page()
        page.goto(shown.frame)
        return page.title().startswith("attacked"), page

    is_shown, page = reads_cookie(victims["weak"])
    assert is_shown, "this attack has no sting"
    page.close()
    is_shown, page = reads_cookie(victims["strong"])
    assert not is_shown
    page.get_by_role("link").click()
    page.wait_for_url(re.compile(r"/a/\w+/v/1$"))
    page.close()


def test_an_image_of_a_page_is_confined_too(victims: Victims) -> None:
    """An SVG file is a document with scripts of its own."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><script>document.documentElement.id = "{SECRET}"</script></svg>'
    shown = victims["strong"].deployment.show({"index.html": "<!doctype html>", "pic.svg": svg})
    page = victims["strong"].context.new_page()
    page.goto(f"{shown.frame}pic.svg")
    assert SECRET not in page.content()
    page.close()


def test_a_window_that_opens_the_app_has_no_hold_on_it(victims: Victims, evil: Evil) -> None:
    def has_hold(visitor: Visitor) -> bool:
        evil.pages["/opener"] = f"<button onclick=\"w = window.open('{visitor.deployment.app}/app/0')\">go</button>"
        page = visitor.context.new_page()
        page.goto(f"{evil.origin}/opener")
        with visitor.context.expect_page() as opened:
            page.click("button")
        opened.value.wait_for_load_state()
        hold = not page.evaluate("w.closed")
        opened.value.close()
        page.close()
        return hold

    assert has_hold(victims["weak"]), "this attack has no sting"
    assert not has_hold(victims["strong"])


FORGERIES = {
    "site-form": """<form method="post" enctype="text/plain" action="{app}/api/artifacts">
        <input name='{{"title": "site-form", "x": "leak=site-form&' value='", "files": {{"index.html": "x"}}}}'></form>
        <script>document.forms[0].submit()</script>""",
    "site-fetch": """<script>fetch("{app}/api/artifacts", {{ method: "POST", mode: "no-cors", credentials: "include",
        body: '{{"title": "site-fetch", "files": {{"index.html": "leak=site-fetch&"}}}}' }})</script>""",
    "site-get": '<img src="{app}/?leak=site-get&">',
}


@pytest.mark.parametrize("name", FORGERIES)
def test_another_site_writes_nothing(victims: Victims, evil: Evil, name: str) -> None:
    def is_written(visitor: Visitor) -> bool:
        app = visitor.deployment.app
        evil.pages["/forging"] = FORGERIES[name].format(app=app)
        page = visitor.context.new_page()
        statuses: list[int] = []
        page.on("response", lambda answer: statuses.append(answer.status) if app in answer.url else None)
        page.goto(f"{evil.origin}/forging", wait_until="commit")
        page.wait_for_timeout(700)
        page.close()
        return name in visitor.deployment.written() or statuses[:1] == [200]

    assert is_written(victims["weak"]), "this attack has no sting"
    assert not is_written(victims["strong"])


ESCAPES = ["/v/1/../../../../secret", "/v/1/%2e%2e/%2e%2e/secret", "/v/1/..%2f..%2fsecret", "/v/1//etc/passwd"]


@pytest.mark.parametrize("path", ESCAPES)
def test_no_path_leads_out_of_an_artifact(victims: Victims, path: str) -> None:
    strong = victims["strong"].deployment
    assert isinstance(strong, Strong)
    host = strong.show({"index.html": "<p>x"}).frame.removeprefix("http://").partition("/")[0]
    status, body = raw_get(strong.app, host, path)
    assert status == 404
    assert SECRET not in body


def test_the_weak_host_can_be_walked_out_of(victims: Victims) -> None:
    app = victims["weak"].deployment.app
    _status, body = raw_get(app, app.removeprefix("http://"), "/artifact/../secret")
    assert body == SECRET


@pytest.mark.parametrize("target", ["private", "other"])
@pytest.mark.parametrize("path", ["/v/1/", "/s/x/", "/s/{token}/"])
def test_a_private_page_opens_to_no_guess(victims: Victims, target: str, path: str) -> None:
    """`other` shows that the way is right: what is shared opens by its number, and nothing by a made-up signature."""
    strong = victims["strong"].deployment
    assert isinstance(strong, Strong)
    host, _, address = getattr(strong, target).removeprefix("http://").partition("/")
    token = strong.private.partition("/s/")[2].rstrip("/")
    forged = token[:-1] + ("A" if token[-1] != "A" else "B")
    status, body = raw_get(strong.app, host, path.format(token=forged if target == "private" else token))
    is_shared = target == "other" and path == "/v/1/"
    assert (status == 200, SECRET in body) == (is_shared, is_shared)
    assert address


@pytest.mark.parametrize("path", ["/", "/api/conversations", "/accounts/login/", "/admin/login/"])
def test_the_app_is_not_on_an_artifacts_host(victims: Victims, path: str) -> None:
    strong = victims["strong"].deployment
    host = strong.other.removeprefix("http://").partition("/")[0]
    for spelling in (host, host.upper(), host.replace(":", ".:"), f"x.{host}"):
        status, body = raw_get(strong.app, spelling, path)
        assert status == 404
        assert "csrf" not in body
    weak = victims["weak"].deployment
    assert raw_get(weak.app, "abc.localhost", "/accounts/login/")[0] == 200


def raw_get(app: str, host: str, path: str) -> tuple[int, str]:
    """As a browser would not ask: the path as it is, under any host name."""
    connection = HTTPConnection("127.0.0.1", int(app.rpartition(":")[2]), timeout=15)
    connection.putrequest("GET", path, skip_host=True)
    connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read().decode(errors="replace")
    connection.close()
    return answer.status, body
