"""What the descent page shows, worked out beside the window: the heights around a pass, and where steps lead."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from playground.engine.derivation import place_of
from playground.engine.descent import (
    FullStep,
    Plane,
    Slice,
    Terrain,
    equal_spans,
    full_step,
    handed_to,
    height_at,
    plane_along,
    slice_along,
    span_around,
    trail,
)
from playground.engine.formulas import Number
from playground.engine.optimizers import Hyper, frozen_mask
from playground.engine.passes import Pass
from playground.engine.program import Array

#: Seconds for the curve, and for the last steps beside it; how many points they have at most and at least.
_CURVE, _POINTS, _FEWEST = 0.25, 161, 13
_BEHIND, _TRAIL, _SHORTEST = 0.1, 30, 2
#: How many points a surface has each way while it is followed: the more where so many take no longer than that.
_FOLLOWED, _FINE, _LIVE = 17, 33, 0.08
#: A surface is made finer while that takes no more than so many seconds.
_FINER = 6.0


@dataclass(frozen=True, eq=False)
class Request:
    """What somebody wants to see.

    Attributes:
        numbers: one, for the curve along it, or two, for the surface over them.
        names: how they are written, also when another network is looked at meanwhile.
        rate: a learning rate that is tried; None: the one in use.
        steps: all numbers before each of the last updates, the present ones last.
        close: no wider than the step needs.
        aspect: how many times as wide as high the picture of a surface is.
        live: there will be another one soon: a surface is shown when it is done, no finer than there is time for.
    """

    found: Pass
    numbers: tuple[Number, ...]
    names: tuple[str, ...] = ()
    rate: float | None = None
    steps: tuple[Array, ...] = ()
    close: bool = False
    aspect: float = 1.0
    live: bool = False

    @property
    def used(self) -> float:
        """The learning rate of the step that is shown."""
        return self.found.hyper.learning_rate if self.rate is None else self.rate

    @property
    def frozen(self) -> bool:
        """Whether no step moves the first of the numbers."""
        mask = frozen_mask(self.found.program)
        return mask is not None and bool(mask[place_of(self.found.program, self.numbers[0])])

    @property
    def other(self) -> str:
        """The optimizer that is handed the same gradient."""
        return "adam" if self.found.hyper.optimizer == "sgd" else "sgd"


@dataclass(frozen=True, eq=False)
class Prospect:
    """What there is to be seen.

    Attributes:
        seen: the curve or the surface.
        trail: a row for each of the last steps, the present one last: its numbers, and for a curve its height.
        step: what the update of all numbers does.
        sgd, adam: the change of every chosen number by each, from the same gradient.
        other: where the other optimizer would put the chosen numbers, and for a curve the height of it there.
    """

    request: Request
    seen: Slice | Plane
    trail: Array
    step: FullStep
    sgd: tuple[float, ...]
    adam: tuple[float, ...]
    other: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class NoProspect:
    """The loss is no finite number here."""

    request: Request


def prospects(request: Request, stop: Callable[[], bool]) -> Iterator[Prospect | NoProspect]:
    """What a request shows: a curve at once, a surface coarsely and then finer."""
    found, numbers = request.found, request.numbers
    terrain = Terrain(found.program, found.x, found.trace.targets, found.hyper, found.masks)
    begun = time.perf_counter()
    height = terrain.height(found.before.values)
    cost = max(time.perf_counter() - begun, 1e-6)
    if not np.isfinite(height):
        yield NoProspect(request)
        return
    after = _after(request, terrain)
    hypers = [replace(Hyper(name), learning_rate=request.used) for name in ("sgd", "adam")]
    places = [place_of(found.program, number) for number in numbers]
    sgd, adam = (tuple(float(change[place]) for place in places) for change in handed_to(terrain, found.before, hypers))
    step = full_step(terrain, found.before, after)
    here = tuple(float(found.before.values[place]) for place in places)
    changes = adam if request.other == "adam" else sgd
    other = tuple(at + change for at, change in zip(here, changes, strict=True))
    spans = tuple(
        span_around(at, float(after[place]), close=request.close) for at, place in zip(here, places, strict=True)
    )
    if len(numbers) == 1:
        points = min(max(int(_CURVE / cost), _FEWEST), _POINTS)
        along = slice_along(terrain, found.before, numbers[0], after, span=spans[0], points=points, stop=stop)
        last = request.steps[-min(max(int(_BEHIND / cost), _SHORTEST), _TRAIL) :]
        there = height_at(terrain, found.before.values, {places[0]: other[0]})
        yield Prospect(request, along, trail(terrain, last, numbers), step, sgd, adam, (*other, there))
        return
    way = np.array([[vector[place] for place in places] for vector in request.steps[-_TRAIL:]]).reshape(-1, 2)
    chosen = equal_spans((spans[0], spans[1]), request.aspect)
    pair = numbers[0], numbers[1]
    if request.live:
        points = _FINE if _FINE * _FINE * cost <= _LIVE else _FOLLOWED
        for plane in [*plane_along(terrain, found.before, pair, after, spans=chosen, points=points, stop=stop)][-1:]:
            yield Prospect(request, plane, way, step, sgd, adam, other)
        return
    begun, before = time.perf_counter(), 0.0
    for plane in plane_along(terrain, found.before, pair, after, spans=chosen, stop=stop):
        yield Prospect(request, plane, way, step, sgd, adam, other)
        spent = time.perf_counter() - begun
        # Twice as many points each way are four times the work.
        if 4.0 * (spent - before) > _FINER:
            return
        before = spent


def _after(request: Request, terrain: Terrain) -> Array:
    """All numbers after the update; where no other rate is tried those of the pass, which are the engine's own."""
    found = request.found
    if request.used == found.hyper.learning_rate and not found.diverged:
        return found.after.values
    return terrain.updated(found.before, replace(found.hyper, learning_rate=request.used)).values
