"""Calls in the text: what is one, and what only speaks of one."""

import time

import pytest

from agents.llm.leaked_calls import Leaked, find_leaked

NAMES = {"write_file", "read_file", "check"}
PAGE = '<!DOCTYPE html>\n<pre>\n  if (a &lt; b) { "indented" }\n</pre>\n'


def xml(name: str, **arguments: str) -> str:
    parameters = "".join(f"<parameter={key}>\n{value}\n</parameter>\n" for key, value in arguments.items())
    return f"<tool_call>\n<function={name}>\n{parameters}</function>\n</tool_call>"


WRITE = xml("write_file", path="index.html", content=PAGE)
WRITTEN = Leaked("write_file", {"path": "index.html", "content": PAGE})
HERMES = '<tool_call>\n{"name": "read_file", "arguments": {"path": "a.js"}}\n</tool_call>'
READ = Leaked("read_file", {"path": "a.js"})


@pytest.mark.parametrize(
    ("text", "said", "calls"),
    [
        (f"I begin.\n\n{WRITE}", "I begin.", [WRITTEN]),
        (WRITE.removeprefix("<tool_call>\n"), "", [WRITTEN]),  # the opening tag is often missing
        (f"{WRITE}\n{HERMES}", "", [WRITTEN, READ]),
        (f"{WRITE.removesuffix('</tool_call>')}{WRITE}\n", "", [WRITTEN, WRITTEN]),
        (HERMES, "", [READ]),
        (HERMES.removesuffix("\n</tool_call>"), "", [READ]),
        (HERMES.replace('{"path": "a.js"}', r'"{\"path\": \"a.js\"}"'), "", [READ]),
        ('```json\n{"name": "read_file", "arguments": {"path": "a.js"}}\n```', "", [READ]),
        ('{"name": "read_file", "arguments": {"path": "a.js"}}', "", [READ]),
        ("<think>I could <tool_call>.</think>" + HERMES, "<think>I could <tool_call>.</think>", [READ]),
        ("Then I write <function=…>, like so:\n" + HERMES, "Then I write <function=…>, like so:", [READ]),
    ],
)
def test_calls(text: str, said: str, calls: list[Leaked]) -> None:
    assert find_leaked(text, NAMES) == (said, calls)


@pytest.mark.parametrize(
    "text",
    [
        f"A call looks like this:\n```\n{WRITE}\n```\nDo you see?",
        f"A call looks like this:\n```\n{WRITE}",
        f"<example>{WRITE}</example>",
        f"Use `{HERMES}` for that.",
        f"{WRITE}\n\nThat would be the call, if I made it.",
        f"<think>{WRITE}",
        '```json\n{"name": "window", "arguments": {"path": "a.js"}}\n```',
        'Here is one:\n```json\n{"name": "read_file", "arguments": {"path": "a.js"}}\n```',
        xml("rm", path="a.js"),
        '<tool_call>\n{"name": ["read_file"]}\n</tool_call>',
        "<tool_call>",
        "No call.",
        "",
    ],
)
def test_no_calls(text: str) -> None:
    assert find_leaked(text, NAMES) == (text, [])


def test_a_call_in_a_file_that_is_written() -> None:
    """It is a part of the file and nothing else."""
    page = f"<h1>How models call tools</h1>\n{xml('read_file', path='secret.js')}\n<p>So.</p>"
    assert find_leaked(xml("write_file", path="a.html", content=page), NAMES)[1] == [
        Leaked("write_file", {"path": "a.html", "content": page})
    ]


@pytest.mark.parametrize("text", [f"{WRITE}\n{WRITE}", f"{HERMES}\n{HERMES}", f"{HERMES}\n{WRITE}"])
def test_cut_anywhere(text: str) -> None:
    """The first call is never mistaken, and what there is of a second one never runs."""
    first = find_leaked(text, NAMES)[1][0]
    for end in range(len(text)):
        for call in find_leaked(text[:end], NAMES)[1]:
            assert call.arguments is None or call == first or call in find_leaked(text, NAMES)[1]


def test_a_large_file_takes_no_longer_than_its_size() -> None:
    content = "<p>function</p> </parameter> <tool_call>\n" * 50_000
    begun = time.perf_counter()
    found = find_leaked(xml("write_file", path="a.html", content=content), NAMES)[1]
    assert found == [Leaked("write_file", {"path": "a.html", "content": content})]
    assert time.perf_counter() - begun < 3
