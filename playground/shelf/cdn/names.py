"""What other CDNs call the packages of npm."""

import re

# Names of cdnjs that are not npm's. What is not here has the same name in both, in lower case.
_CDNJS = {
    "ace": "ace-builds",
    "ammo.js": "ammo.js",
    "angular.js": "angular",
    "aos": "aos",
    "babel-standalone": "@babel/standalone",
    "backbone.js": "backbone",
    "bluebird.js": "bluebird",
    "bodymovin": "lottie-web",
    "cannon.js": "cannon",
    "clipboard.js": "clipboard",
    "cropper": "cropperjs",
    "dat-gui": "dat.gui",
    "datatables": "datatables.net",
    "ember.js": "ember-source",
    "fabric.js": "fabric",
    "filesaver.js": "file-saver",
    "flipclock": "flipclock",
    "font-awesome": "@fortawesome/fontawesome-free",
    "foundation": "foundation-sites",
    "hammer.js": "hammerjs",
    "handlebars.js": "handlebars",
    "highlight.js": "@highlightjs/cdn-assets",
    "htmx": "htmx.org",
    "hyperscript": "hyperscript.org",
    "interact.js": "interactjs",
    "jquery-easing": "jquery.easing",
    "jqueryui": "jquery-ui-dist",
    "limonte-sweetalert2": "sweetalert2",
    "lodash.js": "lodash",
    "lottie-player": "@lottiefiles/lottie-player",
    "lunr.js": "lunr",
    "materialize": "materialize-css",
    "moment.js": "moment",
    "monaco-editor": "monaco-editor",
    "mustache.js": "mustache",
    "normalize": "normalize.css",
    "numeral.js": "numeral",
    "openlayers": "ol",
    "p2.js": "p2",
    "p5.js": "p5",
    "paper.js": "paper",
    "pdf.js": "pdfjs-dist",
    "plotly.js": "plotly.js-dist-min",
    "planck-js": "planck",
    "prism": "prismjs",
    "qrcode": "qrcode-generator",
    "require.js": "requirejs",
    "reveal.js": "reveal.js",
    "roughjs": "roughjs",
    "semantic-ui": "semantic-ui-css",
    "sigma.js": "sigma",
    "snap.svg": "snapsvg",
    "socket.io": "socket.io-client",
    "sortable": "sortablejs",
    "svg.js": "@svgdotjs/svg.js",
    "tensorflow": "@tensorflow/tfjs",
    "three.js": "three",
    "toastr.js": "toastr",
    "tween.js": "@tweenjs/tween.js",
    "twitter-bootstrap": "bootstrap",
    "underscore.js": "underscore",
    "vanta": "vanta",
}

# Repositories on GitHub whose package has another name than they have.
_GITHUB = {
    "mrdoob/three.js": "three",
    "processing/p5.js": "p5",
    "schteppe/cannon.js": "cannon",
    "pmndrs/cannon-es": "cannon-es",
    "greensock/gsap": "gsap",
    "jquery/jquery": "jquery",
    "twbs/bootstrap": "bootstrap",
    "twbs/icons": "bootstrap-icons",
    "nickpoorman/dat.gui": "dat.gui",
    "dataarts/dat.gui": "dat.gui",
    "tweenjs/tween.js": "@tweenjs/tween.js",
    "fortawesome/font-awesome": "@fortawesome/fontawesome-free",
    "highlightjs/cdn-release": "@highlightjs/cdn-assets",
    "mozilla/pdf.js": "pdfjs-dist",
    "moment/moment": "moment",
    "mholt/papaparse": "papaparse",
    "prismjs/prism": "prismjs",
    "vincentgarreau/particles.js": "particles.js",
    "alpinejs/alpine": "alpinejs",
    "animate-css/animate.css": "animate.css",
    "svgdotjs/svg.js": "@svgdotjs/svg.js",
    "liabru/matter-js": "matter-js",
    "tonejs/tone.js": "tone",
    "stevenwdv/sortable": "sortablejs",
    "ajaxorg/ace-builds": "ace-builds",
    "bigskysoftware/htmx": "htmx.org",
    "kazuhikoarase/qrcode-generator": "qrcode-generator",
    "davidshimjs/qrcodejs": "qrcodejs",
}

# Names of the Google Hosted Libraries that are not npm's.
_GOOGLE = {
    "angularjs": "angular",
    "threejs": "three",
    "jqueryui": "jquery-ui-dist",
    "d3js": "d3",
    "hammerjs": "hammerjs",
    "webfont": "webfontloader",
    "cesiumjs": "cesium",
    "model-viewer": "@google/model-viewer",
}

_REVISION = re.compile(r"r(\d+)(?:\.(\d+))?")


def from_cdnjs(name: str, version: str) -> tuple[str, str]:
    """A library and its version of cdnjs, as npm's."""
    known = _CDNJS.get(name.lower(), name.lower())
    if known == "@fortawesome/fontawesome-free" and version[:1] in "1234":
        known = "font-awesome"  # the name it had up to 4.7
    return known, _version(known, version)


def from_google(name: str, version: str) -> tuple[str, str]:
    known = _GOOGLE.get(name.lower(), name.lower())
    return known, _version(known, version)


def from_github(owner: str, repository: str, version: str) -> tuple[str, str]:
    known = _GITHUB.get(f"{owner}/{repository}".lower(), repository.lower())
    return known, _version(known, version)


def _version(name: str, version: str) -> str:
    """three.js counts revisions: r128 is 0.128.0. Branches are the latest."""
    if name == "three" and (revision := _REVISION.fullmatch(version.lower())):
        return f"0.{revision[1]}.{revision[2] or 0}"
    return "latest" if version in ("master", "main", "gh-pages", "dev") else version
