"""Small pages with one property each."""


def page(body: str, head: str = "<title>A page</title>") -> str:
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'


CANVAS = "<canvas width=600 height=400></canvas><script>const c = document.querySelector('canvas').getContext('2d');"
_GAME = """let x = 100; addEventListener('keydown', e => { if (e.key === 'ArrowRight') x += 9; draw(); });
function draw() {
c.fillStyle = '#123'; c.fillRect(0, 0, 600, 400); c.fillStyle = '#fc0'; c.fillRect(x, 200, 40, 40); }"""

# What the twins say: whether input makes a difference.
TWINS: dict[str, tuple[str, bool]] = {
    "button": ("<button onclick=\"this.textContent = 'clicked'\">Click me</button>", True),
    "dead button": ("<p>Some words</p><button>Start</button>", False),
    "key game": (f"{CANVAS}{_GAME} draw();</script>", True),
    "animated key game": (
        f"{CANVAS}{_GAME} let t = 0; (function loop() {{ t += 1; draw();"
        " c.fillRect(50 + 40 * Math.sin(t / 9), 50, 30, 30);"
        " requestAnimationFrame(loop) })()</script>",
        True,
    ),
    "CSS animation": (
        "<style>div{width:90px;height:90px;background:teal;animation:a 1s infinite alternate}"
        "@keyframes a{to{transform:translateX(300px)}}</style><div></div>"
        "<script>addEventListener('keydown', () => {}); addEventListener('click', () => {})</script>",
        False,
    ),
    "random animation": (
        f"{CANVAS} setInterval(() => {{ c.fillStyle = `hsl(${{Math.random() * 360}} 90% 50%)`;"
        " c.fillRect(Math.random() * 600, Math.random() * 400, 20, 20) }, 50);"
        " addEventListener('keydown', () => {})</script>",
        False,
    ),
    "random key game": (
        f"{CANVAS}{_GAME} setInterval(() => {{ draw();"
        " c.fillRect(Math.random() * 600, Math.random() * 150, 20, 20) }, 60);</script>",
        True,
    ),
    "plain animation": (
        f"{CANVAS} let t = 0; (function loop() {{ t += 1; c.fillStyle = '#fff'; c.fillRect(0, 0, 600, 400);"
        " c.fillStyle = '#05a'; c.fillRect(t % 600, 100, 50, 50); requestAnimationFrame(loop) })();"
        " addEventListener('pointerdown', () => {})</script>",
        False,
    ),
}

# What is seen while it runs.
WATCHED: dict[str, str] = {
    "blank canvas": page("<canvas width=800 height=600 style='background:#000'></canvas><p>Space shooter</p>"),
    "empty": page(""),
    "one button": page("<button>Start</button>"),
    "hang": page("<p>Soon</p><script>setTimeout(() => { while (1); }, 800)</script>"),
    "leaves": page("<p>Moving</p><script>setTimeout(() => { location = 'https://example.com/away' }, 300)</script>"),
    "reloads": page("<p>Again</p><script>setTimeout(() => location.reload(), 100)</script>"),
    "reloads slowly": page("<p>Again</p><script>setTimeout(() => location.reload(), 1300)</script>"),
    "reloads once": page(
        "<p>Words</p><script>if (!location.hash) { location.hash = 'new'; setTimeout(() => location.reload(), 100) }"
        "</script>"
    ),
    "exception": page("<p>Words</p>\n<script>\nconst a = 1;\nmissing.call();\n</script>"),
    "console": page("<p>Words</p><script>console.error('no sprite', 42); console.log('fine')</script>"),
    "module": page("<p>Words</p><script type=module>import { a } from './none.js'; a();</script>"),
    "animated": page(TWINS["plain animation"][0]),
    "wide": page("<div style='width:1500px;height:40px;background:linear-gradient(90deg,red,blue)'>Wide</div>"),
    "rejection": page("<p>Words</p><script>Promise.reject(new Error('no level'))</script>"),
    "syntax": page("<p>Words</p><script>let x = ;</script>"),
    "image": page("<p>Words</p><img src=none.png alt=None>"),
    "blocked": page("<p>Words</p><script src=https://cdn.example.com/a.js></script>"),
    "frozen": page(
        f"<p>Words</p>{CANVAS} (function loop() {{ c.clearRect(0, 0, 9, 9); requestAnimationFrame(loop) }})()</script>"
    ),
    "no names": page("<p>Words</p><button></button><input>"),
    "faint": page("<p style='color:#eee;background:#fff'>Words that nobody can read</p>"),
    "no title": page(
        "<p>Words</p><img src=data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7>", head=""
    ),
}

# What takes all that there is.
HEAVY: dict[str, str] = {
    "hang": "<p>Soon</p><script>setTimeout(() => { while (1); }, 800)</script>",
    "memory": "<p>Words</p><script>const a = []; setInterval(() => {"
    " for (let i = 0; i < 20; i++) a.push(new Uint8Array(1e7).fill(1)) }, 10)</script>",
    "dialogs": "<p>Words</p><script>for (let i = 0; i < 10000; i++) alert(i)</script>",
    "nodes": "<p>Words</p><script>setInterval(() => { for (let i = 0; i < 500; i++)"
    " document.body.append(Object.assign(document.createElement('div'), { textContent: i })) }, 100)</script>",
}
