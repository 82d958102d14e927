"""The points of the synthetic families in the plane, as [-1, 1] shows it.

Each function draws (samples, noise, seed) → (features [samples, columns], targets [samples]). A point's place comes
from the stream "points", the way it is pushed off it from the stream "noise"; `noise` only scales that push, so that
moving a noise slider moves every point along a line of its own.
"""

from __future__ import annotations

import numpy as np

from playground.data.family import gaussians, turns, uniforms
from playground.data.table import Array, Table

#: Two moons of radius 1 are 3 wide: dividing by this puts them, and some noise, into the frame.
MOON_UNIT = 2.0


def xor(samples: int, noise: float, seed: int) -> tuple[Array, Array]:
    """Four clouds at ±0.5; the class is 1 where the signs of the two centres differ. `noise` is a cloud's deviation.

    The classes are exactly even and the two clouds of a class only on average: four exactly even clouds are so
    symmetric that a net whose activations were off for long sits on a saddle and is slow to leave it.
    """
    label = turns(samples, 2)
    first = np.where(uniforms(seed, samples)[:, 0] < 0.5, -0.5, 0.5)
    second = np.where(label == 0, first, -first)
    return np.column_stack([first, second]) + noise * gaussians(seed, samples), label


def xor_corners(samples: int, noise: float, seed: int) -> Table:
    """The truth table of exclusive or: four exact rows, whatever is asked."""
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    around = (-0.5, 1.5)
    return Table(
        ("x1", "x2"), corners, "class", np.array([0.0, 1.0, 1.0, 0.0]), "classification", ("0", "1"),
        extent=(around, around),
    )  # fmt: skip


def gauss(samples: int, noise: float, seed: int) -> tuple[Array, Array]:
    """Two clouds on the diagonal, at −0.5 and at +0.5 on both axes; `noise` is their deviation."""
    label = turns(samples, 2)
    return (label - 0.5)[:, None] + noise * gaussians(seed, samples), label


def three_classes(samples: int, noise: float, seed: int) -> tuple[Array, Array]:
    """Three clouds at the corners of a triangle; `noise` is their deviation."""
    label = turns(samples, 3)
    angle = np.pi / 2 + label * (2 * np.pi / 3)
    return 0.55 * _direction(angle) + noise * gaussians(seed, samples), label


def circle(samples: int, noise: float, seed: int) -> tuple[Array, Array]:
    """A disc (class 1) inside a ring (class 0), both filled evenly; `noise` is the deviation of a point's place."""
    label, places = turns(samples, 2), uniforms(seed, samples)
    inner, outer = np.where(label == 1, 0.0, 0.65), np.where(label == 1, 0.4, 0.9)
    radius = np.sqrt(inner**2 + (outer**2 - inner**2) * places[:, 0])
    return radius[:, None] * _direction(2 * np.pi * places[:, 1]) + noise * gaussians(seed, samples), label


def moons(samples: int, noise: float, seed: int) -> tuple[Array, Array]:
    """Two interleaved half circles; `noise` is the deviation in radii of a moon, as is usual; then centred."""
    label = turns(samples, 2)
    arc = _direction(np.pi * uniforms(seed, samples)[:, 0])
    upper = label[:, None] == 0
    points = np.where(upper, arc, np.array([1.0, 0.5]) - arc) + noise * gaussians(seed, samples)
    return (points - np.array([0.5, 0.25])) / MOON_UNIT, label


def spiral(samples: int, noise: float, seed: int) -> tuple[Array, Array]:
    """Two arms that wind once around the centre, half a turn apart; `noise` is the deviation of a point's place."""
    label = turns(samples, 2)
    along = 0.1 + 0.9 * uniforms(seed, samples)[:, 0]
    angle = 2 * np.pi * along + np.pi * label
    return 0.9 * along[:, None] * _direction(angle) + noise * gaussians(seed, samples), label


def checkerboard(samples: int, noise: float, seed: int) -> tuple[Array, Array]:
    """Four by four squares in turn of class 0 and 1; `noise` is the deviation of a point's place."""
    label, places = turns(samples, 2), uniforms(seed, samples)
    column, across = np.divmod(4 * places[:, 0], 1.0)
    pair, up = np.divmod(2 * places[:, 1], 1.0)
    row = 2 * pair + (column + label) % 2
    points = np.column_stack([column + across, row + up]) / 2 - 1
    return points + noise * gaussians(seed, samples), label


def plane(samples: int, noise: float, seed: int) -> tuple[Array, Array]:
    """Regression: 0.6·x1 − 0.3·x2 + 0.1, which a single unit can find; `noise` is the deviation of the value."""
    points = 2 * uniforms(seed, samples) - 1
    return points, points @ np.array([0.6, -0.3]) + 0.1 + noise * gaussians(seed, samples)[:, 0]


def bumps(samples: int, noise: float, seed: int) -> tuple[Array, Array]:
    """Regression: two hills of height 1 and two hollows at ±0.5; `noise` is the deviation of the value."""
    points = 2 * uniforms(seed, samples) - 1
    value = np.zeros(samples)
    for centre, height in (((0.5, 0.5), 1.0), ((-0.5, 0.5), -1.0), ((-0.5, -0.5), 1.0), ((0.5, -0.5), -1.0)):
        value += height * np.exp(-((points - np.array(centre)) ** 2).sum(axis=1) / (2 * 0.25**2))
    return points, value + noise * gaussians(seed, samples)[:, 0]


def sine(samples: int, noise: float, seed: int) -> tuple[Array, Array]:
    """Regression of one column: one wave, sin(π·x1) on [−1, 1]; `noise` is the deviation of the value."""
    points = 2 * uniforms(seed, samples, 1) - 1
    return points, np.sin(np.pi * points[:, 0]) + noise * gaussians(seed, samples)[:, 0]


def _direction(angle: Array) -> Array:
    return np.column_stack([np.cos(angle), np.sin(angle)])
