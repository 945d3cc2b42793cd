"""How a version was made: from the log of its run, or, of a demo, from its clip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from playground.artifacts.edits.editor import Editor
from playground.artifacts.extraction import Extractor, Part
from playground.artifacts.files import is_text, read_file
from playground.artifacts.models import Maker, Version
from playground.protocol import AnswerWithdrawn, EditDelta, Event, FileDelta, FilmLook, Frame, TextDelta
from playground.reel.clips import Clip, Language, find_clip, language_of, load_clips
from playground.runs.checkpoints import MEND, last_seq, load_answer, load_frames
from playground.runs.film import cut_film, find_looks
from playground.runs.models import BUILD, Run
from playground.runs.prompting import base_version

STRIDE = 256  # characters of an answer that are read at a time
_KEPT_FILMS = 8  # in this process: each file of a page that is being shown asks for the film


@dataclass(frozen=True, slots=True)
class Film:
    frames: Sequence[Frame] = ()
    recorded: int | None = None  # milliseconds that it took in truth

    @property
    def length(self) -> int:
        return self.frames[-1].at if self.frames else 0


@dataclass(frozen=True, slots=True)
class Footage:
    """Without a film, nothing is known of it any more, or never was. `base`: the version that it goes on from."""

    version: Version
    film: Film
    base: Version | None = None
    run: Run | None = None
    clip: Clip | None = None

    @property
    def is_build(self) -> bool:
        return self.run is not None and self.run.kind == BUILD

    @property
    def looks(self) -> list[FilmLook]:
        return find_looks(self.film.frames, self.base.files if self.base else ())

    def words_until(self, seq: int) -> str:
        """The model's own words that the film's frames up to `seq` came of."""
        return find_prefix(self._words(), _texts(self.base), [frame.event for frame in self.film.frames[:seq]])

    def _words(self) -> str:
        if self.clip:
            return self.clip.answer(language_of(self.version.prompt))
        return load_answer(self.run.pk) if self.run else ""


def find_footage(version: Version) -> Footage:
    """Wants the version's artifact selected."""
    run = (
        Run.objects.select_related("conversation__base__artifact", "base__artifact", "model", "build")
        .filter(version=version)
        .first()
    )
    if run:
        base = base_version(run)
        return Footage(version, _film_of_run(run.pk, last_seq(run.pk)), base=base, run=run)
    if clip := _clip_of(version):
        return Footage(version, _film_of_clip(clip.slug, language_of(version.prompt)), clip=clip)
    return Footage(version, Film())


def find_prefix(words: str, base: Mapping[str, str], told: Sequence[Event]) -> str:
    """The shortest beginning of `words` that tells as much as `told`; `base`: the texts that they edit."""
    wanted = _measure(told)
    if not wanted:
        return ""
    coarse = _Retelling(base)
    starts = range(0, len(words), STRIDE)
    reached = [coarse.read(words[start : start + STRIDE]) for start in starts]
    withdrawals = coarse.withdrawals
    found = (start for start, point in zip(starts, reached, strict=True) if point >= (withdrawals, wanted))
    start = next(found, len(words))
    fine = _Retelling(base)
    fine.read(words[:start])
    for end in range(start, len(words)):
        if fine.read(words[end]) >= (withdrawals, wanted):
            return words[: end + 1]
    return words


class _Retelling:
    """Reads an answer's words again, and counts what they tell."""

    def __init__(self, base: Mapping[str, str]) -> None:
        self.withdrawals = 0
        self._told = 0
        self._extractor = Extractor()
        self._editor = Editor(base)

    def read(self, words: str) -> tuple[int, int]:
        """How often it was withdrawn, and how much has been told since."""
        first, *others = words.split(MEND)
        self._take(self._extractor.feed(first))
        for part in others:
            self._take(self._extractor.finish())
            self._extractor = Extractor()
            self._take(self._extractor.feed(part))
        return self.withdrawals, self._told

    def _take(self, parts: Sequence[Part]) -> None:
        for part in parts:
            for event in self._editor.take(part):
                if isinstance(event, AnswerWithdrawn):
                    self.withdrawals += 1
                    self._told = 0
                self._told += _measure([event])


def _measure(events: Sequence[Event]) -> int:
    """What is told in deltas, however it is divided among them."""
    return sum(len(event.text) for event in events if isinstance(event, TextDelta | FileDelta | EditDelta))


@lru_cache(_KEPT_FILMS)
def _film_of_run(run: str, last: int) -> Film:
    """`last`: the last seq, which is another one once the log has been shortened."""
    frames = load_frames(run, 0)
    film = cut_film(frames)
    return Film(film, frames[-1].at) if film else Film()


@lru_cache(_KEPT_FILMS)
def _film_of_clip(slug: str, language: Language) -> Film:
    """As the reel would play it: nobody has recorded that."""
    clip = next(clip for clip in load_clips() if clip.slug == slug)
    extractor, editor = Extractor(), Editor({})
    parts = [*extractor.feed(clip.answer(language)), *extractor.finish()]
    events = [event for part in parts for event in editor.take(part)]
    return Film(cut_film([Frame(run="", seq=seq, at=0, event=event) for seq, event in enumerate(events, 1)]))


def _clip_of(version: Version) -> Clip | None:
    """Of a demo that was published as it is."""
    if not version.is_demo or version.maker != Maker.PUBLISHED:
        return None
    clip = find_clip(version.prompt)
    if clip is None or {path: read_file(file) for path, file in version.files.items()} != clip.files:
        return None
    return clip


def _texts(version: Version | None) -> dict[str, str]:
    files = version.files if version else {}
    return {path: read_file(file).decode() for path, file in files.items() if is_text(file)}
