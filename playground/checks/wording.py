"""What a check found, in words for people."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from agents.browser import Gate, Level, Measurements
from playground.checks.models import Reason

type Details = dict[str, str | int | float]


def title(gate: str) -> str:
    return {
        "loads": _("Loads"),
        "runs": _("Keeps running"),
        "shows": _("Shows something"),
        "exceptions": _("No exceptions"),
        "files": _("Files and console"),
        "network": _("Needs nobody else"),
        "responds": _("Responds to input"),
        "phone": _("Fits a phone"),
        "accessibility": _("Accessible at first sight"),
    }[gate]


def evidence(gate: Gate) -> str:
    if gate.name not in _GATES:
        return _flaws(gate)
    return _GATES[gate.name](gate.code) % {name: _step_words(name, value) for name, value in gate.details.items()}


def _step_words(name: str, value: str | int | float) -> str | int | float:
    """What was tried is told by the steps' names: "keys", "control: Start"."""
    if name not in ("to", "tried"):
        return value
    words = {"keys": _("keys"), "click": _("a click"), "drag": _("a drag")}
    steps = str(value).split("; ")
    return ", ".join(words.get(step) or _("“%(name)s”") % {"name": step.removeprefix("control: ")} for step in steps)


def reason(why: Reason) -> str:
    match why:
        case Reason.NO_BROWSER:
            return _("There is no Chromium on the machine that checks. Its operator can install it; then verify again.")
        case Reason.NO_START:
            return _("The browser could not be started, or did not get done in time. Try again later.")
        case Reason.LOST:
            return _("The process that checked it was ended several times. Try again later.")


def level(name: str) -> str:
    if name == Level.BUBBLEWRAP:
        return _("no network (bubblewrap)")
    return _("no network by proxy rules only")


def numbers(measured: Measurements) -> dict[str, float]:
    """For scripts; names, not words."""
    found = {
        "ready_ms": measured.ready_ms,
        "exceptions": sum(problem.kind == "exception" for problem in measured.problems),
        "failed_files": sum(problem.kind == "failed" for problem in measured.problems),
        "console_errors": sum(problem.kind == "console" for problem in measured.problems),
        "blocked_hosts": len(measured.blocked),
        "dialogs": measured.dialogs,
        "ink": max(measured.ink, default=None),
        "motion": max(measured.motion, default=None),
        "animated": int(measured.is_animated),
        "frames_per_second": measured.frames_per_second,
        "long_tasks": measured.long_tasks,
        "heap_megabytes": measured.heap_megabytes,
        "controls": len(measured.controls),
        "noise": measured.twins.noise if measured.twins else None,
        "changed": measured.twins.response.changed if measured.twins and measured.twins.response else None,
        "phone_overflow": measured.phone.overflow if measured.phone else None,
    }
    return {name: float(value) for name, value in found.items() if value is not None}


def _loads(code: str) -> str:
    return {
        "ready": _("The document was there after %(ms)d ms."),
        "status": _("The page's address was answered with %(status)d."),
        "left": _("The page went to another address by itself: %(url)s"),
        "reloads": _("The page loaded itself again and again (%(count)d times)."),
        "never": _("The page did not finish loading."),
    }[code]


def _runs(code: str) -> str:
    return {
        "alive": _("It answered all the time."),
        "hung": _("It stopped answering: a loop in its script does not end. The browser was killed."),
        "crashed": _("The browser's process of the page crashed; most often that is for lack of memory."),
    }[code]


def _shows(code: str) -> str:
    return {
        "animated": _("There is something to see, and it moves."),
        "still": _("There is something to see."),
        "blank": _("The page is blank at 0.5, 2 and 5 seconds: one colour and no text."),
        "blank_canvas": _(
            "The %(tag)s of %(width)d × %(height)d pixels is one colour, %(colour)s, at 0.5, 2 and 5 seconds; "
            "requestAnimationFrame ran %(frames)d times a second."
        ),
        "unseen": _("No picture could be taken."),
    }[code]


def _exceptions(code: str) -> str:
    return {
        "none": _("No script failed."),
        "exception": _("%(count)d in all. The first: %(text)s %(place)s"),
    }[code]


def _files(code: str) -> str:
    return {
        "none": _("Every file loaded, and the page wrote no errors."),
        "failed": _("%(count)d did not load. The first: %(text)s"),
        "console": _("The page wrote %(count)d errors to the console. The first: %(text)s %(place)s"),
    }[code]


def _network(code: str) -> str:
    return {
        "none": _("It asked for nothing beyond its own files and the library shelf."),
        "blocked": _("It tried to reach %(hosts)s, which is blocked."),
    }[code]


def _responds(code: str) -> str:
    return {
        "nothing_to_do": _("There is nothing to press, and it listens to nothing."),
        "responds": _("Tried %(to)s: %(changed).1f %% of the picture changed against a twin without input."),
        "dead": _("Nothing changed against a twin without input. Tried: %(tried)s"),
        "sound": _("Nothing changed to see; it plays sounds, which are not listened to."),
        "no_time": _("It could not be found out in time: the page is slow."),
        "untried": _("Not tried."),
    }[code]


def _phone(code: str) -> str:
    return {
        "fits": _("At 390 pixels nothing sticks out."),
        "overflow": _("At 390 pixels it is %(pixels)d pixels too wide."),
        "small": _("Controls lower or narrower than 24 pixels: %(count)d."),
        "untried": _("Not tried."),
    }[code]


_GATES: dict[str, Callable[[str], str]] = {
    "loads": _loads,
    "runs": _runs,
    "shows": _shows,
    "exceptions": _exceptions,
    "files": _files,
    "network": _network,
    "responds": _responds,
    "phone": _phone,
}


def _flaws(gate: Gate) -> str:
    if gate.code == "untried":
        return _("Not tried.")
    words = {
        "title": _("no title"),
        "language": _("no language named"),
        "unnamed": _("controls without a name: %(count)d"),
        "images": _("images without a text: %(count)d"),
        "faint": _("texts with too little contrast: %(count)d"),
    }
    found = [words[name] % {"count": count} for name, count in gate.details.items()]
    return "; ".join(found) or _("Title, language, names, texts of images and contrast are in order.")
