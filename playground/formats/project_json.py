"""The document as the plain JSON of format 1, both ways.

What a document does not know is kept beside what it knows (`extra`; for a node, `fields`) and written back, so that a
file of a later program of the same version loses nothing. Members of `early_stopping` and `progress` that are not known
lie in the `extra` of what holds them, under that key.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields as fields_of
from typing import Any

from playground.data.cells import class_name
from playground.document.catalog import DATA_FIELDS, NODE_KINDS, TRAINING_FIELDS, Field
from playground.document.frozen import as_read
from playground.document.model import DataSpec, Document, EarlyStopping, Network, Node, TrainingSpec, Wire
from playground.document.shapes import order
from playground.formats.place import Place
from playground.messages import Message, UserError, message

FORMAT = "backprop-playground"

MOST_NODES = 10_000
MOST_WIRES = 100_000
MOST_ROWS = 1_000_000
MOST_COLUMNS = 100_000
LONGEST_ID = 100
LONGEST_TEXT = 1_000
FARTHEST = 1e7

_STOPPING = EarlyStopping()
_STOPPING_FIELDS = (
    Field("patience", message("Patience"), "int", _STOPPING.patience, 1, 1_000_000),
    Field("min_delta", message("Least improvement"), "float", _STOPPING.min_delta, 0.0),
    Field("restore_best", message("Restore the best weights"), "bool", _STOPPING.restore_best),
)
_TEXT = message("a text")


# --- reading ---------------------------------------------------------------------------------------


def read_data(place: Place) -> DataSpec:
    """`data`: what is made from settings, or the user's own table."""
    place.object()
    values: dict[str, Any] = {field.key: place.at(field.key, field.default).fitted(field) for field in DATA_FIELDS}
    values["kind"] = place.at("kind", DataSpec.kind).text(LONGEST_ID, message("the name of a kind of data"))
    values["columns"] = tuple(
        column.text(LONGEST_TEXT, message("a column's name"), shortest=0)
        for column in place.at("columns", []).items(message("a list of column names"), MOST_COLUMNS)
    )
    values["rows"] = _read_rows(place.at("rows", []), len(values["columns"]))
    values["target"] = _optional_text(place.at("target"))
    values["task"] = _read_task(place.at("task"))
    values["classes"] = tuple(
        _read_class(name) for name in place.at("classes", []).items(message("a list of class names"), MOST_ROWS)
    )
    return DataSpec(**values, extra=place.others(*_known(DataSpec)))


def _read_rows(place: Place, columns: int) -> tuple[tuple[Any, ...], ...]:
    """The rows of a table, each as wide as the columns; where these have no names, as the first row."""
    rows: list[tuple[Any, ...]] = []
    for row in place.items(message("a list of rows"), MOST_ROWS):
        for cell in row.items(message("a list of cells"), MOST_COLUMNS):
            if isinstance(cell.value, (dict, list)):
                raise cell.refusal(message("a number, a text, true, false or null"))
        width = columns or (len(rows[0]) if rows else len(row.value))
        if len(row.value) != width:
            raise UserError(
                "{where}: {path} has {count} cells; there are {columns} columns. Give a cell for each column.",
                where=row.where,
                path=row.path,
                count=len(row.value),
                columns=width,
            )
        rows.append(tuple(row.value))
    return tuple(rows)


def _read_task(place: Place) -> str | None:
    if place.value not in (None, "regression", "classification"):
        raise place.refusal(message("one of {choices}", choices="regression, classification"))
    task: str | None = place.value
    return task


def _read_class(place: Place) -> str:
    """A class by its name; one that was written as a number is named as a table names it: 1, not 1.0."""
    if not isinstance(place.value, (str, int, float)):
        raise place.refusal(message("a class name"))
    return place.value if isinstance(place.value, str) else class_name(place.value)


def _optional_text(place: Place) -> str | None:
    return None if place.value is None else place.text(LONGEST_TEXT, _TEXT)


def read_training(place: Place) -> TrainingSpec:
    """`training`: optimizer, batches, when to stop."""
    place.object()
    values: dict[str, Any] = {field.key: place.at(field.key, field.default).fitted(field) for field in TRAINING_FIELDS}
    extra = place.others(*_known(TrainingSpec))
    stopping = place.at("early_stopping")
    if stopping.value is not None:
        stopping.object()
        own = {field.key: stopping.at(field.key, field.default).fitted(field) for field in _STOPPING_FIELDS}
        values["early_stopping"] = EarlyStopping(**own)
        unknown = stopping.others(*own)
        if unknown:
            extra["early_stopping"] = unknown
    return TrainingSpec(**values, extra=extra)


def read_network(place: Place, notes: list[Message]) -> Network:
    """`network`: nodes and wires. A wire from or to a node that is not there is left out with a note.

    Raises UserError for two nodes of one id and for wires that form a loop, naming both nodes.
    """
    place.object()
    nodes: dict[str, Node] = {}
    for member in place.at("nodes", []).items(message("a list of nodes"), MOST_NODES):
        node = _read_node(member.object())
        if node.id in nodes:
            raise UserError(
                "{where}: {path} is “{id}”, as another node's is. Give each node an id of its own.",
                where=place.where,
                path=member.at("id").path,
                id=node.id,
            )
        nodes[node.id] = node
    wires: dict[Wire, None] = {}
    for member in place.at("wires", []).items(message("a list of wires"), MOST_WIRES):
        wire = _read_wire(member)
        missing = [id for id in (wire.source, wire.target) if id not in nodes]
        if missing:
            notes.append(
                message(
                    "{where}: {path} was left out: there is no node “{id}”.",
                    where=place.where,
                    path=member.path,
                    id=missing[0],
                )
            )
        elif wire in wires:
            notes.append(message("{where}: {path} was left out: it is there already.", where=place.where,
                                 path=member.path))  # fmt: skip
        else:
            wires[wire] = None
    network = Network(tuple(nodes.values()), tuple(wires), place.others("nodes", "wires"))
    _refuse_loop(network, place)
    return network


