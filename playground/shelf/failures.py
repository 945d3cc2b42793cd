"""Why something is not on the shelf, in a word for the program and a sentence for people."""

from django.utils.translation import gettext as _


class ShelfFailure(Exception):
    """`code` is one of those that `explain` knows."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


def explain(code: str, what: str) -> str:
    """The sentence for `code` about `what` (a package, an address)."""
    sentences = {
        "no_package": _("%(what)s is not known to the package registry."),
        "no_version": _("%(what)s has no version that could be served."),
        "no_file": _("%(what)s is not in the package."),
        "no_address": _("%(what)s names no file of a package, so it cannot be on the library shelf."),
        "unreachable": _("%(what)s is not on the library shelf, and the package registry cannot be reached."),
        "too_large": _("%(what)s is too large for the library shelf."),
        "damaged": _("%(what)s was left out: the download does not match the registry’s checksum."),
        "unsafe": _("%(what)s was left out: its archive is not safe to unpack."),
        "no_build": _("%(what)s cannot be built as a module for browsers."),
        "slow": _("%(what)s is still being fetched. Run the page again in a moment."),
    }
    return sentences.get(code, _("%(what)s is not available.")) % {"what": what}


def note_version(name: str, asked: str, served: str) -> str:
    text = _("Version %(asked)s of %(name)s is not available: version %(served)s is used.")
    return text % {"name": name, "asked": asked, "served": served}


def note_file(name: str, asked: str, served: str) -> str:
    return _("%(name)s has no file %(asked)s: %(served)s is used.") % {"name": name, "asked": asked, "served": served}


def note_fonts(families: str) -> str:
    return _("These fonts are not on the library shelf: %(families)s.") % {"families": families}
