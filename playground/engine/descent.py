"""Gradient descent, seen: the true loss along one number or two, the tangent, where the step lands.

What descent makes smaller is the mean loss of the rows and the penalty together; so are the heights here. A slice moves
one number while all others stay; the update moves all, which is why it may land elsewhere than the slice says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from playground.engine.derivation import place_of
from playground.engine.formulas import Number
from playground.engine.optimizers import Hyper, frozen_mask, penalty, penalty_gradient, weight_mask
from playground.engine.program import Array, Program
from playground.engine.state import State
from playground.engine.training_engine import apply_gradient
from playground.engine.walk import Walk

Span = tuple[float, float]

#: A landing so many times as far away as the surroundings reach is not shown with them.
_FARTHEST = 20.0
#: The closest look at a number, as a share of it.
_NEAREST = 2e-5


class Terrain:
    """The height of every vector of parameters over given rows: mean loss and penalty.

    `masks` are those of an update that leaves values out; without them nothing is dropped.
    """

    def __init__(
        self, program: Program, x: Array, y: Array, hyper: Hyper, masks: Mapping[str, Array] | None = None
    ) -> None:
        self.program, self.x, self.y, self.hyper, self.masks = program, x, y, hyper, masks
        self._mask = weight_mask(program)
        self._known: tuple[Array, Array] | None = None

    def height(self, values: Array) -> float:
        """Mean loss and penalty together; infinite, or not a number, where they run away."""
        with np.errstate(all="ignore"):
            walk = Walk(self.program, values)
            return walk.mean_loss(walk.forward(self.x, self.masks), self.y) + penalty(values, self._mask, self.hyper)

    def slope(self, values: Array) -> Array:
        """The gradient of the height, a flat vector: what an optimizer receives."""
        if self._known is not None and np.array_equal(self._known[0], values):
            return self._known[1].copy()
        with np.errstate(all="ignore"):
            walk = Walk(self.program, values.copy())
            walk.backward(walk.forward(self.x, self.masks), self.y)
            slope: Array = walk.gradient + penalty_gradient(values, self._mask, self.hyper)
        self._known = walk.values, slope
        return slope.copy()

    def updated(self, state: State, hyper: Hyper | None = None) -> State:
        """A copy of the state after one update."""
        after = state.copy()
        with np.errstate(all="ignore"):
            apply_gradient(after, self.slope(state.values), hyper or self.hyper, frozen_mask(self.program))
        return after


@dataclass(frozen=True, eq=False)
class Slice:
    """The height along one number while all others stay.

    Attributes:
        at, height, slope: where the number is, and the tangent there: height + slope · (w − at).
        places, heights: the curve.
        lands, lands_height: where the update puts this number, and how high the curve is there.
    """

    number: Number
    at: float
    height: float
    slope: float
    places: Array
    heights: Array
    lands: float
    lands_height: float

    def tangent(self, place: float) -> float:
        """The height that the slope alone predicts."""
        return self.height + self.slope * (place - self.at)


@dataclass(frozen=True, eq=False)
class Plane:
    """The height over two numbers while all others stay: `heights` is [places of the second, places of the first]."""

    numbers: tuple[Number, Number]
    at: tuple[float, float]
    height: float
    slopes: tuple[float, float]
    places: tuple[Array, Array]
    heights: Array
    lands: tuple[float, float]
    lands_height: float


@dataclass(frozen=True, eq=False)
class FullStep:
    """The update of all numbers at once: the heights before and after it (4.5 → 8.82 of the lecture at η = 0.1)."""

    height_before: float
    height_after: float

    @property
    def overshoots(self) -> bool:
        """Whether it leads uphill, or out of the finite numbers."""
        return not self.height_after <= self.height_before


def _never() -> bool:
    return False


def slice_along(
    terrain: Terrain,
    state: State,
    number: Number,
    after: Array,
    *,
    span: Span | None = None,
    points: int = 121,
    stop: Callable[[], bool] = _never,
) -> Slice:
    """The slice along one number; `after` are all numbers after an update. What `stop` leaves out is not a number.

    Raises KeyError and IndexError where there is no such number.
    """
    place = place_of(terrain.program, number)
    at, lands = float(state.values[place]), float(after[place])
    places = np.linspace(*(span or span_around(at, lands)), points)
    heights = np.full(points, np.nan)
    for point, where in enumerate(places.tolist()):
        if stop():
            break
        heights[point] = height_at(terrain, state.values, {place: where})
    height, slope = terrain.height(state.values), float(terrain.slope(state.values)[place])
    return Slice(number, at, height, slope, places, heights, lands, height_at(terrain, state.values, {place: lands}))


def plane_along(
    terrain: Terrain,
    state: State,
    numbers: tuple[Number, Number],
    after: Array,
    *,
    spans: tuple[Span, Span] | None = None,
    points: int = 65,
    stop: Callable[[], bool] = _never,
) -> Iterator[Plane]:
    """The plane along two numbers, at first coarsely: 5 × 5 heights, then 9 × 9 and so on to points × points.

    `points` is a power of two and one more, so that each keeps the heights of the one before. `stop` ends it.
    """
    first, second = (place_of(terrain.program, number) for number in numbers)
    at, lands = ((float(array[first]), float(array[second])) for array in (state.values, after))
    chosen = spans or (span_around(at[0], lands[0]), span_around(at[1], lands[1]))
    places = (np.linspace(*chosen[0], points), np.linspace(*chosen[1], points))
    gradient, height = terrain.slope(state.values), terrain.height(state.values)
    slopes = float(gradient[first]), float(gradient[second])
    there = height_at(terrain, state.values, {first: lands[0], second: lands[1]})
    heights, known = np.zeros((points, points)), np.zeros((points, points), dtype=np.bool_)
    stride = max(1, (points - 1) // 4)
    while stride:
        wanted = np.zeros_like(known)
        wanted[::stride, ::stride] = True
        for row, column in np.argwhere(wanted & ~known):
            if stop():
                return
            moved = {first: float(places[0][column]), second: float(places[1][row])}
            heights[row, column] = height_at(terrain, state.values, moved)
        known |= wanted
        shown = (places[0][::stride], places[1][::stride])
        yield Plane(numbers, at, height, slopes, shown, heights[::stride, ::stride].copy(), lands, there)
        stride //= 2


def full_step(terrain: Terrain, state: State, after: Array) -> FullStep:
    """One update of everything, to the numbers `after` it."""
    return FullStep(terrain.height(state.values), terrain.height(after))


def trail(terrain: Terrain, vectors: Sequence[Array], numbers: Sequence[Number]) -> Array:
    """Where the last steps have been: a row for each vector of parameters, its numbers and at last its height."""
    places = [place_of(terrain.program, number) for number in numbers]
    rows = [[*(float(vector[place]) for place in places), terrain.height(vector)] for vector in vectors]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(places) + 1)


def handed_to(terrain: Terrain, state: State, hypers: Sequence[Hyper]) -> tuple[Array, ...]:
    """The same gradient handed to several optimizers: the change that each would make, a flat vector each.

    One that is not the state's own starts with empty slots, as it would if it were chosen now.
    """
    gradient, frozen = terrain.slope(state.values), frozen_mask(terrain.program)
    changes = []
    for hyper in hypers:
        after = state.copy()
        with np.errstate(all="ignore"):
            apply_gradient(after, gradient, hyper, frozen)
        changes.append(after.values - state.values)
    return tuple(changes)


def span_around(at: float, lands: float, *, close: bool = False) -> Span:
    """A range in which a number and the place where it lands are both well inside, unless that is very far away.

    With `close` it is no wider than the step needs, down to where the digits of a tick would no longer differ.
    """
    around = max(1.0, 0.5 * abs(at))
    far = lands if abs(lands - at) <= _FARTHEST * around else at
    step = abs(far - at)
    reach = max(1.5 * step, _NEAREST * max(1.0, abs(at))) if close else max(around, 1.5 * step)
    return min(at, far) - reach, max(at, far) + reach


def equal_spans(spans: tuple[Span, Span], aspect: float) -> tuple[Span, Span]:
    """Two ranges made wider, so that in a picture `aspect` times as wide as high both have the same scale.

    Only then does the way downhill stand at right angles on the lines of equal height.
    """
    (left, right), (low, high) = spans
    half = max(0.5 * (high - low), 0.5 * (right - left) / aspect)
    across, up = 0.5 * (left + right), 0.5 * (low + high)
    return (across - half * aspect, across + half * aspect), (up - half, up + half)


def height_at(terrain: Terrain, values: Array, moved: Mapping[int, float]) -> float:
    """The height where some numbers of the flat vector have other values."""
    vector = values.copy()
    for place, value in moved.items():
        vector[place] = value
    return terrain.height(vector)
