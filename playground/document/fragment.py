"""A part of a network as text for the clipboard: readable JSON, marked, so that a paste knows its own from any other.

Nodes are written as project files write them, so that unknown kinds and keys come along too.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, NoReturn

from playground.document.catalog import NODE_KINDS, fit, kind_of, value
from playground.document.edits import fresh_id, on_grid
from playground.document.frozen import as_read
from playground.document.given import misfit, weight_shape
from playground.document.model import Document, Network, Node, Wire
from playground.document.problem import names
from playground.document.shapes import cycle
from playground.messages import Message, UserError, message

FORMAT = "backprop-playground-fragment"
VERSION = 1
#: Where a copy appears beside its original.
OFFSET = (24.0, 24.0)
LONGEST_TEXT = 64_000_000


def copy(document: Document, ids: Iterable[str]) -> str:
    """The nodes of these ids, the wires among them and their given parameters, as text."""
    chosen = set(ids)
    nodes = [node for node in document.network.nodes if node.id in chosen]
    wires = [wire for wire in document.network.wires if {wire.source, wire.target} <= chosen]
    fragment = {
        "format": FORMAT,
        "version": VERSION,
        "nodes": [_written(node) for node in nodes],
        "wires": [[wire.source, wire.target] for wire in wires],
        "parameters": {node.id: document.parameters[node.id] for node in nodes if node.id in document.parameters},
    }
    return json.dumps(fragment, ensure_ascii=False)


def _written(node: Node) -> dict[str, Any]:
    written: dict[str, Any] = {"id": node.id, "kind": node.kind, **node.fields}
    if node.name is not None:
        written["name"] = node.name
    if node.position is not None:
        written["position"] = list(node.position)
    return written


def is_fragment(text: str) -> bool:
    """Whether a text claims to be a copied part of a network: for a Paste that is greyed or not."""
    return FORMAT in text[:200]


def paste(
    document: Document, text: str, offset: tuple[float, float] = OFFSET, used: Collection[str] = ()
) -> tuple[Document, tuple[str, ...]]:
    """Add what `copy` wrote, under new ids and moved by `offset`; returns the document and the new ids, in order.

    `used` holds ids that must not come back (see `edits.fresh_id`). Raises UserError where the text is something else
    or does not make sense; then nothing is added.
    """
    fragment = _parsed(text)
    nodes = [_read(entry) for entry in _list(fragment, "nodes")]
    if not nodes:
        raise UserError("The clipboard holds no nodes. Select some and copy them first.")
    wires = _wires(nodes, _list(fragment, "wires"))
    given = fragment.get("parameters", {})
    if not isinstance(given, Mapping):
        _damaged(message("its parameters are not a table"))

    renamed: dict[str, str] = {}
    taken = set(used)
    for node in nodes:
        renamed[node.id] = fresh_id(document, node.kind, taken)
        taken.add(renamed[node.id])
    placed = tuple(replace(node, id=renamed[node.id], position=_moved(node.position, offset)) for node in nodes)
    network = replace(
        document.network,
        nodes=(*document.network.nodes, *placed),
        wires=(*document.network.wires, *(Wire(renamed[wire.source], renamed[wire.target]) for wire in wires)),
    )
    parameters = {renamed[node.id]: given[node.id] for node in nodes if _is_given(node, given.get(node.id))}
    # Added beside what is there, so no shape of another node changes: no given parameters are to be dropped.
    return replace(document, network=network, parameters={**document.parameters, **parameters}), tuple(renamed.values())


def _damaged(reason: Message) -> NoReturn:
    raise UserError("What was copied cannot be pasted: {reason}. Copy it again.", reason=reason)


def _parsed(text: str) -> Mapping[str, Any]:
    parsed = None
    try:
        if len(text) <= LONGEST_TEXT:
            parsed = json.loads(text, parse_constant=_not_a_number, parse_float=_finite)
    except (ValueError, RecursionError):
        pass
    if not isinstance(parsed, dict) or parsed.get("format") != FORMAT:
        raise UserError("The clipboard holds no part of a network. Select nodes and copy them first.")
    version = parsed.get("version")
    if version != VERSION:
        raise UserError(
            "What was copied comes from another version of the program (format {found}, this one reads {known}). "
            "Copy it again here.",
            found=version,
            known=VERSION,
        )
    return parsed


def _not_a_number(text: str) -> NoReturn:
    raise ValueError(text)


def _finite(text: str) -> float:
    """A number of a size that can be kept and written again: "1e999" is none."""
    number = float(text)
    return number if math.isfinite(number) else _not_a_number(text)


def _list(fragment: Mapping[str, Any], key: str) -> list[Any]:
    entries = fragment.get(key, [])
    if not isinstance(entries, list):
        _damaged(message("“{key}” is not a list", key=key))
    return entries


def _read(entry: Any) -> Node:
    if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) and entry[key] for key in ("id", "kind")):
        _damaged(message("a node has no id or no kind"))
    name, position = entry.get("name"), entry.get("position")
    if name is not None and not isinstance(name, str):
        _damaged(message("a name is not a text"))
    if position is not None and not _is_place(position):
        _damaged(message("a position is not two numbers"))
    fields = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in entry.items()
        if key not in ("id", "kind", "name", "position")
    }
    place = None if position is None else (float(position[0]), float(position[1]))
    fields |= _fitted(entry["kind"], fields)
    return Node(entry["id"], entry["kind"], as_read(fields), name or None, place)


def _fitted(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that the kind has, in their own types: what no form takes and no file may hold is not pasted."""
    known = NODE_KINDS[kind].fields if kind in NODE_KINDS else ()
    try:
        return {field.key: fit(field, fields[field.key]) for field in known if field.key in fields}
    except UserError as error:
        raise UserError("What was copied cannot be pasted: {reason} Copy it again.", reason=error.message) from None


