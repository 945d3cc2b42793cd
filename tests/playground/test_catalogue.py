"""Every text for people is there in Chinese."""

from pathlib import Path

from babel.messages.pofile import read_po

CATALOGUE = Path(__file__).resolve().parents[2] / "playground" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def test_nothing_is_left_untranslated() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    left = [message.id for message in catalogue if message.id and (not message.string or message.fuzzy)]
    assert left == []
