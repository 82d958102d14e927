"""What a built-in kind of data is: how its points are drawn, its sensible settings and the frame it is shown in."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from playground.data.table import Array, Extent, Range, Table
from playground.messages import Message, UserError
from playground.randomness import stream, uniform

#: Points of a seed: (samples, noise, seed) → features [rows, columns] and targets [rows].
Draw = Callable[[int, float, int], tuple[Array, Array]]
#: A table of a seed: (samples, noise, seed) → table.
Make = Callable[[int, float, int], Table]
#: The plot range for an amount of noise. It never depends on the points, so that axes stand still.
Frame = Callable[[float], Extent]

MOST_SAMPLES = 1_000_000
MOST_NOISE = 100.0


def uniforms(seed: int, samples: int, columns: int = 2) -> Array:
    """Where points lie before noise: [samples, columns] in [0, 1). More samples leave the first ones where they are."""
    return uniform(stream(seed, "points"), (samples, columns))


def gaussians(seed: int, samples: int) -> Array:
    """The noise of points: [samples, 2] standard normal numbers, row by row for the same reason (Box–Muller)."""
    pairs = uniform(stream(seed, "noise"), (samples, 2))
    radius = np.sqrt(-2.0 * np.log(1.0 - pairs[:, 0]))
    angle = 2.0 * np.pi * pairs[:, 1]
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def turns(samples: int, count: int) -> Array:
    """0, 1, …, count − 1 in turn, one for each sample: classes and clouds that are balanced at every length."""
    return np.arange(samples, dtype=np.float64) % count


def centred_frame(rim: float, grain: float = 1.0, half: float = 1.0) -> Frame:
    """A square around the origin, [−half, half], wider where noise of deviation `grain`·noise reaches past `rim`."""

    def frame(noise: float) -> Extent:
        edge = max(half, math.ceil(10.0 * (rim + 3.0 * grain * noise)) / 10.0)
        return (-edge, edge), (-edge, edge)

    return frame


def corner_frame(rim: float, edge: float) -> Frame:
    """A square from the origin, [0, edge], wider where noise reaches past `rim`: for what is never negative."""

    def frame(noise: float) -> Extent:
        high = max(edge, float(math.ceil(rim + 3.0 * noise)))
        return (0.0, high), (0.0, high)

    return frame


def fixed_frame(horizontal: Range, vertical: Range) -> Frame:
    """The same ranges whatever the noise."""
    return lambda noise: (horizontal, vertical)


def drawn(
    draw: Draw,
    frame: Frame,
    *,
    columns: tuple[str, ...] = ("x1", "x2"),
    classes: tuple[str, ...] = ("0", "1"),
    axes: tuple[Message, ...] = (),
) -> Make:
    """A family's `make` from a function that draws points; without classes the target is a value to regress."""
    target, task = ("class", "classification") if classes else ("y", "regression")

    def make(samples: int, noise: float, seed: int) -> Table:
        _check(samples, noise, fewest=2 * max(1, len(classes)))
        features, targets = draw(samples, noise, seed)
        return Table(columns, features, target, targets, task, classes, axes=axes, extent=frame(noise), drawn=True)

    return make


def _check(samples: int, noise: float, fewest: int) -> None:
    if not fewest <= samples <= MOST_SAMPLES:
        raise UserError(
            "Data can't be made of {samples} samples here. Choose from {fewest} to {most}.",
            samples=samples, fewest=fewest, most=MOST_SAMPLES,
        )  # fmt: skip
    if not (math.isfinite(noise) and 0.0 <= noise <= MOST_NOISE):
        raise UserError("Data can't have a noise of {noise}. Choose 0 or a little more.", noise=noise)


@dataclass(frozen=True)
class Family:
    """A row of `families.FAMILIES`.

    Attributes:
        make: (samples, noise, seed) → table. The same seed gives the same points; more noise moves each point further
            along a way of its own, and more samples are added behind the ones that there were. Raises UserError where
            there are too few or too many samples, or the noise is not a sensible number.
        samples, noise, test_fraction, scaling: what it starts with; `noise_range` is what a slider offers.
        sized: whether `samples` and `noise` change anything; corners and real mail are what they are.
    """

    name: str
    label: Message
    make: Make
    samples: int = 500
    noise: float = 0.1
    noise_range: Range = (0.0, 0.5)
    test_fraction: float = 0.5
    scaling: str = "none"
    sized: bool = True
