import pytest
from django.test import RequestFactory

from playground.host.rendering import Use, find_path, use_of

FILES = ["index.html", "src/App.tsx", "src/parts/index.js", "style.css", "lib.js"]


@pytest.mark.parametrize(
    ("path", "headers", "use"),
    [
        ("", {}, Use.PAGE),
        ("", {"Sec-Fetch-Dest": "empty"}, Use.PAGE),
        ("a.html", {}, Use.PAGE),
        ("a.html", {"Sec-Fetch-Dest": "iframe"}, Use.PAGE),
        ("a.html", {"Sec-Fetch-Dest": "empty"}, Use.FILE),
        ("a.md", {"Sec-Fetch-Dest": "iframe"}, Use.PAGE),
        ("a.md", {"Accept": "text/html,*/*"}, Use.PAGE),
        ("a.png", {"Sec-Fetch-Dest": "iframe"}, Use.FILE),
        ("a.jsx", {"Sec-Fetch-Dest": "script"}, Use.MODULE),
        ("a.jsx", {"Sec-Fetch-Dest": "empty"}, Use.FILE),
        ("a.jsx", {}, Use.MODULE),
        ("a.css", {"Sec-Fetch-Dest": "style"}, Use.FILE),
        ("a.svg", {"Sec-Fetch-Dest": "image"}, Use.FILE),
    ],
)
def test_what_a_file_is_asked_for(path: str, headers: dict[str, str], use: Use) -> None:
    assert use_of(RequestFactory().get(f"/{path}", headers=headers), path) == use


@pytest.mark.parametrize(
    ("path", "use", "found"),
    [
        ("lib.js", Use.FILE, "lib.js"),
        ("src/App", Use.MODULE, "src/App.tsx"),
        ("src/App.js", Use.MODULE, "src/App.tsx"),
        ("src/parts", Use.MODULE, "src/parts/index.js"),
        ("src/App", Use.FILE, None),
        ("src/../lib.js", Use.FILE, "lib.js"),
        ("other", Use.MODULE, None),
    ],
)
def test_imports_may_leave_out_the_extension(path: str, use: Use, found: str | None) -> None:
    assert find_path(FILES, path, use) == found
