"""The race board: what blind votes say of the models.

What counts: the lanes of a voted race that were answered to the end, by a model. The Demo reel is none; a lane that
failed or was stopped says nothing of how good its page would have been. The best lane has won against each other one; a
tie is half a win for each. "All bad" sets none above another: it is counted beside, and changes no strength.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import permutations

from playground.runs.bradley_terry import Strength, rate
from playground.runs.models import Race, Run, Verdict
from playground.runs.races import is_whole

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would calculate these
COLUMNS = ["model", "strength", "low", "high", "votes", "games", "win_rate", "all_bad"]


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    strength: Strength | None  # None: only in races that were all bad
    votes: int  # blind votes on races in which it ran
    games: float  # against one other model each
    wins: float  # a tie is half of one
    all_bad: int  # of the votes

    @property
    def win_rate(self) -> float | None:
        return self.wins / self.games if self.games else None


def list_rows() -> list[Row]:
    """The strongest first."""
    votes, bad = Counter[str](), Counter[str]()
    wins: defaultdict[tuple[str, str], float] = defaultdict(float)
    names: dict[str, str] = {}
    for race, lanes in _voted():
        names |= {key_of(lane): lane.model.name if lane.model else lane.model_name for lane in lanes}
        keys = {lane.pk: key_of(lane) for lane in lanes}
        votes.update(keys.values())
        if race.verdict == Verdict.BAD:
            bad.update(keys.values())
        for pair, times in _outcomes(race, keys):
            wins[pair] += times
    strengths = rate(wins)
    rows = [
        Row(
            name=name,
            strength=strengths.get(key),
            votes=votes[key],
            games=sum(times for pair, times in wins.items() if key in pair),
            wins=sum(times for (winner, _), times in wins.items() if winner == key),
            all_bad=bad[key],
        )
        for key, name in names.items()
    ]
    return sorted(rows, key=lambda row: (-(row.strength.value if row.strength else 0), row.name))


def key_of(lane: Run) -> str:
    """A model stays the same when it is renamed; of a deleted one, the name is left."""
    return str(lane.model_id) if lane.model_id else f"name:{lane.model_name}"


def write_csv(rows: Iterable[Row]) -> str:
    out = StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for row in rows:
        bounds = (row.strength.value, row.strength.low, row.strength.high) if row.strength else ()
        rate = "" if row.win_rate is None else f"{row.win_rate:.4f}"
        shown = [f"{bound:.4f}" for bound in bounds] or ["", "", ""]
        table.writerow([plain_cell(row.name), *shown, row.votes, f"{row.games:g}", rate, row.all_bad])
    return out.getvalue()


def plain_cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _voted() -> Iterator[tuple[Race, list[Run]]]:
    """The races that say something, with the lanes of which they say it."""
    voted = Race.objects.filter(is_blind=True).exclude(verdict="")
    for race in voted.prefetch_related("lanes__model__endpoint"):
        lanes = [lane for lane in race.lanes.all() if is_whole(lane) and not (lane.model and lane.model.is_demo)]
        is_about_them = race.verdict != Verdict.BEST or race.best_id in {lane.pk for lane in lanes}
        if len(lanes) > 1 and is_about_them:
            yield race, lanes


def _outcomes(race: Race, keys: dict[str, str]) -> Iterator[tuple[tuple[str, str], float]]:
    """`keys` of the models by their lanes. Two rows that were deleted may have had one name."""
    for one, other in permutations(keys, 2):
        if keys[one] == keys[other]:
            continue
        if race.verdict == Verdict.TIE:
            yield (keys[one], keys[other]), 0.5
        elif race.verdict == Verdict.BEST and one == race.best_id:
            yield (keys[one], keys[other]), 1.0
