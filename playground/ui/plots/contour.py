"""The line along which a picture passes a level, by marching squares (Lorensen & Cline 1987, in the plane)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: The four corners of a square between cell centres, as (row, column), counter-clockwise from its first.
_CORNERS = ((0, 0), (0, 1), (1, 1), (1, 0))

#: Which pairs of sides the line joins, by the corners above the level (corner k counts 2**k); side k leads from corner
#: k to corner k + 1. A saddle has two pairs, chosen by the mean of its corners: see `_JOINED`.
_ONE_OR_TWO_ABOVE: dict[int, tuple[tuple[int, int], ...]] = {
    0b0001: ((3, 0),),
    0b0010: ((0, 1),),
    0b0100: ((1, 2),),
    0b1000: ((2, 3),),
    0b0011: ((3, 1),),
    0b0110: ((0, 2),),
}
_PAIRS = {
    **_ONE_OR_TWO_ABOVE,
    **{0b1111 - case: pairs for case, pairs in _ONE_OR_TWO_ABOVE.items()},
    0b0101: ((3, 0), (1, 2)),
    0b1010: ((0, 1), (2, 3)),
}
#: The saddles where the two corners above the level are one region, joined through the middle.
_JOINED = {0b0101: ((0, 1), (2, 3)), 0b1010: ((3, 0), (1, 2))}


def contour(values: NDArray[np.floating], level: float) -> NDArray[np.float64]:
    """Straight pieces of the line values = level.

    Args:
        values: [rows, columns], row-major, sampled at cell centres; no line passes a cell that is not finite.
        level: the value on the line.

    Returns:
        Points as [pieces, 2, 2]: for each piece its two ends as (x, y) in columns and rows, where the centre of the
        cell [row, column] is (column, row).
    """
    above = values > level
    case = np.zeros((values.shape[0] - 1, values.shape[1] - 1), dtype=np.uint8)
    for number, (down, right) in enumerate(_CORNERS):
        case |= above[down : down + case.shape[0], right : right + case.shape[1]].astype(np.uint8) << number
    rows, columns = np.nonzero((case != 0) & (case != 0b1111))
    if not len(rows):
        return np.empty((0, 2, 2))
    heights = np.stack([values[rows + down, columns + right] for down, right in _CORNERS], axis=1) - level
    finite = np.isfinite(heights).all(axis=1)
    rows, columns, heights = rows[finite], columns[finite], heights[finite].astype(np.float64)
    sides = _crossings(rows, columns, heights)
    return _joined(case[rows, columns], heights.mean(axis=1) > 0, sides)


def _crossings(rows: NDArray[np.intp], columns: NDArray[np.intp], heights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where the line crosses each of the four sides, [squares, 4, 2] as (x, y); meaningless where it does not."""
    following = np.roll(heights, -1, axis=1)
    rise = heights - following
    share = np.divide(heights, rise, out=np.full_like(heights, 0.5), where=rise != 0)
    corners = np.array([(right, down) for down, right in _CORNERS], dtype=np.float64)
    ways = np.roll(corners, -1, axis=0) - corners
    origin = np.stack([columns, rows], axis=1)[:, None, :]
    return origin + corners + share[:, :, None] * ways


def _joined(case: NDArray[np.uint8], high_middle: NDArray[np.bool_], sides: NDArray[np.float64]) -> NDArray[np.float64]:
    """The pieces of all squares, from their cases and their crossings."""
    pieces = []
    for key, pairs in _PAIRS.items():
        for middle, chosen in ((False, pairs), (True, _JOINED.get(key, pairs))):
            found = sides[(case == key) & (high_middle == middle)]
            pieces += [found[:, pair] for pair in chosen] if len(found) else []
    return np.concatenate(pieces) if pieces else np.empty((0, 2, 2))
