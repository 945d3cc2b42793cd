"""How strong models are, judged by who won against whom. Pure.

The model of Bradley and Terry (1952): i beats j with probability s_i / (s_i + s_j). Strengths are found by the MM
algorithm of Hunter, "MM algorithms for generalized Bradley-Terry models" (Annals of Statistics 32, 2004), equation (3).
A tie counts as half a win for each.

Each player has also played `PRIOR` games against an imaginary one of strength 1, and won half of them (a MAP estimate;
Caron and Doucet, "Efficient Bayesian inference for generalized Bradley-Terry models", 2012). So strengths stay finite
where somebody has won everything, and there is one scale where groups of players never met.

The 95 % intervals come from the information matrix: its inverse is the covariance of the logarithms, taken relative to
their mean, since only ratios of strengths are known. They take outcomes to be independent, which those of one race of
four are not quite: with many large races they are somewhat too narrow.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

PRIOR = 0.5  # games
Z = 1.96  # standard deviations on either side
PRECISION = 1e-9
MOST_ROUNDS = 20_000

type Wins = Mapping[tuple[str, str], float]  # (winner, loser) -> how often
type Matrix = list[list[float]]


@dataclass(frozen=True, slots=True)
class Strength:
    """The geometric mean of all strengths is 1; `low` and `high` bound the 95 % interval."""

    value: float
    low: float
    high: float


def rate(wins: Wins) -> dict[str, Strength]:
    """The strength of everybody who has played. Nobody plays against themselves."""
    players = sorted({player for pair in wins for player in pair})
    if not players:
        return {}
    won, played = _tables(wins, players)
    strengths = _fit(won, played)
    spreads = _spreads(strengths, played)
    mean = sum(map(math.log, strengths)) / len(players)
    return {
        player: _strength(math.log(strength) - mean, spread)
        for player, strength, spread in zip(players, strengths, spreads, strict=True)
    }


def _strength(logarithm: float, spread: float) -> Strength:
    return Strength(*(math.exp(logarithm + shift) for shift in (0, -Z * spread, Z * spread)))


def _tables(wins: Wins, players: list[str]) -> tuple[list[float], Matrix]:
    """How often each has won, and how often each two have met."""
    number = {player: index for index, player in enumerate(players)}
    won = [0.0] * len(players)
    played = [[0.0] * len(players) for _ in players]
    for (winner, loser), times in sorted(wins.items()):  # sorted: sums come out the same in every order
        i, j = number[winner], number[loser]
        won[i] += times
        played[i][j] += times
        played[j][i] += times
    return won, played


def _fit(won: list[float], played: Matrix) -> list[float]:
    strengths = [1.0] * len(won)
    for _ in range(MOST_ROUNDS):
        fresh = [_improve(index, strengths, won[index], played[index]) for index in range(len(won))]
        change = max(abs(new / old - 1) for new, old in zip(fresh, strengths, strict=True))
        strengths = fresh
        if change < PRECISION:
            break
    return strengths


def _improve(index: int, strengths: list[float], won: float, played: list[float]) -> float:
    own = strengths[index]
    met = PRIOR / (own + 1)
    met += sum(times / (own + other) for times, other in zip(played, strengths, strict=True) if times)
    return (won + PRIOR / 2) / met


def _spreads(strengths: list[float], played: Matrix) -> list[float]:
    """The standard deviation of each logarithm, relative to the mean of all."""
    size = len(strengths)
    covariance = invert(_information(strengths, played))
    rows = [sum(row) / size for row in covariance]
    total = sum(rows) / size
    return [math.sqrt(max(0.0, covariance[i][i] - 2 * rows[i] + total)) for i in range(size)]


def _information(strengths: list[float], played: Matrix) -> Matrix:
    """The second derivatives of the negative log-posterior by the logarithms."""
    information = [
        [-times * _variance(one, other) for times, other in zip(row, strengths, strict=True)]
        for row, one in zip(played, strengths, strict=True)
    ]
    for index, strength in enumerate(strengths):
        information[index][index] = PRIOR * _variance(strength, 1) - sum(information[index])
    return information


def _variance(one: float, other: float) -> float:
    """Of one game's outcome."""
    return one * other / (one + other) ** 2


def invert(matrix: Matrix) -> Matrix:
    """By Gauss and Jordan, with the largest pivot. The matrix is positive definite."""
    size = len(matrix)
    rows = [[*row, *(float(i == j) for j in range(size))] for i, row in enumerate(matrix)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda index: abs(rows[index][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        head = rows[column][column]
        rows[column] = [value / head for value in rows[column]]
        for index in range(size):
            if index != column and (factor := rows[index][column]):
                rows[index] = [a - factor * b for a, b in zip(rows[index], rows[column], strict=True)]
    return [row[size:] for row in rows]
