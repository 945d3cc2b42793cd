"""The pictures that come with the clips: each has some, they are of just its files, and they are light."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from playground.reel import pictures
from playground.reel.clips import Clip, load_clips
from playground.reel.pictures import read_pictures, write_pictures

CLIPS = load_clips()
SIZES = {"thumbnail": (640, 400), "5": (1024, 768), "film": (320, 200)}


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.slug)
def test_each_clip_has_pictures_of_its_files_as_they_are(clip: Clip) -> None:
    found = read_pictures(clip)
    assert {"thumbnail", "5"} <= found.keys(), "its files have changed: run manage.py picture_demos"
    for name, content in found.items():
        with Image.open(BytesIO(content)) as picture:
            assert (picture.format, picture.size) == ("WEBP", SIZES[name])
            assert getattr(picture, "is_animated", False) == (name == "film")


def test_together_they_are_light() -> None:
    assert sum(len(content) for clip in CLIPS for content in read_pictures(clip).values()) < 1_500_000


def test_pictures_of_other_files_are_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "FOLDER", tmp_path)
    clip = CLIPS[0]
    (tmp_path / clip.slug).mkdir()
    assert read_pictures(clip) == {}
    write_pictures(clip, {"thumbnail": b"old", "film": b"moving"})
    write_pictures(clip, {"thumbnail": b"still"})
    assert read_pictures(clip) == {"thumbnail": b"still"}
    assert read_pictures(replace(clip, files={**clip.files, "index.html": b"another"})) == {}
    assert read_pictures(replace(clip, files={"page.html": clip.files["index.html"]})) == {}
