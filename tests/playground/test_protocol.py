import subprocess
from pathlib import Path

import pytest
from pydantic import ValidationError

from playground.protocol import TextDelta, client_message

ROOT = Path(__file__).resolve().parents[2]


def test_the_generated_types_are_fresh() -> None:
    generated = ROOT / "frontend" / "src" / "protocol.gen.ts"
    before = generated.read_text()
    try:
        subprocess.run(["make", "-s", "protocol"], cwd=ROOT, check=True)
        assert generated.read_text() == before, "run `make protocol`"
    finally:
        generated.write_text(before)


def test_undeclared_fields_are_refused() -> None:
    with pytest.raises(ValidationError):
        TextDelta.model_validate({"text": "a", "extra": 1})


GARBAGE = ["", "null", "[]", '{"type":"x"}', '{"type":"run.follow"}', '{"type":"run.follow","run":"a","after":-1}']


@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage_is_no_client_message(garbage: str) -> None:
    with pytest.raises(ValidationError):
        client_message.validate_json(garbage)
