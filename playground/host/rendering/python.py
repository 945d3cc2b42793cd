import json

from django.utils.translation import gettext as _

from playground.host.rendering.page import Page, head

_BODY = """<style>
#output {{ margin: 0; padding: 1rem; font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap }}
</style>
</head>
<body>
<pre id="output">{loading}</pre>
<script type="module">
const output = document.getElementById("output");
const texts = {texts};
let python;
try {{
  const {{ loadPyodide }} = await import("https://cdn.jsdelivr.net/pyodide/v0.28.0/full/pyodide.mjs");
  python = await loadPyodide();
}} catch (error) {{
  output.textContent = texts.absent;
  throw error;
}}
output.textContent = "";
const say = {{ batched: (line) => output.append(line + "\\n") }};
python.setStdout(say);
python.setStderr(say);
const source = await (await fetch("./{name}")).text();
try {{
  await python.loadPackagesFromImports(source).catch(() => undefined);
  await python.runPythonAsync(source, {{ filename: "{name}" }});
}} catch (error) {{
  output.append(String(error.message ?? error));
  throw error;
}}
</script>
</body></html>"""


def render_python(name: str) -> Page:
    """By Pyodide, which is too large to be on every shelf."""
    absent = _(
        "Python pages run by Pyodide, which is not on this playground’s library shelf. "
        "An admin can add the package “pyodide” on the admin pages, under “Library shelf”."
    )
    texts = json.dumps({"absent": absent}).replace("<", "\\u003c")
    body = _BODY.format(name=name, texts=texts, loading=_("Python is being loaded …"))
    return Page(head(name, is_for_reading=True) + body)
