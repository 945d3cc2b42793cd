"""Log lines name the run and the request, and give no secrets away."""

import json
import logging
import sys

from playground.logs import JsonFormatter, TextFormatter, mask, of_request, of_run


def record(message: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord("playground.runs", logging.WARNING, "here.py", 1, message, args, None)


def test_a_json_line_names_run_and_request() -> None:
    with of_request("request-1"), of_run("run-1"):
        line = json.loads(JsonFormatter().format(record("%s is “gone”\nand back", "Redis")))
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "WARNING",
        "logger": "playground.runs",
        "message": "Redis is “gone”\nand back",
        "run": "run-1",
        "request": "request-1",
    }


def test_outside_of_them_nothing_is_named() -> None:
    with of_run("run-1"):
        pass
    assert {"run", "request"}.isdisjoint(json.loads(JsonFormatter().format(record("x"))))
    assert TextFormatter("{message}", style="{").format(record("x")) == "x"


def test_a_text_line_names_them_behind_the_message() -> None:
    with of_run("run-1"):
        assert TextFormatter("{name}: {message}", style="{").format(record("x")) == "playground.runs: x [run=run-1]"


def test_tracebacks_are_one_line_and_masked() -> None:
    try:
        raise ValueError("refused: Authorization: Bearer sk-abcdef123456")
    except ValueError:
        failed = logging.LogRecord("a", logging.ERROR, "b", 1, "failed", (), sys.exc_info())
    line = JsonFormatter().format(failed)
    assert "\n" not in line
    assert "ValueError: refused: Authorization: Bearer ***" in json.loads(line)["error"]
    assert "abcdef" not in TextFormatter().format(failed)


def test_what_looks_like_a_key_is_masked() -> None:
    assert mask("Incorrect API key provided: sk-proj-1234567890.") == "Incorrect API key provided: ***."
    assert mask("redis://:s3cret@10.0.0.1:6379/0") == "redis://:***@10.0.0.1:6379/0"
    assert mask("postgres://me:s3cret@db/x") == "postgres://me:***@db/x"
    assert mask("pg_0123456789 and ghp_0123456789") == "*** and ***"
    assert mask("http://localhost:8000/a/b@c and task-1") == "http://localhost:8000/a/b@c and task-1"
