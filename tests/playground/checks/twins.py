"""More small pages, with the answer to whether input makes a difference on them. Pages that move by themselves and
listen to input, but do nothing with it, are what a check is most easily wrong about."""

from tests.playground.checks.pages import CANVAS

_LISTEN = "for (const type of ['keydown', 'click', 'pointermove']) addEventListener(type, () => {});"
_LOOP = "let t = 0; (function loop() {{ t += 1; {} requestAnimationFrame(loop) }})();"
_WIPE = "c.fillStyle = '#fff'; c.fillRect(0, 0, 600, 400); c.fillStyle = '#05a';"


def _animated(draw: str, script: str = _LISTEN) -> str:
    return f"{CANVAS} {script} {_LOOP.format(_WIPE + draw)}</script>"


def _listening(type_: str, script: str, body: str = "<p id=p>Words</p>") -> str:
    return f"{body}<script>addEventListener('{type_}', e => {{ {script} }})</script>"


_RESPONDS: dict[str, str] = {
    "text by key": _listening("keydown", "p.textContent = e.key"),
    "colour by key": _listening("keydown", "document.body.style.background = 'gold'"),
    "text by click": _listening("click", "p.textContent += '!'"),
    "touch of the pointer": _listening("pointerdown", "p.style.marginLeft = '90px'"),
    "mouse down": _listening("mousedown", "p.hidden = true"),
    "only the arrow up": _listening("keydown", "if (e.key === 'ArrowUp') p.style.paddingTop = '50px'"),
    "key up": _listening("keyup", "p.textContent = e.code"),
    "late": _listening("click", "setTimeout(() => p.textContent = 'there', 300)"),
    "link within": "<a href='#there'>Go</a><div style='height:3000px'></div><p id=there>There</p>"
    "<style>:target{font-size:4rem}</style><script>onhashchange = () => document.title = 'x';"
    "document.querySelector('a').onclick = () => document.body.style.background = 'gold'</script>",
    "check box": "<label><input type=checkbox onchange=\"p.textContent = 'on'\"> Sound</label><p id=p>off</p>",
    "slider": "<label>Size <input type=range oninput='p.textContent = this.value'></label><p id=p>50</p>",
    "field": "<label>Name <input oninput=\"p.textContent = 'Hello ' + this.value\"></label><p id=p>Hello</p>",
    "choice": "<label>Colour <select onchange='document.body.style.background = this.value'>"
    "<option>white<option>gold<option>teal</select></label>",
    "form": "<form onsubmit=\"event.preventDefault(); p.textContent = 'sent'\"><button>Send</button></form><p id=p></p>",
    "dialog": "<button onclick='d.showModal()'>Help</button><dialog id=d>Use the arrow keys</dialog>",
    "details": "<details><summary>More</summary>Much more to read</details>",
    "second of two": "<button>Nothing</button><button onclick='p.textContent = 1'>Add</button><p id=p>0</p>",
    "animated, by click": _animated(
        "c.fillRect(t % 600, 100, 50, r);", "let r = 20; addEventListener('click', () => r = 90);"
    ),
    "random, by click": _animated(
        "c.fillRect(Math.random() * 600, Math.random() * 99, 9, 9); c.fillRect(9, 200, r, 9);",
        "let r = 20; addEventListener('click', () => r = 290);",
    ),
}
_DOES_NOT: dict[str, str] = {
    "circle": _animated("c.fillRect(300 + 200 * Math.cos(t / 20), 200 + 90 * Math.sin(t / 20), 30, 30);"),
    "by the clock": _animated("c.fillRect(performance.now() / 9 % 600, 100, 50, 50);"),
    "by the date": _animated("c.fillRect(Date.now() / 9 % 600, 100, 50, 50);"),
    "snow": _animated("for (let i = 0; i < 99; i++) c.fillRect(Math.random() * 600, Math.random() * 400, 3, 3);"),
    "crypto": _animated("const r = crypto.getRandomValues(new Uint8Array(2)); c.fillRect(r[0] * 2, r[1], 40, 40);"),
    "seconds": f"<p id=p></p><script>{_LISTEN} setInterval(() => p.textContent = new Date().toISOString(), 100)</script>",
    "counter": f"<p id=p>0</p><script>{_LISTEN} setInterval(() => p.textContent++, 70)</script>",
    "blinking": f"<style>p{{animation:a .5s steps(2) infinite}}@keyframes a{{to{{opacity:0}}}}</style><p>Words</p>"
    f"<script>{_LISTEN}</script>",
    "SVG": "<svg width=300 height=90><circle r=20 cy=45><animate attributeName=cx from=20 to=280 dur=2s"
    f" repeatCount=indefinite /></circle></svg><script>{_LISTEN}</script>",
    "transitions": f"<style>p{{transition:all .4s}}</style><p id=p>Words</p><script>{_LISTEN}"
    " setInterval(() => p.style.marginLeft = Math.random() * 300 + 'px', 500)</script>",
    "dead button that hovers": "<style>button:hover{background:gold}</style><button>Start</button>",
    "dead button that moves": "<style>button{animation:a 1s infinite alternate}@keyframes a{to{transform:scale(1.2)}}</style>"
    "<button>Start</button>",
    "nothing at all": "<h1>Poem</h1><p>Roses are red</p>",
}
MORE_TWINS: dict[str, tuple[str, bool]] = {name: (body, True) for name, body in _RESPONDS.items()} | {
    name: (body, False) for name, body in _DOES_NOT.items()
}