def _read_node(place: Place) -> Node:
    id = place.at("id").text(LONGEST_ID, message("a text of 1 to {most} characters", most=LONGEST_ID))
    if not id.isprintable() or id != id.strip():
        raise place.at("id").refusal(message("a text without line breaks or outer spaces"))
    kind = place.at("kind").text(LONGEST_ID, message("the name of a kind of node"))
    fields = place.others("id", "kind", "name", "position")
    if kind in NODE_KINDS:
        fields |= {field.key: place.at(field.key).fitted(field) for field in NODE_KINDS[kind].fields
                   if place.has(field.key)}  # fmt: skip
    return Node(id, kind, as_read(fields), _optional_text(place.at("name")), _read_position(place.at("position")))


def _read_position(place: Place) -> tuple[float, float] | None:
    if place.value is None:
        return None
    if not isinstance(place.value, list) or len(place.value) != 2:
        raise place.refusal(message("two numbers, [x, y]"))
    x, y = place.at(0).number(), place.at(1).number()
    if max(abs(x), abs(y)) > FARTHEST:
        raise place.refusal(message("two numbers between −{most} and {most}", most=int(FARTHEST)))
    return x, y


def _read_wire(place: Place) -> Wire:
    value = place.value
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(end, str) for end in value):
        raise place.refusal(message("two node ids, [from, to]"))
    return Wire(value[0], value[1])


def _refuse_loop(network: Network, place: Place) -> None:
    ordered = set(order(network))
    if len(ordered) == len(network.nodes):
        return
    # Every node that has no place in the order is fed by another such node: going back must come round.
    feeding = {wire.target: wire.source for wire in network.wires if wire.source not in ordered}
    at = next(node.id for node in network.nodes if node.id not in ordered)
    passed: set[str] = set()
    while at not in passed:
        passed.add(at)
        at = feeding[at]
    source, target = feeding[at], at
    index = network.wires.index(Wire(source, target))
    raise UserError(
        "{where}: network.wires closes a loop: “{target}” leads back to “{source}”, and “{source}” feeds “{target}” "
        "(wire {number}). Take that wire away.",
        where=place.where,
        source=source,
        target=target,
        number=index + 1,
    )


def _known(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields_of(kind) if field.name != "extra")


# --- writing ---------------------------------------------------------------------------------------


def plain_document(document: Document) -> dict[str, Any]:
    """The members `data`, `network` and `training` of a project, ready for JSON; parameters are not among them."""
    return {
        "data": plain_data(document.data),
        "network": {
            "nodes": [plain_node(node) for node in document.network.nodes],
            "wires": plain_wires(document.network),
            **_beside(document.network.extra, "nodes", "wires"),
        },
        "training": plain_training(document.training),
    }


def plain_data(data: DataSpec) -> dict[str, Any]:
    """`data`; the members of a table only where they say something."""
    plain: dict[str, Any] = {"kind": data.kind, **{field.key: getattr(data, field.key) for field in DATA_FIELDS}}
    for key in ("columns", "rows", "target", "task", "classes"):
        if getattr(data, key):
            plain[key] = getattr(data, key)
    if data.rows:
        plain["rows"] = [[_plain_cell(cell) for cell in row] for row in data.rows]
    return plain | _beside(data.extra, *_known(DataSpec))


def _plain_cell(cell: Any) -> Any:
    """A cell as JSON has it: a missing number is null; one that is infinite stays the word that it was."""
    if isinstance(cell, float) and not math.isfinite(cell):
        return None if math.isnan(cell) else str(cell)
    return cell


def plain_node(node: Node) -> dict[str, Any]:
    """One node; only the fields that it has itself."""
    plain: dict[str, Any] = {"id": node.id, "kind": node.kind}
    if node.name is not None:
        plain["name"] = node.name
    plain |= _beside(node.fields, "id", "kind", "name", "position")
    if node.position is not None:
        plain["position"] = node.position
    return plain


def plain_wires(network: Network) -> list[list[str]]:
    """The wires between nodes that are there."""
    ids = {node.id for node in network.nodes}
    return [[wire.source, wire.target] for wire in network.wires if wire.source in ids and wire.target in ids]


def plain_training(training: TrainingSpec) -> dict[str, Any]:
    """`training`, every member written out."""
    plain: dict[str, Any] = {key: getattr(training, key) for key in _known(TrainingSpec)}
    stopping = training.early_stopping
    if stopping is not None:
        own = {field.key: getattr(stopping, field.key) for field in _STOPPING_FIELDS}
        unknown = training.extra.get("early_stopping")
        plain["early_stopping"] = own | (_beside(unknown, *own) if isinstance(unknown, Mapping) else {})
    return plain | _beside(training.extra, *_known(TrainingSpec))


def _beside(extra: Mapping[str, Any], *known: str) -> dict[str, Any]:
    return {key: value for key, value in extra.items() if key not in known}
