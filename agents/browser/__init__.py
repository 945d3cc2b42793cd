"""The check: opens a page in Chromium without network, measures it, and judges it by gates. No framework.

`finding` and `isolation` say which browser there is and how well it is locked in, `chromium` runs one, `visit` shows
the page in it as the app does: in a frame, with what it asks for answered by the caller. Three passes measure:
`watching` (as it runs), `twins` (whether it responds to input), `phone`. `judging` makes gates and a verdict of the
measurements, and is pure. `check` puts it together. `interact` tries what a person would do (`acts`), one by one.
"""

from agents.browser.acts import Act, Encounter, Reaction
from agents.browser.checking import check
from agents.browser.exhibit import Answer, Asked, Exhibit
from agents.browser.finding import INSTALL, find_chromium
from agents.browser.interaction import interact
from agents.browser.isolation import Level
from agents.browser.judging import Gate, Outcome, Verdict, judge
from agents.browser.measurements import Measurements
from agents.browser.pictures import Pictures

__all__ = [
    "INSTALL",
    "Act",
    "Answer",
    "Asked",
    "Encounter",
    "Exhibit",
    "Gate",
    "Level",
    "Measurements",
    "Outcome",
    "Pictures",
    "Reaction",
    "Verdict",
    "check",
    "find_chromium",
    "interact",
    "judge",
]
