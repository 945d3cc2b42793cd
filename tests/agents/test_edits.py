"""Edits find the place that is meant, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.edits import Missing, apply_edit, find_edits, find_place
from agents.edits.lines import split_lines

PAGE = """<ul>
    <li class="a">One</li>
    <li class="b">Two</li>

    <li class="c">Three</li>
</ul>
<script>
  function go() {
    start();
  }
  function stop() {
    halt();
  }
</script>
"""

# name, search, replace, the piece of the page that changes, what stands there afterwards
TOLERATED = [
    ("exact", '    <li class="b">Two</li>\n', '    <li class="b">2</li>\n', "Two", "2"),
    ("trailing space", '    <li class="b">Two</li>  \n', '    <li class="b">2</li>\n', "Two", "2"),
    (
        "no indentation",
        "function go() {\nstart();\n",
        "function go() {\n  begin();\n",
        "    start();\n",
        "    begin();\n",
    ),
    (
        "other indentation",
        "        function go() {\n",
        "        function run() {\n",
        "  function go() {\n",
        "  function run() {\n",
    ),
    ("typographic quotes", "    <li class=“b”>Two</li>\n", '    <li class="b">2</li>\n', "Two", "2"),
    ("a blank line left out", '<li class="b">Two</li>\n<li class="c">Three</li>\n', "<li>23</li>\n", None, None),
    ("a part of a line", 'class="b"', 'class="bb"', 'class="b"', 'class="bb"'),
    ("no line end", '    <li class="b">Two</li>', '    <li class="b">2</li>', "Two", "2"),
]


@pytest.mark.parametrize(
    ("search", "replace", "old", "new"), [row[1:] for row in TOLERATED], ids=[r[0] for r in TOLERATED]
)
def test_what_is_copied_almost_right_is_found(search: str, replace: str, old: str | None, new: str | None) -> None:
    result = apply_edit(PAGE, search, replace)
    assert isinstance(result, str)
    if old is None:
        assert '    <li class="a">One</li>\n    <li>23</li>\n</ul>' in result
    else:
        assert result == PAGE.replace(old, new or "")


@pytest.mark.parametrize(("search", "found"), [("  }\n", 2), ("nothing like it\n", 0), ("\n\n", 0), ("", 0), ("li", 0)])
def test_no_place_is_ever_guessed(search: str, found: int) -> None:
    assert find_place(split_lines(PAGE), search) == Missing(found)


def test_an_exact_place_is_taken_though_a_tolerant_one_stands_elsewhere() -> None:
    assert apply_edit("  a\na\n", "a\n", "b\n") == "  a\nb\n"


def test_two_places_are_not_told_apart_by_a_stricter_look_at_neither() -> None:
    assert apply_edit("  a\n    a\n", "a\n", "b\n") == Missing(2)


def test_deleted_lines_leave_nothing_behind() -> None:
    assert apply_edit("a\nb\nc\n", "b\n", "") == "a\nc\n"


def test_a_replacement_moves_with_its_place() -> None:
    assert apply_edit("if x:\n        a()\n", "a()\n", "b()\n  c()\n\nd()\n") == (
        "if x:\n        b()\n          c()\n\n        d()\n"
    )


def test_an_empty_file_takes_anything() -> None:
    assert apply_edit("", "", "a\n") == "a\n"
    assert apply_edit("\n \n", "\n", "a\n") == "a\n"


LINES = st.lists(st.sampled_from(["", "a", "  a", "b", "}", "  }", "long line", "“a”", "\ta"]), max_size=12)
TEXTS = LINES.map("\n".join) | st.text(alphabet="ab \n\t“”", max_size=40)


@given(TEXTS, TEXTS)
def test_a_difference_applied_gives_the_other_text(before: str, after: str) -> None:
    text = before
    for edit in find_edits(before, after):
        result = apply_edit(text, edit.search, edit.replace)
        assert isinstance(result, str)
        text = result
    assert split_lines(text) == split_lines(after)


@given(TEXTS, TEXTS)
def test_a_place_holds_what_was_looked_for(text: str, search: str) -> None:
    place = find_place(split_lines(text), search)
    if isinstance(place, Missing):
        return
    lines = split_lines(text)[place.line : place.line + place.count]
    found = "".join("".join(lines).translate({ord("“"): '"', ord("”"): '"'}).split())
    wanted = "".join(search.translate({ord("“"): '"', ord("”"): '"'}).split())
    assert wanted in found
    if not place.before and not place.after:
        assert wanted == found
