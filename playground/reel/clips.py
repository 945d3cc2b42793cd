import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

type Language = Literal["en", "zh"]

FOLDER = Path(__file__).parent / "clips"
CLEAR = 0.5  # a wish that shares this much with a clip means that clip

_LABEL: dict[Language, str] = {
    "en": "*Demo reel: a recorded clip, written by hand. No model is running.*",
    "zh": "*演示影片：这是手工编写的录播片段，没有模型在运行。*",
}
_WORD = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]")
_FILLER = frozenset(
    re.findall(
        r"\w+",
        "a an the of on in with and or to for me my make create build write page please one that it is be can you i "
        "want html single file demo app using as at",
    )
)
_ZH_FILLER = frozenset("做一个的写请帮我页面和在里")


@dataclass(frozen=True, slots=True)
class Clip:
    """A wish and its answer, in both languages."""

    slug: str
    order: int
    title: dict[Language, str]
    prompt: dict[Language, str]
    keywords: dict[Language, tuple[str, ...]]
    before: dict[Language, str]
    after: dict[Language, str]
    files: dict[str, bytes]

    def answer(self, language: Language) -> str:
        """The answer as a model would write it, after a line that says that none did."""
        blocks = [_fenced(path, content.decode()) for path, content in self.files.items()]
        return "\n\n".join([_LABEL[language], self.before[language], *blocks, self.after[language]]) + "\n"


@cache
def load_clips() -> tuple[Clip, ...]:
    clips = [_load_clip(folder) for folder in FOLDER.iterdir() if (folder / "clip.toml").exists()]
    return tuple(sorted(clips, key=lambda clip: clip.order))


def language_of(wish: str) -> Language:
    return "zh" if re.search(r"[\u4e00-\u9fff]", wish) else "en"


def find_clip(wish: str) -> Clip | None:
    """The clip that a wish clearly means: its very prompt, or nearly all of its words."""
    for clip in load_clips():
        if wish.strip() in clip.prompt.values():
            return clip
    best = nearest_clips(wish, 1)[0]
    return best if _likeness(wish, best) >= CLEAR else None


def nearest_clips(wish: str, count: int) -> list[Clip]:
    return sorted(load_clips(), key=lambda clip: -_likeness(wish, clip))[:count]


def _likeness(wish: str, clip: Clip) -> float:
    """The share of the wish's words that the clip's title and keywords hold, from 0 to 1."""
    wanted = _words(wish)
    known = set().union(*(_words(text) for text in (*clip.title.values(), *clip.keywords["en"], *clip.keywords["zh"])))
    return len(wanted & known) / len(wanted) if wanted else 0.0


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower())) - _FILLER - _ZH_FILLER


def _load_clip(folder: Path) -> Clip:
    clip = tomllib.loads((folder / "clip.toml").read_text(encoding="utf-8"))
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != "clip.toml"}
    return Clip(
        slug=folder.name,
        order=clip["order"],
        title=clip["title"],
        prompt=clip["prompt"],
        keywords={language: tuple(words) for language, words in clip["keywords"].items()},
        before={language: text.strip() for language, text in clip["before"].items()},
        after={language: text.strip() for language, text in clip["after"].items()},
        files=files,
    )


def _fenced(path: str, content: str) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", content)), default=2)
    fence = "`" * (longest + 1)
    ending = "" if content.endswith("\n") else "\n"
    return f"{fence}{path.rpartition('.')[2]} {path}\n{content}{ending}{fence}"
