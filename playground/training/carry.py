"""What a changed network keeps of what was learned: every number whose place in the network is still there.

A column of a weight belongs to its unit. A row belongs to what feeds it: a feature, or a unit of the layer before, also
where its value comes through an activation, a dropout, an addition or a concat. So a layer that is given one unit more
keeps the weights of all others, and so does the layer behind it, and behind a concat that takes its inputs in another
order; the new numbers are the initial ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from playground.data.table import Array
from playground.engine.program import Program
from playground.engine.state import State
from playground.training.plan import Plan

#: What feeds each number of a buffer.
Origins = tuple[Hashable, ...]
#: Shapes that are remembered of one parameter: what undo and redo go through.
SHAPES = 8


@dataclass(frozen=True)
class Through:
    """What feeds a row behind a concat that has the same from several sides, and the node through which it comes."""

    origin: Hashable
    node: str


@dataclass(frozen=True)
class Remembered:
    """A parameter as it was last seen in one shape; `origins` are those of a weight's rows."""

    values: Array
    origins: Origins


#: Parameters seen in a session by name, the latest last: also those of nodes deleted since, so that undo finds them.
Kept = dict[str, dict[tuple[int, ...], Remembered]]


def origins(program: Program, features: Sequence[str]) -> dict[str, Origins]:
    """What feeds each number of every buffer of a program that takes these features."""
    found: dict[str, Origins] = {program.input: tuple(features)}
    for instruction in program.instructions:
        if instruction.parameters:
            found[instruction.output] = tuple((instruction.node, k) for k in range(program.widths[instruction.output]))
        elif instruction.op == "concat":
            found[instruction.output] = _side_by_side({name: found[name] for name in instruction.inputs})
        else:
            found[instruction.output] = found[instruction.inputs[0]]
    return found


def _side_by_side(parts: dict[str, Origins]) -> Origins:
    counts = Counter(one for part in parts.values() for one in part)
    return tuple(Through(one, name) if counts[one] > 1 else one for name, part in parts.items() for one in part)


def _rows(plan: Plan) -> dict[str, Origins]:
    """The origins of the rows of every weight, by the parameter's name; a bias has none."""
    known = origins(plan.program, plan.dataset.features)
    return {
        instruction.parameters[0]: known[instruction.inputs[0]]
        for instruction in plan.program.instructions
        if instruction.parameters
    }


def keep(kept: Kept, plan: Plan, state: State) -> None:
    """Remember every parameter of a state."""
    rows = _rows(plan)
    for name, view in plan.program.views(state.values).items():
        shapes = kept.setdefault(name, {})
        shapes.pop(view.shape, None)
        shapes[view.shape] = Remembered(view.copy(), rows.get(name, ()))
        if len(shapes) > SHAPES:
            del shapes[next(iter(shapes))]


def carry(kept: Kept, old: Plan, state: State, new: Plan) -> State:
    """The state of a changed network: kept parameters, else initial ones; optimizer slots and counters go along.

    A number without slots of its own yet starts them at 0. The place in the epoch is kept: whoever changes the
    training rows sets `batch` to 0.
    """
    result = new.initial_state()
    before, after = _rows(old), _rows(new)
    for name, view in new.program.views(result.values).items():
        for remembered in kept.get(name, {}).values():
            _overlay(view, after.get(name, ()), remembered.values, remembered.origins)
    for slot, vector in state.slots.items():
        known = old.program.views(vector)
        result.slots[slot] = np.zeros(new.program.size)
        for name, view in new.program.views(result.slots[slot]).items():
            if name in known:
                _overlay(view, after.get(name, ()), known[name], before.get(name, ()))
    result.steps, result.updates = state.steps, state.updates
    result.epoch, result.batch = state.epoch, state.batch
    return result


def _overlay(view: Array, rows: Origins, values: Array, origins: Origins) -> None:
    """Write into `view` what `values` holds of it.

    That is all of it where the shapes are equal, unless some rows are fed by what fed other rows before.
    """
    alike = view.shape == values.shape
    places = _places(rows, origins) if not alike or rows != origins else {}
    if alike and not places:
        view[...] = values
        return
    units = min(view.shape[-1], values.shape[-1])
    if view.ndim == 1:
        view[:units] = values[:units]
        return
    for row, place in places.items():
        view[row, :units] = values[place, :units]


def _places(rows: Origins, origins: Origins) -> dict[int, int]:
    """Where each row was that was there; what comes through other nodes now is taken in the order in which it came."""
    known = {origin: place for place, origin in enumerate(origins)}
    places = {row: known[origin] for row, origin in enumerate(rows) if origin in known}
    left = set(known.values()) - set(places.values())
    others: dict[Hashable, list[int]] = {}
    for place in sorted(left, reverse=True):
        others.setdefault(_source(origins[place]), []).append(place)
    for row, origin in enumerate(rows):
        if row not in places and others.get(_source(origin)):
            places[row] = others[_source(origin)].pop()
    return places


def _source(origin: Hashable) -> Hashable:
    """A feature or a unit, through whatever it comes."""
    while isinstance(origin, Through):
        origin = origin.origin
    return origin


def set_kept(kept: Kept, name: str, index: tuple[int, ...], value: float) -> None:
    """Change one number of a parameter that the present network does not have, in the latest shape that had it."""
    for remembered in reversed(kept.get(name, {}).values()):
        if has_index(remembered.values.shape, index):
            remembered.values[index] = value
            return


def has_index(shape: tuple[int, ...], index: tuple[int, ...]) -> bool:
    """Whether an array of that shape has that number."""
    return len(shape) == len(index) and all(0 <= i < n for i, n in zip(index, shape, strict=True))
