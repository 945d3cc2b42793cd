import re
import tomllib
from pathlib import Path

import pytest

from playground.artifacts.extraction import extract
from playground.reel.clips import Clip, Language, find_clip, language_of, load_clips, nearest_clips
from playground.reel.excuse import compose_excuse
from playground.shelf import starter
from playground.shelf.cdn import parse, shelf_path

CLIPS = load_clips()
LANGUAGES: tuple[Language, ...] = ("en", "zh")
PAGES = [
    pytest.param(content.decode(), id=f"{clip.slug}/{path}")
    for clip in CLIPS
    for path, content in clip.files.items()
    if path.endswith(".html")
]

STARTER = tomllib.loads((Path(starter.__file__).parent / "starter.toml").read_text())["first"]

each_clip = pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.slug)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def addresses_in(page: str) -> list[str]:
    found = re.findall(r"https?://[^\s\"'<>)]+", page)
    return [address for address in found if not address.startswith("http://www.w3.org/")]


def is_on_starter_shelf(address: str) -> bool:
    """Whether it names an exact version that each playground pulls before anything else."""
    reference = parse(shelf_path(address, {}) or "")
    return reference is not None and reference.key in STARTER


def test_clips_come_in_their_order() -> None:
    assert [clip.order for clip in CLIPS] == sorted({clip.order for clip in CLIPS})
    assert {"countdown", "typing-test"} <= {clip.slug for clip in CLIPS}


@each_clip
@each_language
def test_a_clip_is_complete(clip: Clip, language: Language) -> None:
    assert "index.html" in clip.files
    assert all([clip.title[language], clip.prompt[language], clip.keywords[language]])
    assert all([clip.before[language], clip.after[language]])
    assert language_of(clip.prompt[language]) == language


@each_clip
@each_language
def test_an_answer_says_first_that_no_model_is_running(clip: Clip, language: Language) -> None:
    label = clip.answer(language).splitlines()[0]
    assert ("No model is running" if language == "en" else "没有模型在运行") in label


@each_clip
@each_language
def test_an_answer_holds_exactly_the_files(clip: Clip, language: Language) -> None:
    extraction = extract(clip.answer(language))
    assert extraction.files == {path: content.decode() for path, content in clip.files.items()}
    assert not extraction.incomplete


@pytest.mark.parametrize("page", PAGES)
def test_a_page_stands_alone(page: str) -> None:
    assert re.search(r"<title>[^<]+</title>", page)
    assert '<html lang="' in page
    assert [address for address in addresses_in(page) if not is_on_starter_shelf(address)] == []
    assert not re.search(r"""(?:src|href|action)\s*=\s*["']?//|url\(\s*["']?//|@import""", page)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_expects_that_storage_is_denied(page: str) -> None:
    unguarded = re.sub(r"\btry\s*\{.*?\}\s*catch", "", page, flags=re.DOTALL)
    assert not re.search(r"\b(?:localStorage|sessionStorage|indexedDB)\b|document\.cookie", unguarded)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_something_before_its_scripts_arrive(page: str) -> None:
    body = page.partition("<body")[2]
    assert page.index("<style") < page.index("<script")
    assert re.search(r"<(?:h1|main|button|p|canvas)\b", body.partition("<script")[0])


@each_clip
@each_language
def test_its_prompt_and_its_title_play_a_clip(clip: Clip, language: Language) -> None:
    assert find_clip(f"  {clip.prompt[language]}\n".upper()) == clip
    assert find_clip(clip.title[language]) == clip


@pytest.mark.parametrize(
    ("wish", "slug"),
    [
        ("Please make me a typing test!", "typing-test"),
        ("Build a web page to practise typing", "typing-test"),
        ("a typing speed game with a keyboard", "typing-test"),
        ("请帮我做一个打字速度测试的网页", "typing-test"),
        ("a countdown of five seconds", "countdown"),
        ("做一个倒计时按钮", "countdown"),
        ("Please build the game Duet", "duet"),
        ("做一个双人舞小游戏", "duet"),
        ("a bouncing ball inside a rotating hypercube", "hypercube"),
        ("四维超立方体里弹跳的小球", "hypercube"),
        ("Simulate a chimney demolition in 3D", "chimney"),
        ("帮我做一个烟囱爆破的模拟", "chimney"),
        ("Make a 3D globe with day and night", "globe"),
        ("做一个可以转动的地球仪", "globe"),
        ("Write a p5.js colour storm that follows the mouse", "colour-storm"),
        ("a color storm in p5", "colour-storm"),
        ("做一场色彩风暴", "colour-storm"),
        ("Build a bookstore with a shopping cart", "bookstore"),
        ("please create an online bookshop with search and filter", "bookstore"),
        ("帮我做一个网上书店，要有购物车", "bookstore"),
        ("emoji that fall and collide where I click", "emoji-gravity"),
        ("emoji gravity", "emoji-gravity"),
        ("做一个表情重力的小游戏", "emoji-gravity"),
        ("Make a purple todo list", "to-do"),
        ("a to-do list", "to-do"),
        ("a to do list", "to-do"),
        ("Make a todo app", "to-do"),
        ("做一个紫色的待办清单", "to-do"),
    ],
)
def test_a_clear_wish_plays_its_clip(wish: str, slug: str) -> None:
    clip = find_clip(wish)
    assert clip
    assert clip.slug == slug


@pytest.mark.parametrize(
    "wish",
    [
        "",
        "?!",
        "make it blue",
        "make it purple",
        "make the button purple",
        "make the water darker at night",
        "typing lessons for my grandmother who has never seen a computer",
        "the keyboard should be bigger",
        "Now add a high score table to the typing test with names and dates",
        "a chess game against the computer",
        "a ball game for two players",
        "a list of the highest mountains of the world",
        "a shop for second-hand bicycles with a map",
        "put a storm warning on my weather page",
        "use an emoji instead of the icon",
        "add the book to the list",
        "make it a list",
        "add an emoji",
        "加一个表情",
        "what should I do about the purple heading",
        "make the chimney of my house page smoke in winter",
        "把它改成蓝色",
        "做一个贪吃蛇游戏",
        "日本語のページ",
    ],
)
def test_any_other_wish_has_no_clip(wish: str) -> None:
    assert find_clip(wish) is None


def test_the_nearest_clips_come_first() -> None:
    assert nearest_clips("a keyboard trainer for slow typists", 2)[0].slug == "typing-test"
    assert nearest_clips("一个五秒的闹钟", 1)[0].slug == "countdown"


@each_language
def test_an_excuse_says_what_this_is_what_there_is_and_what_to_do(language: Language) -> None:
    excuse = compose_excuse("keyboard lessons", language)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "DASHSCOPE_API_KEY"):
        assert f"`{name}`" in excuse
    assert ("no model is running" if language == "en" else "没有模型在运行") in excuse
    assert ("admin" if language == "en" else "管理") in excuse
    assert all(clip.prompt[language] in excuse for clip in nearest_clips("keyboard lessons", 3))
    assert "```" not in excuse
    assert extract(excuse).files == {}


def test_a_fence_is_longer_than_any_inside() -> None:
    texts: dict[Language, str] = {"en": "x", "zh": "x"}
    clip = Clip("a", 1, texts, texts, {"en": (), "zh": ()}, texts, texts, {"a.md": b"````\nmore\n````"})
    assert "`````md a.md\n````\nmore\n````\n`````\n" in clip.answer("en")
