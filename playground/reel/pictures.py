"""The pictures that come with a clip: what a check of just its files took, to be shown until one here has its own."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from playground.reel.clips import FOLDER, Clip


def read_pictures(clip: Clip) -> dict[str, bytes]:
    """WebP, under the names that a check gives them. Empty where they are of other files than the clip's."""
    folder = _folder(clip)
    source = folder / "source.sha256"
    if not source.exists() or source.read_text().strip() != _fingerprint(clip.files):
        return {}
    return {path.stem: path.read_bytes() for path in sorted(folder.glob("*.webp"))}


def write_pictures(clip: Clip, pictures: Mapping[str, bytes]) -> None:
    """In place of those that were there."""
    folder = _folder(clip)
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.webp"):
        old.unlink()
    for name, content in pictures.items():
        (folder / f"{name}.webp").write_bytes(content)
    (folder / "source.sha256").write_text(f"{_fingerprint(clip.files)}\n")


def _folder(clip: Clip) -> Path:
    return FOLDER / clip.slug / "pictures"


def _fingerprint(files: Mapping[str, bytes]) -> str:
    """Of names and contents."""
    parts = [f"{hashlib.sha256(content).hexdigest()}  {path}" for path, content in sorted(files.items())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
