"""Strengths from wins: the right ones, whatever the order, and with honest intervals."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.runs.bradley_terry import invert, rate

PLAYERS = "abcde"
pairs = st.tuples(st.sampled_from(PLAYERS), st.sampled_from(PLAYERS)).filter(lambda pair: pair[0] != pair[1])
games = st.dictionaries(pairs, st.sampled_from([0.5, 1.0, 2.0, 7.5]), max_size=12)


def simulate(strengths: dict[str, float], count: int, seed: int) -> dict[tuple[str, str], float]:
    """So many games of each two."""
    chance = random.Random(seed)
    wins: dict[tuple[str, str], float] = {}
    for one in strengths:
        for other in strengths:
            if one < other:
                share = strengths[one] / (strengths[one] + strengths[other])
                won = sum(chance.random() < share for _ in range(count))
                wins |= {(one, other): won, (other, one): count - won}
    return wins


def test_nobody_has_played() -> None:
    assert rate({}) == {}


@given(games, st.randoms(use_true_random=False))
def test_the_order_changes_nothing(wins: dict[tuple[str, str], float], chance: random.Random) -> None:
    shuffled = list(wins.items())
    chance.shuffle(shuffled)
    assert rate(dict(shuffled)) == rate(wins)


@given(games)
def test_strengths_are_finite_and_centred_whoever_has_met(wins: dict[tuple[str, str], float]) -> None:
    rated = rate(wins)
    for strength in rated.values():
        assert 0 < strength.low <= strength.value <= strength.high < math.inf
    assert math.isclose(sum(math.log(strength.value) for strength in rated.values()), 0, abs_tol=1e-6)


@given(games, st.permutations(PLAYERS))
def test_names_change_nothing(wins: dict[tuple[str, str], float], names: list[str]) -> None:
    renamed = dict(zip(PLAYERS, names, strict=True))
    moved = rate({(renamed[winner], renamed[loser]): times for (winner, loser), times in wins.items()})
    for player, strength in rate(wins).items():
        assert moved[renamed[player]].value == pytest.approx(strength.value, rel=1e-6)
        assert moved[renamed[player]].high == pytest.approx(strength.high, rel=1e-6)


def test_known_strengths_are_found_within_their_intervals() -> None:
    """Of 95 % intervals, 95 in 100 hold what they should: here of 400 at least 370, at most 394."""
    true = {"a": 4.0, "b": 2.0, "c": 1.0, "d": 0.5}
    mean = math.exp(sum(map(math.log, true.values())) / len(true))
    held = 0
    for seed in range(100):
        rated = rate(simulate(true, 60, seed))
        assert sorted(rated, key=lambda player: -rated[player].value)[0] in "ab"
        held += sum(rated[player].low <= true[player] / mean <= rated[player].high for player in true)
    assert 370 <= held <= 394


def test_more_games_say_more() -> None:
    few, many = (rate(simulate({"a": 3.0, "b": 1.0}, count, 7))["a"] for count in (20, 2000))
    assert many.high / many.low < few.high / few.low
    assert many.value == pytest.approx(math.sqrt(3), rel=0.1)


def test_a_tie_is_half_a_win_for_each() -> None:
    tied = rate({("a", "b"): 5, ("b", "a"): 5})
    assert tied["a"].value == pytest.approx(1)
    assert tied["a"] == tied["b"]


def test_who_has_won_everything_stays_finite() -> None:
    rated = rate({("a", "b"): 10})
    assert 2 < rated["a"].value < 100
    assert rated["a"].high < 1000


def test_groups_that_never_met_are_told_apart_only_within() -> None:
    rated = rate({("a", "b"): 30, ("b", "a"): 10, ("c", "d"): 30, ("d", "c"): 10})
    assert rated["a"].value == pytest.approx(rated["c"].value)
    together = rate({("a", "b"): 30, ("b", "a"): 10, ("c", "d"): 30, ("d", "c"): 10, ("a", "c"): 40, ("c", "a"): 40})
    assert rated["a"].high / rated["a"].low > together["a"].high / together["a"].low


@given(st.lists(st.lists(st.integers(-5, 5), min_size=3, max_size=3), min_size=3, max_size=3))
def test_an_inverse_undoes(rows: list[list[int]]) -> None:
    matrix = [[float(sum(a * b for a, b in zip(one, other, strict=True))) for other in rows] for one in rows]
    for index in range(3):
        matrix[index][index] += 1  # positive definite
    inverse = invert(matrix)
    for i in range(3):
        for j in range(3):
            product = sum(matrix[i][k] * inverse[k][j] for k in range(3))
            assert product == pytest.approx(float(i == j), abs=1e-6)
