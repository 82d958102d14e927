"""Gradient descent, seen: the true loss along one number or two, the tangent, where the step lands.

What descent makes smaller is the mean loss of the rows and the penalty together; so are the heights here. A slice moves
one number while all others stay; the update moves all, which is why it may land elsewhere than the slice says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from playground.engine.derivation import place_of
from playground.engine.formulas import Number
from playground.engine.optimizers import Hyper, frozen_mask, penalty, penalty_gradient, weight_mask
from playground.engine.program import Array, Program
from playground.engine.state import State
from playground.engine.training_engine import apply_gradient
from playground.engine.walk import Walk


class Terrain:
    """The height of every vector of parameters over given rows: mean loss and penalty.

    `masks` are those of an update that leaves values out; without them nothing is dropped.
    """

    def __init__(
        self, program: Program, x: Array, y: Array, hyper: Hyper, masks: Mapping[str, Array] | None = None
    ) -> None:
        self.program, self.x, self.y, self.hyper, self.masks = program, x, y, hyper, masks
        self._mask = weight_mask(program)

    def height(self, values: Array) -> float:
        """Mean loss and penalty together; infinite, or not a number, where they run away."""
        with np.errstate(all="ignore"):
            walk = Walk(self.program, values)
            return walk.mean_loss(walk.forward(self.x, self.masks), self.y) + penalty(values, self._mask, self.hyper)

    def slope(self, values: Array) -> Array:
        """The gradient of the height, a flat vector: what an optimizer receives."""
        with np.errstate(all="ignore"):
            walk = Walk(self.program, values.copy())
            walk.backward(walk.forward(self.x, self.masks), self.y)
            return walk.gradient + penalty_gradient(values, self._mask, self.hyper)

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

    learning_rate: float
    before: Array
    after: Array
    height_before: float
    height_after: float

    @property
    def overshoots(self) -> bool:
        """Whether it leads uphill, or out of the finite numbers."""
        return not self.height_after <= self.height_before


def slice_along(
    terrain: Terrain,
    state: State,
    number: Number,
    *,
    span: tuple[float, float] | None = None,
    points: int = 121,
    rate: float | None = None,
) -> Slice:
    """The slice along one number; `rate` is tried instead of the learning rate.

    Raises KeyError and IndexError where there is no such number.
    """
    place = place_of(terrain.program, number)
    at, height = float(state.values[place]), terrain.height(state.values)
    slope = float(terrain.slope(state.values)[place])
    lands = float(terrain.updated(state, _rated(terrain.hyper, rate)).values[place])
    low, high = span or span_around(at, lands)
    places = np.linspace(low, high, points)
    heights = np.array([_height_at(terrain, state.values, {place: float(w)}) for w in places])
    return Slice(number, at, height, slope, places, heights, lands, _height_at(terrain, state.values, {place: lands}))


def plane_along(
    terrain: Terrain,
    state: State,
    numbers: tuple[Number, Number],
    *,
    spans: tuple[tuple[float, float], tuple[float, float]] | None = None,
    points: int = 33,
    rate: float | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Plane:
    """The plane along two numbers, points × points heights; what `stop` leaves out is not a number."""
    first, second = (place_of(terrain.program, number) for number in numbers)
    gradient = terrain.slope(state.values)
    after = terrain.updated(state, _rated(terrain.hyper, rate)).values
    at, lands = ((float(array[first]), float(array[second])) for array in (state.values, after))
    chosen = spans or (span_around(at[0], lands[0]), span_around(at[1], lands[1]))
    places = (np.linspace(*chosen[0], points), np.linspace(*chosen[1], points))
    heights = np.full((points, points), np.nan)
    for row, down in enumerate(places[1]):
        if stop():
            break
        for column, across in enumerate(places[0]):
            heights[row, column] = _height_at(terrain, state.values, {first: float(across), second: float(down)})
    slopes = float(gradient[first]), float(gradient[second])
    there = _height_at(terrain, state.values, {first: lands[0], second: lands[1]})
    return Plane(numbers, at, terrain.height(state.values), slopes, places, heights, lands, there)


def full_step(terrain: Terrain, state: State, rate: float | None = None) -> FullStep:
    """One update of everything, at the learning rate or at one that is tried."""
    hyper = _rated(terrain.hyper, rate)
    after = terrain.updated(state, hyper).values
    before = state.values.copy()
    return FullStep(hyper.learning_rate, before, after, terrain.height(before), terrain.height(after))


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


def span_around(at: float, lands: float) -> tuple[float, float]:
    """A range in which a number and the place where it lands are both well inside."""
    far = lands if np.isfinite(lands) else at
    reach = max(1.0, 1.5 * abs(far - at), 0.5 * abs(at))
    return min(at, far) - reach, max(at, far) + reach


def _rated(hyper: Hyper, rate: float | None) -> Hyper:
    return hyper if rate is None else replace(hyper, learning_rate=rate)


def _height_at(terrain: Terrain, values: Array, moved: Mapping[int, float]) -> float:
    vector = values.copy()
    for place, value in moved.items():
        vector[place] = value
    return terrain.height(vector)
