"""Which rows train and which only test: in proportion class by class, identical rows on one side, by a seed.

Rows with the same features are one group: a test row that was seen in training would measure memory, not learning.
Not so the drawn points of a built-in family: without noise all of them lie on a few places, and each place must train.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from playground.data.table import Indices, Table
from playground.messages import Message, UserError, message
from playground.randomness import permutation, stream

#: In tables this small, worked through by hand, the first row always trains: lessons begin with it.
HAND_SIZED = 12


@dataclass(frozen=True)
class Split:
    """Ascending row indices of either side, and what the user should know about them."""

    train: Indices
    test: Indices
    notes: tuple[Message, ...] = ()


def split(table: Table, test_fraction: float, seed: int) -> Split:
    """Split a table's rows; classes keep their proportions to within a row, a value to regress is split plainly.

    A share of 0 trains on all rows. Every class keeps at least one group for training, so that a class with a single
    row is never only tested. Raises UserError for a share outside [0, 1).
    """
    if not 0.0 <= test_fraction < 1.0:
        raise UserError("The test share is {share}. Choose from 0 to below 1.", share=test_fraction)
    rows = len(table.features)
    if test_fraction == 0.0:
        return Split(np.arange(rows), np.arange(0))
    strata = _strata(table, permutation(stream(seed, "split"), rows))
    wanted = min(int(rows * test_fraction + 0.5) or 1, rows - len(strata))
    tested: list[int] = []
    for stratum, quota in zip(strata, _quotas(strata, test_fraction, wanted), strict=True):
        tested.extend(_pick(stratum, quota))
    is_test = np.zeros(rows, dtype=bool)
    is_test[tested] = True
    notes = (*_lonely_notes(table), *_share_notes(wanted, len(tested), rows))
    return Split(np.flatnonzero(~is_test), np.flatnonzero(is_test), notes)


#: The groups of one class in a random order, each with its rows; the first of them stays in training.
Stratum = list[list[int]]


def _strata(table: Table, order: Indices) -> list[Stratum]:
    """Groups of identical rows by class (that of a group's first row), in the given order of rows."""
    features = np.ascontiguousarray(table.features + 0.0)  # −0 and 0 are one number
    groups: dict[bytes | int, list[int]] = {}
    for row in order.tolist():
        groups.setdefault(row if table.drawn else features[row].tobytes(), []).append(row)
    strata: list[Stratum] = [[] for _ in table.classes] or [[]]
    for group in groups.values():
        group.sort()
        strata[int(table.targets[group[0]]) if table.classes else 0].append(group)
    if len(features) <= HAND_SIZED:
        for stratum in strata:
            stratum.sort(key=lambda group: group[0] != 0)
    return [stratum for stratum in strata if stratum]


def _quotas(strata: Sequence[Stratum], fraction: float, wanted: int) -> list[int]:
    """How many test rows each class gives: largest remainders, and never more than it can spare."""
    spare = [sum(map(len, stratum[1:])) for stratum in strata]
    shares = [fraction * sum(map(len, stratum)) for stratum in strata]
    quotas = [min(int(share), most) for share, most in zip(shares, spare, strict=True)]
    remainders = sorted(range(len(strata)), key=lambda index: quotas[index] - shares[index])
    for index in remainders:
        if sum(quotas) < wanted and quotas[index] < min(spare[index], shares[index] + 1):
            quotas[index] += 1
    return quotas


def _pick(stratum: Stratum, quota: int) -> list[int]:
    """Rows of whole groups, `quota` of them or as near to it as the groups' sizes let it come."""
    picked: list[int] = []
    left: Stratum = []
    for group in stratum[1:]:
        if len(picked) + len(group) <= quota:
            picked.extend(group)
        else:
            left.append(group)
    missing = quota - len(picked)
    smallest = min(left, key=len, default=[])
    if smallest and len(smallest) < 2 * missing:
        picked.extend(smallest)
    return picked


def _lonely_notes(table: Table) -> list[Message]:
    if not table.classes:
        return []
    counts = np.bincount(table.targets.astype(np.int64), minlength=len(table.classes))
    return [
        message("Class “{name}” has only 1 row: it trains and is not tested.", name=name)
        for name, count in zip(table.classes, counts.tolist(), strict=True)
        if count == 1
    ]


def _share_notes(wanted: int, tested: int, rows: int) -> list[Message]:
    if abs(tested - wanted) <= max(1, rows // 100):
        return []
    return [
        message(
            "{tested} rows are tested, not {wanted}: rows with the same features stay on one side.",
            tested=tested, wanted=wanted,
        )
    ]  # fmt: skip
