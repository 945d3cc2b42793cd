"""HTTP's part: encodings, revalidation, ranges, HEAD."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from playground.artifacts.compression import compress_all, negotiate
from playground.host.answers import answer
from playground.host.renditions import Served

TEXT = Served("text/html; charset=utf-8", "d" * 64, compress_all(b"<p>text</p>" * 200, "text/html; charset=utf-8"))
MEDIA = Served("video/mp4", "e" * 64, {"": b"0123456789"})


def ask(served: Served, method: str = "GET", salt: str = "", **headers: str) -> HttpResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return answer(RequestFactory().generic(method, "/", headers=named), served, cache="no-cache", salt=salt)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("zstd", "zstd"),
        ("br;q=0, zstd;q=0.5", "zstd"),
        ("gzip", ""),
        ("", ""),
        ("br;q=0.1, zstd;q=0.9", "zstd"),
        ("br;q=x", ""),
    ],
)
def test_the_encoding_is_negotiated(accepted: str, encoding: str) -> None:
    assert negotiate(accepted, TEXT.forms) == encoding
    response = ask(TEXT, Accept_Encoding=accepted)
    assert response.get("Content-Encoding", "") == encoding
    assert response.content == TEXT.forms[encoding]
    assert response["Vary"] == "Accept-Encoding, Sec-Fetch-Dest"


def test_small_and_packed_files_stay_plain() -> None:
    assert list(compress_all(b"small", "text/css")) == [""]
    assert list(compress_all(b"x" * 5000, "image/png")) == [""]


def test_a_known_file_is_not_sent_again() -> None:
    etag = ask(TEXT, Accept_Encoding="br")["ETag"]
    again = ask(TEXT, Accept_Encoding="br", If_None_Match=f'"x", W/{etag}')
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert ask(TEXT, Accept_Encoding="zstd", If_None_Match=etag).status_code == 200
    assert ask(TEXT, Accept_Encoding="br", If_None_Match=etag, salt="more").status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "content", "stated"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=0-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=1-2,4-5", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
    ],
)
def test_ranges(asked: str, status: int, content: bytes, stated: str | None) -> None:
    response = ask(MEDIA, Range=asked)
    assert (response.status_code, response.content, response.get("Content-Range")) == (status, content, stated)


def test_a_range_of_another_file_is_the_whole() -> None:
    assert ask(MEDIA, Range="bytes=0-1", If_Range='"other"').status_code == 200


def test_head_has_everything_but_the_body() -> None:
    response = ask(MEDIA, "HEAD")
    assert (response.content, response["Content-Length"]) == (b"", "10")
