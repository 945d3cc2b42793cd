from django.utils.translation import gettext as _

from playground.host.rendering.page import Page, head

_BODY = """<link rel="stylesheet" href="./{name}">
</head>
<body>
<header class="header"><h1>{title}</h1>
<nav class="nav"><ul><li><a href="#" class="active">{one}</a></li><li><a href="#">{two}</a></li></ul></nav></header>
<main class="container">
<section class="card"><h2>{heading}</h2>
<p>{text} <a href="#">{link}</a>, <strong>{strong}</strong>, <em>{emphasis}</em>, <code>code</code>.</p>
<blockquote>{text}</blockquote>
<ul><li>{one}</li><li>{two}</li></ul>
<button class="btn button primary">{button}</button> <button class="btn button secondary" disabled>{button}</button>
</section>
<form class="form"><label>{label} <input class="input" placeholder="{label}"></label>
<label><input type="checkbox" checked> {one}</label>
<label>{label} <select><option>{one}</option><option>{two}</option></select></label>
<textarea rows="3">{text}</textarea></form>
<table class="table"><thead><tr><th>{one}</th><th>{two}</th></tr></thead>
<tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></tbody></table>
</main>
<footer class="footer"><small>{name}</small></footer>
</body></html>"""


def render_stylesheet(name: str) -> Page:
    """A page with a little of everything, under the usual class names."""
    texts = {
        "title": _("A sample page"),
        "one": _("First"),
        "two": _("Second"),
        "heading": _("A heading"),
        "text": _("This text shows what the style sheet does."),
        "link": _("a link"),
        "strong": _("strong"),
        "emphasis": _("emphasis"),
        "button": _("Button"),
        "label": _("Field"),
    }
    return Page(head(name) + _BODY.format(name=name, **texts))
