"""What builds say to people, in the language that is active."""

from django.utils.translation import gettext as _

_SAID = {  # by the library, in English
    "There is no browser here to check it.": lambda: _(
        "There is no Chromium on the machine that builds. Its operator can install it; then verify again."
    ),
    "It was not checked.": lambda: _("It was not checked."),
}


def why(said: str) -> str:
    """Why there is no verdict."""
    return _SAID[said]() if said in _SAID else said


def ending(code: str, said: str) -> str:
    """Why a build ended as it did; empty where all is well. `said` is what the library, or a model's server, says."""
    match code:
        case "done":
            return ""
        case "gates":
            return _("A gate of the check still fails after several attempts. This is the best there is.")
        case "budget":
            return _("The budget of this build is used up. What is there is kept; build on from it, or allow more.")
        case "loop":
            return _("The model went round in circles. What is there is kept; say what is missing, and go on from it.")
        case "no_call":
            return _("The model did not call a tool any more. Not every model can build: choose another one.")
        case "crash_loop":
            return _("The same step ended its worker three times. What was there before is kept.")
        case "stopped":
            return _("It was stopped.")
        case _:
            return said or _("It could not go on.")
