"""The command that makes the demos' pictures anew, in a folder of the test's own."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from playground.gallery.management.commands import picture_demos
from playground.reel import pictures
from playground.reel.clips import Clip, load_clips
from playground.reel.pictures import read_pictures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clip:
    """The only one: it moves, and needs no library. Without pictures."""
    only = next(clip for clip in load_clips() if clip.slug == "hypercube")
    for module in ("load_demos", "picture_demos"):
        monkeypatch.setattr(f"playground.gallery.management.commands.{module}.load_clips", lambda: [only])
    monkeypatch.setattr(pictures, "FOLDER", tmp_path)
    (tmp_path / only.slug).mkdir()
    return only


def test_without_a_browser_it_says_so(clip: Clip, settings: Settings) -> None:
    settings.CHROMIUM = "/nowhere/chromium"
    with pytest.raises(CommandError, match="There is no browser"):
        call_command("picture_demos")
    assert read_pictures(clip) == {}


@pytest.mark.soak
def test_a_check_takes_them_within_their_bounds_and_only_where_they_are_missing(
    clip: Clip, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(picture_demos.KEPT, "film", 25_000)
    call_command("picture_demos")
    taken = read_pictures(clip)
    assert taken.keys() == picture_demos.KEPT.keys()
    assert all(len(content) <= picture_demos.KEPT[name] for name, content in taken.items())
    settings.CHROMIUM = "/bin/false"
    call_command("picture_demos")
    assert read_pictures(clip) == taken
