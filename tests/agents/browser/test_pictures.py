from io import BytesIO

from PIL import Image, ImageDraw, ImageSequence

from agents.browser import pictures


def picture(*boxes: tuple[int, int, int, int], ground: str = "white") -> Image.Image:
    made = Image.new("RGB", (1024, 768), ground)
    for box in boxes:
        ImageDraw.Draw(made).rectangle(box, fill="navy")
    return made


def test_ink_is_what_stands_out() -> None:
    assert pictures.ink(picture()) == 0
    assert 0.012 < pictures.ink(picture((0, 0, 99, 99))) < 0.014


def test_a_flat_part_has_one_colour() -> None:
    made = picture((0, 0, 299, 299))
    assert pictures.flat_colour(made, (10, 10, 200, 200)) == "#000080"
    assert pictures.flat_colour(made, (10, 10, 400, 200)) is None


def test_motion_is_coarse_and_change_is_not() -> None:
    one, other = picture((0, 0, 1, 1)), picture()
    assert pictures.changed_share(one, other) == 4 / (1024 * 768)
    assert pictures.motion(one, other) == 0
    assert pictures.motion(picture((0, 0, 200, 200)), other) > 0.04
    assert pictures.changed_share(one, one) == 0


def test_the_thumbnail_is_of_the_richest_picture() -> None:
    kept = pictures.make_thumbnail([picture(), picture((0, 0, 600, 300)), picture()])
    assert kept
    with Image.open(BytesIO(kept)) as thumbnail:
        assert thumbnail.size == (640, 400)
        assert thumbnail.convert("RGB").getpixel((100, 100)) != (255, 255, 255)


def test_of_much_the_same_the_thumbnail_is_of_the_last_picture() -> None:
    kept = pictures.make_thumbnail([picture((0, 0, 640, 320)), picture((0, 0, 600, 300))])
    assert kept
    with Image.open(BytesIO(kept)) as thumbnail:
        assert thumbnail.convert("L").getpixel((390, 100)) > 240  # type: ignore[operator]  # white, as WebP keeps it


def test_a_film_has_all_frames_and_runs_for_ever() -> None:
    kept = pictures.make_film({n: picture((50 * n, 0, 50 * n + 99, 99)) for n in range(12)})
    assert kept
    with Image.open(BytesIO(kept)) as film:
        assert (getattr(film, "n_frames", 1), film.info["loop"]) == (12, 0)
    assert pictures.make_film({0: picture()}) is None


def test_where_frames_are_missing_the_film_keeps_its_pace() -> None:
    kept = pictures.make_film({n: picture((50 * n, 0, 50 * n + 99, 99)) for n in (0, 1, 4, 6)})
    assert kept
    with Image.open(BytesIO(kept)) as film:
        durations = [frame.info["duration"] for frame in ImageSequence.Iterator(film) if frame.load()]
    assert durations == [375, 1125, 750, 375]
