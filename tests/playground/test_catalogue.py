"""Every text for people is there in Chinese."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

PLAYGROUND = Path(__file__).resolve().parents[2] / "playground"
CATALOGUE = PLAYGROUND / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def read_catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def test_each_text_of_the_code_is_in_the_catalogue() -> None:
    catalogue = read_catalogue()
    found = extract_from_dir(str(PLAYGROUND), method_map=[("**.py", "python")])
    missing = {message if isinstance(message, str) else message[0] for _file, _line, message, *_rest in found}
    assert {message for message in missing if message not in catalogue} == set()


def test_nothing_is_left_untranslated() -> None:
    catalogue = read_catalogue()
    left = [message.id for message in catalogue if message.id and (not message.string or message.fuzzy)]
    assert left == []
