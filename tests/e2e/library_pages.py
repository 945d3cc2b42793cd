"""Pages as models write them, each with what is true in it once its libraries run. By name: body or files, and the test.

Every address form that `playground.shelf.cdn` knows stands in one of them.
"""

CDNJS = "https://cdnjs.cloudflare.com/ajax/libs"
NPM = "https://cdn.jsdelivr.net/npm"

_CUBE = """const scene = new THREE.Scene(), camera = new THREE.PerspectiveCamera(60, 1, 0.1, 9);
  const renderer = new THREE.WebGLRenderer(); document.body.append(renderer.domElement);
  scene.add(new THREE.Mesh(new THREE.BoxGeometry(), new THREE.MeshNormalMaterial()));
  renderer.render(scene, camera); window.done = THREE.REVISION;"""


def script(url: str) -> str:
    return f'<script src="{url}"></script>'


def module(text: str) -> str:
    return f'<script type="module">{text}</script>'


PAGES: dict[str, tuple[str | dict[str, str], str]] = {
    "three r128, cdnjs": (
        f'<script src="{CDNJS}/three.js/r128/three.min.js" integrity="sha512-wrong" crossorigin="anonymous"></script>'
        f"<script>{_CUBE}</script>",
        "done === '128'",
    ),
    "three, import map and addons, unpkg": (
        """<script type="importmap">{"imports": {"three": "https://unpkg.com/three@0.160.0/build/three.module.js",
        "three/addons/": "https://unpkg.com/three@0.160.0/examples/jsm/"}}</script>"""
        + module(f"""import * as THREE from "three"; import {{ OrbitControls }} from "three/addons/controls/OrbitControls.js";
        {_CUBE} new OrbitControls(camera, renderer.domElement)"""),
        "done === '160'",
    ),
    "three, bare": (
        module(f"""import * as THREE from "three"; import {{ OrbitControls }} from "three/addons/controls/OrbitControls.js";
        {_CUBE} window.same = new OrbitControls(camera, renderer.domElement).object instanceof THREE.Camera"""),
        "Number(done) > 160 && same",
    ),
    "three, threejs.org": (script("https://threejs.org/build/three.min.js") + f"<script>{_CUBE}</script>", "!!done"),
    "cannon-es, skypack": (
        module("""import { World, Body, Sphere, Vec3 } from "https://cdn.skypack.dev/cannon-es@0.20.0";
        const world = new World({ gravity: new Vec3(0, -9, 0) }), ball = new Body({ mass: 1, shape: new Sphere(1) });
        world.addBody(ball); for (let n = 0; n < 60; n++) world.step(1 / 60); window.fallen = ball.position.y"""),
        "fallen < -3",
    ),
    "p5, cdnjs": (
        script(f"{CDNJS}/p5.js/1.9.0/p5.min.js")
        + "<script>function setup() { createCanvas(90, 90) } function draw() { background(9) }</script>",
        "document.querySelector('canvas').width >= 90 && frameCount > 3",
    ),
    "p5 sketch alone": (
        {"sketch.js": "function setup() { createCanvas(90, 90) }\nfunction draw() { background(frameCount) }"},
        "!!document.querySelector('canvas') && frameCount > 3",
    ),
    "d3, d3js.org": (
        script("https://d3js.org/d3.v7.min.js")
        + "<script>d3.select('body').selectAll('i').data([1, 2, 3]).enter().append('i')</script>",
        "document.querySelectorAll('i').length === 3",
    ),
    "d3, esm.run": (module('import * as d3 from "https://esm.run/d3@7"; window.sum = d3.sum([1, 2])'), "sum === 3"),
    "Chart.js, jsDelivr without a version": (
        f"""<canvas id="c"></canvas>{script(f"{NPM}/chart.js")}
        <script>new Chart(c, {{ type: "bar", data: {{ labels: ["a"], datasets: [{{ data: [1] }}] }} }})</script>""",
        "Object.keys(Chart.instances).length === 1",
    ),
    "GSAP, jsDelivr": (
        f"""<b id="b"></b>{script(f"{NPM}/gsap@3.12.5/dist/gsap.min.js")}
        <script>gsap.to(b, {{ x: 90, duration: 0.1 }})</script>""",
        "gsap.getProperty(b, 'x') === 90",
    ),
    "Tone, unpkg": (script("https://unpkg.com/tone"), "typeof Tone.Synth === 'function'"),
    "Matter, cdnjs": (
        script(f"{CDNJS}/matter-js/0.20.0/matter.min.js")
        + """<script>const { Engine, Bodies, Composite } = Matter, engine = Engine.create(), box = Bodies.rectangle(0, 0, 9, 9);
        Composite.add(engine.world, box); for (let n = 0; n < 30; n++) Engine.update(engine, 16)</script>""",
        "box.position.y > 5",
    ),
    "Pixi, jsDelivr": (
        script(f"{NPM}/pixi.js@8/dist/pixi.min.js")
        + """<script>const app = new PIXI.Application();
        app.init({ width: 90, height: 90 }).then(() => document.body.append(app.canvas))</script>""",
        "!!document.querySelector('canvas')",
    ),
    "Phaser, jsDelivr": (
        script(f"{NPM}/phaser@3.90.0/dist/phaser.min.js")
        + """<script>new Phaser.Game({ type: Phaser.CANVAS, width: 90, height: 90,
        scene: { create() { this.add.text(0, 0, "hi"); window.created = true } } })</script>""",
        "created && !!document.querySelector('canvas')",
    ),
    "React 18 with Babel, unpkg": (
        "".join(
            map(
                script,
                (
                    "https://unpkg.com/react@18/umd/react.development.js",
                    "https://unpkg.com/react-dom@18/umd/react-dom.development.js",
                    "https://unpkg.com/@babel/standalone/babel.min.js",
                ),
            )
        )
        + """<div id="root"></div><script type="text/babel">const App = () => <h1>{React.version}</h1>;
        ReactDOM.createRoot(root).render(<App />)</script>""",
        "document.querySelector('h1').textContent.startsWith('18.')",
    ),
    "React, esm.sh": (
        '<div id="root"></div>'
        + module("""import React, { useState } from "https://esm.sh/react@18.3.1";
        import { createRoot } from "https://esm.sh/react-dom@18.3.1/client";
        const App = () => { const [count] = useState(7); return React.createElement("h1", null, count) };
        createRoot(root).render(React.createElement(App))"""),
        "document.querySelector('h1').textContent === '7'",
    ),
    "React component": (
        {
            "App.jsx": """import { useEffect, useState } from "react"; import { twice } from "./twice";
            export default function App() { const [n, set] = useState(0); useEffect(() => set(twice(4)), []);
            return <h1 className="text-teal-700">{n}</h1> }""",
            "twice.ts": "export const twice = (n: number): number => n * 2;",
        },
        "document.querySelector('h1').textContent === '8' && getComputedStyle(document.querySelector('h1')).color !== 'rgb(0, 0, 0)'",
    ),
    "React, esm.sh/tsx": (
        script("https://esm.sh/tsx")
        + """<div id="root"></div><script type="text/babel">import { createRoot } from "react-dom/client";
        const title: string = "typed"; createRoot(root).render(<h1>{title}</h1>)</script>""",
        "document.querySelector('h1').textContent === 'typed'",
    ),
    "Vue, unpkg": (
        '<div id="app">{{ n + 1 }}</div>'
        + script("https://unpkg.com/vue@3/dist/vue.global.js")
        + "<script>Vue.createApp({ data: () => ({ n: 1 }) }).mount('#app')</script>",
        "document.querySelector('#app').textContent === '2'",
    ),
    "Vue file": (
        {
            "App.vue": "<script setup>import { ref } from 'vue'; const n = ref(5)</script><template><b>{{ n }}</b></template>"
        },
        "document.querySelector('b').textContent === '5'",
    ),
    "Alpine, jsDelivr": (
        f'<script defer src="{NPM}/alpinejs@3.x.x/dist/cdn.min.js"></script>'
        '<div x-data="{ n: 3 }"><b x-text="n * 2"></b></div>',
        "document.querySelector('b').textContent === '6'",
    ),
    "Tailwind 3, play script": (
        script("https://cdn.tailwindcss.com")
        + """<script>tailwind.config = { theme: { extend: { colors: { brand: "#010203" } } } }</script>
        <p class="text-brand">a</p>""",
        "getComputedStyle(document.querySelector('p')).color === 'rgb(1, 2, 3)'",
    ),
    "Tailwind 4": (
        script(f"{NPM}/@tailwindcss/browser@4") + '<p class="p-4">a</p>',
        "getComputedStyle(document.querySelector('p')).paddingLeft === '16px'",
    ),
    "KaTeX, jsDelivr, with its style": (
        f"""<link rel="stylesheet" href="{NPM}/katex@0.16.22/dist/katex.min.css">{script(f"{NPM}/katex@0.16.22/dist/katex.min.js")}
        <p id="p"></p><script>katex.render("x^2", p)</script>""",
        "!!document.querySelector('.katex') && document.styleSheets.length > 0",
    ),
    "Mermaid, jsDelivr": (
        '<pre class="mermaid">graph TD; A-->B</pre>'
        + module(
            f'import mermaid from "{NPM}/mermaid@10/dist/mermaid.esm.min.mjs"; mermaid.initialize({{ startOnLoad: true }})'
        ),
        "!!document.querySelector('.mermaid svg')",
    ),
    "Mermaid diagram": ({"diagram.mmd": "graph TD\n  A --> B\n"}, "!!document.querySelector('svg')"),
    "Ace, cdnjs": (
        script(f"{CDNJS}/ace/1.45.2/ace.min.js")
        + '<div id="e">let a</div><script>window.editor = ace.edit("e")</script>',
        "editor.getValue() === 'let a'",
    ),
    "Lit, jsDelivr +esm": (
        module(f"""import {{ LitElement, html }} from "{NPM}/lit@3/+esm";
        customElements.define("my-box", class extends LitElement {{ render() {{ return html`<i>lit</i>` }} }})""")
        + "<my-box></my-box>",
        "document.querySelector('my-box').shadowRoot.textContent.includes('lit')",
    ),
    "jQuery, code.jquery.com": (script("https://code.jquery.com/jquery-3.7.1.min.js"), "$.fn.jquery === '3.7.1'"),
    "jQuery, googleapis": (
        script("https://ajax.googleapis.com/ajax/libs/jquery/3.7.1/jquery.min.js"),
        "$.fn.jquery === '3.7.1'",
    ),
    "htm and preact, jspm": (
        module("""import { h, render } from "https://ga.jspm.io/npm:preact@10.28.0/dist/preact.module.js";
        render(h("b", null, "preact"), document.body)"""),
        "document.querySelector('b').textContent === 'preact'",
    ),
    "a dynamic import": (
        "<script>import('https://esm.sh/marked@15').then(({ marked }) => { document.body.innerHTML = marked('# Hi') })</script>",
        "document.querySelector('h1').textContent === 'Hi'",
    ),
    "an address put together at run time": (
        """<script>const base = "https://unpkg.com/"; const tag = document.createElement("script");
        tag.src = base + "lodash@4.18.1/lodash.min.js"; document.head.append(tag)</script>""",
        "_.chunk([1, 2, 3], 2).length === 2",
    ),
    "importScripts in a worker": (
        f"""<script>const code = 'importScripts("{CDNJS}/lodash.js/4.18.1/lodash.min.js"); postMessage(_.sum([1, 2]))';
        new Worker(URL.createObjectURL(new Blob([code]))).onmessage = (e) => {{ window.sum = e.data }}</script>""",
        "sum === 3",
    ),
    "fonts: Google, Font Awesome, @import": (
        f"""<link href="https://fonts.googleapis.com/css2?family=Inter:wght@400;700&display=swap" rel="stylesheet">
        <style>@import url("{CDNJS}/font-awesome/6.4.0/css/all.min.css");
        body {{ font-family: Inter }} </style><i class="fas fa-rocket"></i><p>text</p>""",
        "document.fonts.check('16px Inter') && [...document.fonts].some((f) => f.family.includes('Awesome'))",
    ),
    "a version and a file that never were": (
        script(f"{CDNJS}/p5.js/1.9.0/addons/p5.dom.min.js") + script("https://unpkg.com/lodash@4.99.0/lodash.min.js"),
        "typeof _.chunk === 'function'",
    ),
    "a style in a multi-file site": (
        {
            "index.html": '<!doctype html><title>x</title><link rel="stylesheet" href="css/a.css"><p>a</p><script src="js/a.js"></script>',
            "css/a.css": f'@import "{NPM}/bootstrap@5.3.9/dist/css/bootstrap.min.css";\np {{ color: rgb(1, 2, 3) }}',
            "js/a.js": 'import("lodash").then((l) => { window.lodash = l })',
        },
        "getComputedStyle(document.querySelector('p')).color === 'rgb(1, 2, 3)' && !!window.lodash",
    ),
}
