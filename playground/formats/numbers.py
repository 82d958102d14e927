"""Parameters in a file: nested lists by node and role, and the flat vectors that a program lays out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from playground.document.catalog import field_of, fit, value
from playground.document.model import Network, Node, Values
from playground.document.shapes import node_widths, sources_of
from playground.engine.program import Array, Program
from playground.formats.place import Place
from playground.messages import Message, UserError, message

#: The sides of an array by its role; None where the role is not known: then anything regular up to 4 deep is kept.
DIMENSIONS: Mapping[str, int] = {"weight": 2, "bias": 1}
MOST_DIMENSIONS = 4
LARGEST = 10_000_000

#: [inputs, units] of a dense node; None for a side that the network does not say.
Sides = tuple[int | None, int | None]


def nested(program: Program, vector: Array) -> Values:
    """A flat vector as nested tuples by node and role, for the program's parameters."""
    views = program.views(vector)
    values: dict[str, dict[str, Any]] = {}
    for parameter in program.parameters:
        values.setdefault(parameter.node, {})[parameter.role] = _tuples(views[parameter.name].tolist())
    return values


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def arrays(values: Values) -> dict[str, Array]:
    """Nested numbers as arrays by the program's names ("h1.weight")."""
    return {
        f"{node}.{role}": np.array(numbers, dtype=np.float64)
        for node, roles in values.items()
        for role, numbers in roles.items()
    }


def flat(program: Program, values: Values, complain: Callable[[str], UserError]) -> Array:
    """The flat vector of a program; raises `complain(name)` for a parameter that is missing or of another shape."""
    named = arrays(values)
    for parameter in program.parameters:
        if parameter.name not in named or named[parameter.name].shape != parameter.shape:
            raise complain(parameter.name)
    return program.flat(named)


def sides(network: Network) -> dict[str, Sides]:
    """The sides of every dense node's weight."""
    widths, sources = node_widths(network), sources_of(network)
    found: dict[str, Sides] = {}
    for node in network.nodes:
        if node.kind == "dense":
            feeding = sources[node.id]
            inputs = widths[feeding[0]] if len(feeding) == 1 else None
            found[node.id] = (inputs, _units(node))
    return found


def _units(node: Node) -> int | None:
    try:
        units: int = fit(field_of(node, "units"), value(node, "units"))
    except UserError:
        return None
    return units


def fitting(values: Values, network: Network) -> Values:
    """`values` without those of nodes that are not there and those of another shape than their node's."""
    ids = {node.id for node in network.nodes}
    known = sides(network)
    kept: dict[str, dict[str, Any]] = {}
    for id, roles in values.items():
        good = {role: numbers for role, numbers in roles.items() if _fits(np.shape(numbers), role, known.get(id))}
        if id in ids and good:
            kept[id] = good
    return kept


def _fits(shape: tuple[int, ...], role: str, known: Sides | None) -> bool:
    if known is None or role not in DIMENSIONS:
        return True
    wanted = known if role == "weight" else known[1:]
    return len(shape) == len(wanted) and all(
        side is None or side == own for side, own in zip(wanted, shape, strict=True)
    )


def read_values(place: Place, network: Network, notes: list[Message]) -> Values:
    """The parameters at a place; those of a node that is not there are left out with a note.

    Raises UserError where they are not regular lists of finite numbers, or of another shape than their node's.
    """
    ids = {node.id for node in network.nodes}
    known = sides(network)
    values: dict[str, dict[str, Any]] = {}
    for member in place.members():
        id = str(member.keys[-1])
        roles = {str(role.keys[-1]): _read_array(role, known.get(id)) for role in member.members()}
        if id in ids:
            values[id] = roles
        else:
            notes.append(message("{where}: {path} belongs to no node and was left out.",
                                 where=place.where, path=member.path))  # fmt: skip
    return values


def _read_array(place: Place, known: Sides | None) -> Any:
    role = str(place.keys[-1])
    numbers = _regular(place, DIMENSIONS.get(role))
    shape = np.shape(numbers)
    if not _fits(shape, role, known):
        assert known is not None
        wanted = known if role == "weight" else known[1:]
        raise UserError(
            "{where}: {path} is {shape}, but its node takes {wanted}. Give the numbers in that shape.",
            where=place.where,
            path=place.path,
            shape=_shape(shape),
            wanted=_shape(wanted),
        )
    return numbers


def _shape(sides: tuple[int | None, ...]) -> Message:
    if len(sides) == 1:
        return message("{count} numbers", count=sides[0])
    shown = ["any number of" if side is None else str(side) for side in sides]
    return message("{rows} rows of {columns} numbers", rows=shown[0], columns=shown[1])


def _regular(place: Place, dimensions: int | None) -> Any:
    """Nested tuples of floats whose rows are equally long, `dimensions` deep."""
    depth = dimensions if dimensions is not None else _depth(place.value)
    kinds = {1: message("a list of numbers"), 2: message("a list of rows of numbers")}
    return _row(place, depth, kinds.get(depth, message("lists of numbers"))) if depth else place.number()


def _depth(value: Any) -> int:
    depth = 0
    while isinstance(value, list) and value and depth < MOST_DIMENSIONS:
        depth, value = depth + 1, value[0]
    return depth


def _row(place: Place, depth: int, what: Message) -> tuple[Any, ...]:
    if isinstance(place.value, list) and not place.value:
        raise place.refusal(what)
    entries = place.items(what, LARGEST)
    if depth == 1:
        return tuple(entry.number() for entry in entries)
    rows = [_row(entry, depth - 1, message("a list of numbers")) for entry in entries]
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise UserError(
                "{where}: {path} has {count} numbers where the first row has {first}. Make all rows equally long.",
                where=place.where,
                path=place.at(index).path,
                count=len(row),
                first=len(rows[0]),
            )
    return tuple(rows)
