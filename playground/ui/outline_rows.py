"""What the outline says: which rows the document has, and the words and numbers of each, made when they are asked for.

A node holds its problems, the wires that enter it and, where it is dense, its units; a unit holds its bias and one
weight for each value that the layer takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from playground.document.catalog import field_of, kind_of, title, value
from playground.document.check import Problem
from playground.document.frozen import is_frozen
from playground.document.model import Document, Node, Wire
from playground.document.shapes import node_widths, nodes_of, order, sources_of
from playground.training.snapshot import Snapshot
from playground.ui.canvas.ordering import place_words
from playground.ui.canvas.spoken import frozen_words
from playground.ui.canvas.state_words import words_of
from playground.ui.icons import GLYPHS
from playground.ui.translation import feature_text, figure, tr

Part = Literal["problem", "node", "wire", "unit", "bias", "weight"]


class Key(NamedTuple):
    """Which row: a problem (of a node, or of the document where `node` is ""), a node, a wire into it, …

    `at` counts problems, and is (unit,) of a unit and a bias, (input, unit) of a weight, as its array has them.
    """

    part: Part
    node: str = ""
    source: str = ""
    at: tuple[int, ...] = ()

    @property
    def wire(self) -> Wire:
        """The wire of such a row."""
        return Wire(self.source, self.node)

    @property
    def parameter(self) -> str:
        """The name of the parameter in which a bias or a weight lies."""
        return f"{self.node}.{self.part}"


@dataclass(frozen=True)
class Content:
    """A document with its problems, and what the trainer last said of it."""

    document: Document
    problems: tuple[Problem, ...] = ()
    snapshot: Snapshot | None = None

    # --- which rows there are ----------------------------------------------------------------------

    @cached_property
    def widths(self) -> Mapping[str, int | None]:
        """How many values each node gives."""
        return node_widths(self.document.network)

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """The nodes by id."""
        return nodes_of(self.document.network)

    @cached_property
    def sources(self) -> Mapping[str, tuple[str, ...]]:
        """What feeds each node."""
        return sources_of(self.document.network)

    @cached_property
    def told(self) -> Mapping[str, tuple[Problem, ...]]:
        """The problems of each node that has any; those of the document under ""."""
        found: dict[str, tuple[Problem, ...]] = {}
        for problem in self.problems:
            id = problem.node if problem.node in self.nodes else None
            found[id or ""] = (*found.get(id or "", ()), problem)
        return found

    def top(self) -> list[Key]:
        """What is wrong with the document as a whole, then the nodes as values flow; those on a cycle last."""
        flowing = order(self.document.network)
        left = [id for id in self.nodes if id not in set(flowing)] if len(flowing) < len(self.nodes) else []
        return [*self._problems(""), *(Key("node", id) for id in (*flowing, *left))]

    def below(self, key: Key) -> list[Key]:
        """The rows within a row."""
        id = key.node
        if key.part == "node":
            wires = [Key("wire", id, source) for source in dict.fromkeys(self.sources[id])]
            return [*self._problems(id), *wires, *(Key("unit", id, "", (unit,)) for unit in range(self.units(id)))]
        if key.part == "unit":
            (unit,) = key.at
            bias = [Key("bias", id, "", (unit,))] if self.has_bias(id) else []
            return [*bias, *(Key("weight", id, "", (input, unit)) for input in range(self.inputs(id)))]
        return []

    def has_below(self, key: Key) -> bool:
        """Whether there are rows within a row, without making them."""
        if key.part == "node":
            return bool(self.sources[key.node] or key.node in self.told or self.units(key.node))
        return key.part == "unit" and bool(self.has_bias(key.node) or self.inputs(key.node))

    def _problems(self, id: str) -> list[Key]:
        return [Key("problem", id, "", (index,)) for index in range(len(self.told.get(id, ())))]

    def units(self, id: str) -> int:
        """How many units a dense node has; 0 for any other."""
        return (self.widths[id] or 0) if self.nodes[id].kind == "dense" else 0

    def inputs(self, id: str) -> int:
        """How many values a node takes that takes one wire; 0 where that is not known."""
        sources = self.sources[id]
        return (self.widths[sources[0]] or 0) if len(sources) == 1 else 0

    def has_bias(self, id: str) -> bool:
        """Whether the units of a dense node have a bias."""
        return value(self.nodes[id], "bias") is True

    def has(self, key: Key) -> bool:
        """Whether there is such a row (still, while rows are being taken away)."""
        id = key.node
        if key.part == "problem":
            return key.at[0] < len(self.told.get(id, ()))
        if id not in self.nodes or key.part == "node":
            return id in self.nodes
        if key.part == "wire":
            return key.source in self.sources[id]
        return key.at[-1] < self.units(id) and (key.part != "weight" or key.at[0] < self.inputs(id))

    def is_frozen(self, key: Key) -> bool:
        """Whether training leaves a number as it is: its layer is frozen, or this one weight."""
        node = self.nodes[key.node]
        return value(node, "frozen") is True or (key.part == "weight" and is_frozen(node, *key.at))

    def problem(self, key: Key) -> Problem:
        """The problem of such a row."""
        return self.told[key.node][key.at[0]]

    def seen(self, key: Key) -> tuple[object, ...]:
        """What a row and all within it are made of, live numbers left out: while it is the same nothing differs."""
        id = key.node
        if key.part == "problem":
            return (self.problem(key),)
        node = self.nodes[id]
        if key.part == "node":
            fed = tuple((source, *_said(self.nodes[source]), self.widths[source]) for source in self.sources[id])
            return (_said(node), fed, self.widths[id], self.told.get(id, ()))
        if key.part == "wire":
            return (_said(node), _said(self.nodes[key.source]), self.widths[key.source], self.sources[id])
        source = self.nodes[self.sources[id][0]] if len(self.sources[id]) == 1 else None
        return (_said(node), self.inputs(id), None if source is None else _said(source))

    # --- words -------------------------------------------------------------------------------------

    def name(self, id: str) -> str:
        """What a node is called."""
        return tr(title(self.nodes[id]))

    def text(self, key: Key) -> str:
        """What stands in the row."""
        if key.part == "problem":
            return tr(self.problem(key).message)
        if key.part == "node":
            return self.name(key.node)
        if key.part == "wire":
            return tr("from {source}", source=self.name(key.source))
        if key.part == "unit":
            return tr("Unit {number}", number=key.at[0] + 1)
        if key.part == "bias":
            return tr("Bias")
        return tr("Weight of {value}", value=self.input_name(key.node, key.at[0]))

    def input_name(self, id: str, index: int) -> str:
        """What one of the values that a dense node takes is called: a feature, else its node and its number."""
        source = self.nodes[self.sources[id][0]]
        if source.kind == "input":
            return feature_text(value(source, "features")[index])
        return f"{self.name(source.id)} {index + 1}"

    def spoken(self, key: Key) -> str:
        """The row as a screen reader says it: all that can be seen of it, in words."""
        id = key.node
        if key.part == "problem":
            problem = self.problem(key)
            kind = tr("Problem") if problem.severity == "error" else tr("Warning")
            remedy = [tr("Enter: {remedy}", remedy=tr(problem.remedy.label))] if problem.remedy is not None else []
            return ". ".join([f"{kind}: {tr(problem.message).rstrip('.')}", *remedy])
        if key.part == "node":
            return ". ".join(self._node(self.nodes[id]))
        if key.part == "wire":
            said = tr("Wire from {source} to {target}", source=self.name(key.source), target=self.name(id))
            place = place_words(self.document.network, key.wire)
            return ". ".join([said, *_count(self.widths[key.source]), *place])
        unit = tr("Unit {number} of {layer}", number=key.at[-1] + 1, layer=self.name(id))
        if key.part == "unit":
            return ". ".join([unit, *([tr("bias {value}", value=self.figure(key._replace(part="bias")))]
                                      if self.has_bias(id) else []), *self._weights(id)])  # fmt: skip
        frozen = [tr("frozen")] if self.is_frozen(key) else []
        return ". ".join([f"{self.text(key)} {self.figure(key)}", *frozen, unit])

    def _node(self, node: Node) -> list[str]:
        parts = [self.name(node.id)]
        kind = tr(kind_of(node).label)
        if not parts[0].startswith(kind):
            parts.append(kind)
        if node.kind in ("activation", "loss"):
            function = tr(field_of(node, "function").choice_label(value(node, "function")))
            parts += [function] if function not in parts else []
        if node.kind == "activation":
            parts.append(tr("on") if value(node, "enabled") is not False else tr("off"))
        if node.kind == "input" and self.widths[node.id] is not None:
            parts.append(", ".join(feature_text(name) for name in value(node, "features")))
        parts += _count(self.widths[node.id])
        parts += frozen_words(node)
        if kind_of(node).inputs[1] != 0:
            fed = ", ".join(self.name(source) for source in self.sources[node.id])
            parts.append(tr("fed by {names}", names=fed) if fed else tr("nothing feeds it"))
        told = self.told.get(node.id, ())
        if told:
            words = " ".join(tr(problem.message) for problem in told)
            parts.append(tr("1 problem: {words}", words=words) if len(told) == 1 else
                         tr("{count} problems: {words}", count=len(told), words=words))  # fmt: skip
        return [*parts, *self._states(node.id)]

    def _states(self, id: str, unit: int | None = None) -> list[str]:
        """What keeps a node, or one of its units, from learning at this moment."""
        found = self.snapshot.states if self.snapshot is not None else ()
        return [
            tr(words_of(state, self.name(id))).rstrip(".")
            for state in found
            if state.node == id and (unit is None or unit in state.units)
        ]

    def _weights(self, id: str) -> list[str]:
        count = self.inputs(id)
        if not count:
            return []
        return [tr("1 weight") if count == 1 else tr("{count} weights", count=count)]

    def icon(self, key: Key) -> str:
        """The name of a row's icon, "" where it has none."""
        if key.part == "problem":
            return "error" if self.problem(key).severity == "error" else "warn"
        if key.part != "node":
            return ""
        node = self.nodes[key.node]
        name = str(value(node, "function")) if node.kind == "activation" else node.kind
        return name if name in GLYPHS else ""

    def mark(self, id: str) -> str:
        """The worst of a node's problems: "error", "warn" or "" where it has none."""
        found = {problem.severity for problem in self.told.get(id, ())}
        return "error" if "error" in found else "warn" if found else ""

    # --- numbers -----------------------------------------------------------------------------------

    def number(self, key: Key) -> float | None:
        """The number of a bias or a weight at this moment; None where the trainer has none for it yet."""
        if self.snapshot is None or key.part not in ("bias", "weight"):
            return None
        program = self.snapshot.plan.program
        place = program.slices.get(key.parameter)
        if place is None:
            return None
        units = self.units(key.node)
        wanted = (units,) if key.part == "bias" else (self.inputs(key.node), units)
        numbers = self.snapshot.values[place]
        if numbers.size != units * (1 if key.part == "bias" else self.inputs(key.node)):
            return None
        return float(numbers.reshape(wanted)[key.at])

    def figure(self, key: Key) -> str:
        """What stands at the right of a row: a live number, or how many values go in and out."""
        if key.part in ("bias", "weight"):
            return figure(self.number(key))
        if key.part == "wire":
            return _bare(self.widths[key.source])
        if key.part != "node":
            return ""
        node = self.nodes[key.node]
        if node.kind == "loss":
            return figure(self.snapshot.figures.train_loss) if self.snapshot is not None else ""
        if node.kind == "activation" and value(node, "enabled") is False:
            return tr("off")
        given = _bare(self.widths[key.node])
        if node.kind == "dense" and given and self.inputs(key.node):
            return f"{self.inputs(key.node)} → {given}"
        return given


def _said(node: Node) -> tuple[object, ...]:
    """What a node's words are made of: all of it but its place."""
    return (node.name, node.kind, node.fields)


def _bare(width: int | None) -> str:
    return "" if width is None else str(width)


def _count(width: int | None) -> list[str]:
    if width is None:
        return []
    return [tr("1 value") if width == 1 else tr("{count} values", count=width)]
