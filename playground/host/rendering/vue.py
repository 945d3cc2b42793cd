from playground.host.rendering.page import Page, head

# What else the file imports has been rewritten to the shelf's address, and comes as a module of the browser's.
_BODY = """<style>body {{ margin: 0 }}</style>
<script src="https://cdn.jsdelivr.net/npm/vue@3/dist/vue.global.prod.js"></script>
<script src="https://cdn.jsdelivr.net/npm/vue3-sfc-loader@0.9/dist/vue3-sfc-loader.js"></script>
</head>
<body>
<div id="app"></div>
<script type="module">
const {{ loadModule }} = window["vue3-sfc-loader"];
const options = {{
  moduleCache: {{ vue: Vue }},
  pathResolve: ({{ refPath, relPath }}) =>
    /^[./]/.test(relPath) ? new URL(relPath, new URL(refPath ?? "", document.baseURI)).href : relPath,
  async getFile(url) {{
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${{url}}: ${{answer.status}}`);
    return {{ getContentData: (isBinary) => (isBinary ? answer.arrayBuffer() : answer.text()) }};
  }},
  addStyle: (text) => document.head.append(Object.assign(document.createElement("style"), {{ textContent: text }})),
  async loadModule(path) {{
    if (!/^https?:/.test(path) || /\\.(vue|css)$/.test(path)) return undefined;
    return {{ __esModule: true, ...(await import(path)) }};
  }},
}};
Vue.createApp(await loadModule("./{name}", options)).mount("#app");
</script>
</body></html>"""


def render_vue(name: str) -> Page:
    return Page(head(name) + _BODY.format(name=name))