def _is_given(node: Node, numbers: Any) -> bool:
    """Whether numbers may come along as the given parameters of a node; those that fit no layer are left behind."""
    if node.kind not in NODE_KINDS or not isinstance(numbers, Mapping):
        return isinstance(numbers, Mapping)
    if node.kind != "dense":
        return False
    shape = weight_shape(numbers["weight"]) if "weight" in numbers else (1, value(node, "units"))
    return shape is not None and misfit(numbers, shape[0], value(node, "units"), bool(value(node, "bias"))) is None


def _is_place(position: Any) -> bool:
    if not isinstance(position, list) or len(position) != 2:
        return False
    return all(isinstance(number, (int, float)) and abs(number) < 1e9 and math.isfinite(number) for number in position)


def _wires(nodes: list[Node], entries: list[Any]) -> list[Wire]:
    """The wires, where every one of them could also have been drawn."""
    kinds = {node.id: kind_of(node) for node in nodes}
    if len(kinds) < len(nodes):
        _damaged(message("two nodes have one id"))
    entering = dict.fromkeys(kinds, 0)
    wires: list[Wire] = []
    for entry in entries:
        if (
            not isinstance(entry, list)
            or len(entry) != 2
            or not all(isinstance(id, str) and id in kinds for id in entry)
        ):
            _damaged(message("a wire leads to a node that was not copied"))
        wires.append(Wire(*entry))
        entering[entry[1]] += 1
    for id, kind in kinds.items():
        if kind.inputs[1] is not None and entering[id] > kind.inputs[1]:
            _damaged(message("a node has more wires than it can take"))
    if len(set(wires)) < len(wires) or any(not kinds[wire.source].outputs for wire in wires):
        _damaged(message("a wire leads where none can"))
    network = Network(tuple(nodes), tuple(wires))
    around = cycle(network)
    if around:
        called = names(network)
        text = message("{node} feeds itself", node=called[around[0]])
        if len(around) > 1:
            text = message("{source} feeds {target}, which already leads to {source}",
                           source=called[around[-1]], target=called[around[0]])  # fmt: skip
        _damaged(message("{loop}, and a network has no loops", loop=text))
    return wires


def _moved(position: tuple[float, float] | None, offset: tuple[float, float]) -> tuple[float, float] | None:
    return None if position is None else on_grid((position[0] + offset[0], position[1] + offset[1]))
