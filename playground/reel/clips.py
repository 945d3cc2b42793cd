import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

type Language = Literal["en", "zh"]

FOLDER = Path(__file__).parent / "clips"
CLEAR = 0.5  # a wish means a clip that knows more than this share of its words

_LABEL: dict[Language, str] = {
    "en": "*Demo reel: a recorded clip, written by hand. No model is running.*",
    "zh": "*演示影片：这是手工编写的录播片段，没有模型在运行。*",
}
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN_WORD = re.compile(r"[a-z0-9]+")
_FILLER = frozenset(
    _LATIN_WORD.findall(
        "a an the this that of on in at with and or to for from as it is be can could you your i me my we us our want "
        "like would need have please one some make create build write show give add do let page web website html css "
        "js javascript single file demo app using use when"
    )
)
_HAN_FILLER = re.compile(
    "请|帮我|给我|我想要?|我要|制作|创建|生成|编写|实现|做|写|一个|一下|网页|页面|的|在|和|里|用|吧"
)


@dataclass(frozen=True, slots=True)
class Clip:
    """A wish and its answer, in both languages."""

    slug: str
    order: int
    title: dict[Language, str]
    prompt: dict[Language, str]
    keywords: dict[Language, tuple[str, ...]]  # the first one names the subject
    before: dict[Language, str]
    after: dict[Language, str]
    files: dict[str, bytes]
    tags: tuple[str, ...] = ()  # in the gallery: slugs

    def answer(self, language: Language) -> str:
        """The answer as a model would write it, after a line that says that none did."""
        blocks = [_fenced(path, content.decode()) for path, content in self.files.items()]
        return "\n\n".join([_LABEL[language], self.before[language], *blocks, self.after[language]]) + "\n"


@cache
def load_clips() -> tuple[Clip, ...]:
    clips = [_load_clip(path.parent) for path in FOLDER.glob("*/clip.toml")]
    return tuple(sorted(clips, key=lambda clip: (clip.order, clip.slug)))


def language_of(wish: str) -> Language:
    return "zh" if _HAN.search(wish) else "en"


def find_clip(wish: str) -> Clip | None:
    """The clip that a wish clearly means: its very prompt, or its subject by name and little that it does not know."""
    for clip in load_clips():
        if _squeezed(wish) in map(_squeezed, clip.prompt.values()):
            return clip
    named = [clip for clip in nearest_clips(wish, len(load_clips())) if _is_named(clip, wish)]
    return named[0] if named and _likeness(wish, named[0]) > CLEAR else None


def find_rest(beginning: str) -> str:
    """What follows in the clip that begins so; empty where none does, or nothing follows."""
    languages: tuple[Language, Language] = ("en", "zh")
    answers = (clip.answer(language) for clip in load_clips() for language in languages) if beginning else ()
    return next((answer[len(beginning) :] for answer in answers if answer.startswith(beginning)), "")


def nearest_clips(wish: str, count: int) -> list[Clip]:
    return sorted(load_clips(), key=lambda clip: -_likeness(wish, clip))[:count]


def _likeness(wish: str, clip: Clip) -> float:
    """The share of the wish's words that the clip knows, from 0 to 1."""
    wanted = _words(wish)
    keywords = clip.keywords["en"] + clip.keywords["zh"]
    known = _words(" ; ".join([*clip.title.values(), *clip.prompt.values(), *keywords]))
    return len(wanted & known) / len(wanted) if wanted else 0.0


def _is_named(clip: Clip, wish: str) -> bool:
    """Whether the wish names the subject. A word of it is too little: `make it purple` means no purple button."""
    names = [*clip.title.values(), *(keywords[0] for keywords in clip.keywords.values())]
    return any(_words(name) and _words(name) <= _words(wish) for name in names)


def _words(text: str) -> set[str]:
    """English words without their plural s, and pairs of neighbouring Chinese characters; no filler words."""
    text = text.lower().replace("to-do", "todo").replace("to do list", "todo list")  # else all filler
    latin = {word.removesuffix("s") for word in _LATIN_WORD.findall(text) if word not in _FILLER}
    han = re.findall(f"{_HAN.pattern}+", _HAN_FILLER.sub(" ", text))
    return latin | {run[i : i + 2] for run in han for i in range(max(1, len(run) - 1))}


def _squeezed(text: str) -> str:
    return " ".join(text.casefold().split())


def _load_clip(folder: Path) -> Clip:
    clip = tomllib.loads((folder / "clip.toml").read_text(encoding="utf-8"))
    paths = [path for path in sorted(folder.iterdir()) if path.is_file() and path.name != "clip.toml"]
    return Clip(
        slug=folder.name,
        order=clip["order"],
        title=clip["title"],
        prompt=clip["prompt"],
        keywords={language: tuple(words) for language, words in clip["keywords"].items()},
        before={language: text.strip() for language, text in clip["before"].items()},
        after={language: text.strip() for language, text in clip["after"].items()},
        files={path.name: path.read_bytes() for path in paths},
        tags=tuple(clip.get("tags", ())),
    )


def _fenced(path: str, content: str) -> str:
    """A fenced block, its fence longer than any inside."""
    longest = max((len(run) for run in re.findall(r"`{3,}", content)), default=2)
    fence = "`" * (longest + 1)
    ending = "" if content.endswith("\n") else "\n"
    return f"{fence}{path.rpartition('.')[2]} {path}\n{content}{ending}{fence}"
