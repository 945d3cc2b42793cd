import pytest

from playground.artifacts.extraction import link_companions

PAGE = "<!DOCTYPE html>\n<html>\n<head>\n<title>Todo</title>\n</head>\n<body>\n<p>\n</body>\n</html>\n"
LINKED = (
    "<!DOCTYPE html>\n<html>\n<head>\n<title>Todo</title>\n"
    '<link rel="stylesheet" href="style.css">\n</head>\n<body>\n<p>\n'
    '<script src="script.js"></script>\n</body>\n</html>\n'
)


def link(files: dict[str, str]) -> dict[str, str]:
    """As an answer that wrote all of them."""
    return link_companions(files, files)


def test_what_the_page_does_not_name_is_linked() -> None:
    files = {"index.html": PAGE, "style.css": "b {}", "script.js": "let a"}
    assert link(files) == {**files, "index.html": LINKED}


def test_linking_again_changes_nothing() -> None:
    once = link({"index.html": PAGE, "style.css": "b {}", "script.js": "let a"})
    assert link(once) == once


@pytest.mark.parametrize(
    "files",
    [
        {"index.html": '<link href="css/style.css">', "css/style.css": "b {}"},
        {"index.html": "<script>import('./script.js')</script>", "script.js": "let a"},
        {"index.html": '<script src="a.js"></script>', "a.js": "import './b.js'", "b.js": "let b"},
        {"index.html": PAGE, "about.html": PAGE, "style.css": "b {}"},
        {"style.css": "b {}"},
        {},
    ],
)
def test_what_is_named_stays_as_it_is(files: dict[str, str]) -> None:
    assert link(files) == files


def test_a_script_that_imports_is_a_module() -> None:
    linked = link({"index.html": PAGE, "script.js": "import * as a from './x.js'\n"})
    assert '<script type="module" src="script.js"></script>\n</body>' in linked["index.html"]


@pytest.mark.parametrize(
    ("page", "path", "linked"),
    [
        ("<p>hi", "a.css", '<link rel="stylesheet" href="a.css">\n<p>hi'),
        ("<!DOCTYPE html>\n<p>hi", "a.css", '<!DOCTYPE html><link rel="stylesheet" href="a.css">\n\n<p>hi'),
        ("<html><body>hi</body></html>", "a.css", '<html><link rel="stylesheet" href="a.css">\n<body>hi</body></html>'),
        ("<p>hi\n", "a.js", '<p>hi\n<script src="a.js"></script>\n'),
        ("<html><p>hi</html>", "a.js", '<html><p>hi<script src="a.js"></script>\n</html>'),
        (
            "<body><script>x = '</body>'</script></body>",
            "a.js",
            "<body><script>x = '</body>'</script><script src=\"a.js\"></script>\n</body>",
        ),
    ],
)
def test_where_it_is_linked(page: str, path: str, linked: str) -> None:
    assert link({"index.html": page, path: ""})["index.html"] == linked


def test_from_another_folder() -> None:
    linked = link({"pages/index.html": "<p>", "css/a.css": "", "pages/b.css": ""})
    assert 'href="../css/a.css"' in linked["pages/index.html"]
    assert 'href="b.css"' in linked["pages/index.html"]


def test_only_what_was_written_now_is_linked() -> None:
    files = {"index.html": PAGE, "style.css": "b {}", "script.js": "let a"}
    assert link_companions(files, ["style.css"])["index.html"] == LINKED.replace(
        '<script src="script.js"></script>\n', ""
    )
