import pytest

from agents.llm.failures import Failures, overflows


@pytest.mark.parametrize(
    "error",
    [
        {"message": "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens."},
        {"message": "The input (5000 tokens) is longer than the model's context length (4096 tokens).", "code": 400},
        {"message": "the request exceeds the available context size", "type": "exceed_context_size_error"},
        {"message": "Please shorten it.", "code": "context_length_exceeded"},
        {"message": "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]"},
        {"message": "prompt is too long: 210000 tokens > 200000 maximum"},
        {"message": "The input token count (5000) exceeds the maximum number of tokens allowed (4096)."},
        "prompt too long; exceeded max context length by 4 tokens",
    ],
)
def test_the_usual_wordings_of_an_overflow(error: object) -> None:
    assert overflows(error)


@pytest.mark.parametrize(
    "error", [{"message": "temperature exceeds the maximum of 2"}, {"message": "Unknown field: seed"}, None, 5, ["x"]]
)
def test_other_complaints_are_no_overflow(error: object) -> None:
    assert not overflows(error)


def test_words_are_one_short_line_without_the_key() -> None:
    failures = Failures("http://localhost:8000/v1", "sk-secret-key")
    assert failures.said("Bad key:\r\n\x1b[31msk-secret-key!\u202e") == "Bad key: [31m•••!"
    assert len(failures.said("long " * 1000)) <= 300


def test_a_short_key_is_hidden_without_breaking_words() -> None:
    assert Failures("http://localhost:8000/v1", "no").said("no is not known") == "••• is not known"


@pytest.mark.parametrize(
    ("error", "code", "retryable"),
    [
        ({"message": "Slow down", "code": 429}, "rate_limited", True),
        ({"message": "Too long", "code": "context_length_exceeded"}, "context_overflow", False),
        ({"message": "This model's maximum context length is 9", "code": 400}, "context_overflow", False),
        ("CUDA out of memory", "upstream_error", True),
        ({"unexpected": True}, "upstream_error", True),
    ],
)
def test_an_error_within_the_stream_is_told_by_its_code(error: object, code: str, retryable: bool) -> None:
    failure = Failures("http://localhost:8000/v1", "").reported(error, "qwen")
    assert (failure.code, failure.retryable) == (code, retryable)
