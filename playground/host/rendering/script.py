"""A lone script: a p5 sketch, or plain JavaScript with an empty page to work on."""

import re

from playground.host.rendering.page import Collected, Page, head

_SKETCH = re.compile(
    r"\bfunction\s+(?:setup|draw)\s*\(|\b(?:setup|draw)\s*=\s*(?:async\s*)?(?:function|\()|\bnew\s+p5\b"
)
_SOUND = re.compile(r"\bloadSound\b|\bp5\.(?:AudioIn|FFT|Amplitude|SoundFile|Oscillator|Envelope)\b")
_MODULE = re.compile(
    r"^\s*(?:import\s*[\w{*\"'$]|export\s)|^\s*(?:const|let|var)?[^\n]*\bawait\s+import\(", re.MULTILINE
)
_P5 = "https://cdn.jsdelivr.net/npm/p5@1/lib"
_STYLE = """<style>body { margin: 0; font: 16px/1.5 system-ui, sans-serif }
#output { margin: 0; padding: 1rem; font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap }
#output:empty { display: none }</style>
"""
# What the script says is shown as well: it may be all that it does.
_OUTPUT = """<div id="app"></div><div id="root"></div><pre id="output"></pre>
<script>
for (const level of ["log", "info", "warn", "error"]) {
  const say = console[level];
  const show = (value) => (typeof value === "string" ? value : (JSON.stringify(value) ?? String(value)));
  console[level] = (...values) => {
    say.apply(console, values);
    try {
      document.getElementById("output")?.append(values.map(show).join(" ") + "\\n");
    } catch {}
  };
}
</script>
"""


def render_script(name: str) -> Page:
    before = f"{head(name)}{_STYLE}</head>\n<body>\n"
    return Page(before, lambda: Collected(lambda text: _convert(name, text)), "</body></html>")


def _convert(name: str, text: str) -> str:
    is_module = name.endswith((".mjs", ".ts")) or _MODULE.search(text) is not None
    script = f'<script{" type=module" if is_module else ""} src="./{name}"></script>\n'
    if not _SKETCH.search(text):
        return _OUTPUT + script
    sound = f'<script src="{_P5}/addons/p5.sound.min.js"></script>\n' if _SOUND.search(text) else ""
    return f'<script src="{_P5}/p5.min.js"></script>\n{sound}{script}'
