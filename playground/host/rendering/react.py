from playground.host.rendering.page import Page, head

# React is there as a global, too: many a component takes its hooks from it.
_BODY = """<script src="https://cdn.tailwindcss.com"></script>
<style>body {{ margin: 0 }}</style>
</head>
<body>
<div id="root"></div>
<script type="module">
import * as React from "react";
import * as ReactDOM from "react-dom/client";
Object.assign(window, {{ React, ReactDOM }});
</script>
<script type="module">
import {{ createElement }} from "react";
import {{ createRoot }} from "react-dom/client";
import * as app from "./{name}";
const root = document.getElementById("root");
const isMounted = root.hasChildNodes() || Object.keys(root).some((key) => key.startsWith("__reactContainer"));
const Component = app.default ?? Object.values(app).find((value) => typeof value === "function");
if (Component && !isMounted) createRoot(root).render(createElement(Component));
</script>
</body></html>"""


def render_react(name: str) -> Page:
    """The component that the file exports by default; a file that mounts itself does so in `#root`."""
    return Page(head(name) + _BODY.format(name=name))
