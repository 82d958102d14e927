"""The computation graph of a program as plain frozen data: what is given, what is to be found, what is computed.

Three levels of detail show the same program: "single" has a node for every multiplication and addition, "units" one for
every unit of a layer, "layers" one for every instruction. The finest that stays readable is taken (see `level_of`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from playground.engine.program import Instruction, Program

Level = Literal["single", "units", "layers"]
Kind = Literal[
    "given", "parameter", "times", "plus", "value", "unit", "activation", "dropout", "add", "multiply", "concat",
    "minus", "target", "loss", "layer",
]  # fmt: skip

#: More nodes than this cannot be read; nor can a column of more units, at the level of units.
MOST_NODES, MOST_IN_COLUMN = 120, 24

#: Losses that look at the difference of prediction and right answer alone: it is an operation of its own.
OF_DIFFERENCES = ("half_squared", "huber")


@dataclass(frozen=True)
class Operation:
    """One node of the graph.

    Attributes:
        key: its name in this graph, the same for as long as the network is the same.
        node, unit: the node of the document it stands for and which of its units; None: all of them.
        label, sub: what is written in it, with a subscript.
        lines: in a box, what is written below the label.
        title: the name of the document's node.
        function: the operation's row in `ops.OPS`, of a loss its row in `losses.LOSSES`; "" where it has none.
        parameter: the name and index of the number to be found that it is.
        width: how many numbers it gives; 1 but for whole layers.
        host: the key of the operation beside which it is drawn, "" where it has a place of its own.
        frozen: whether training leaves this number as it is.
    """

    key: str
    kind: Kind
    node: str
    unit: int | None
    label: str
    sub: str = ""
    lines: tuple[str, ...] = ()
    title: str = ""
    function: str = ""
    parameter: tuple[str, tuple[int, ...]] | None = None
    width: int = 1
    host: str = ""
    frozen: bool = False

    @property
    def text(self) -> str:
        """Its label on one line: w₁, h[1,2], P."""
        if not self.sub:
            return self.label
        return self.label + (self.sub.translate(_LOWERED) if self.sub.isdigit() else f"[{self.sub}]")


_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class Edge:
    """A value on its way from one operation to another.

    `buffer` and `unit` say which value of the program it is (`unit` None: all of them); a parameter, a product, a sum
    and a difference, which the program does not keep, have "".
    """

    source: str
    target: str
    buffer: str = ""
    unit: int | None = None

    @property
    def key(self) -> str:
        """Its name in this graph."""
        return f"{self.source} → {self.target}"


@dataclass(frozen=True, eq=False)
class Graph:
    """Operations in an order in which values can flow, and the edges between them."""

    program: Program
    level: Level
    operations: tuple[Operation, ...]
    edges: tuple[Edge, ...]

    @cached_property
    def by_key(self) -> Mapping[str, Operation]:
        """Every operation by its key."""
        return {operation.key: operation for operation in self.operations}

    @cached_property
    def into(self) -> Mapping[str, tuple[Edge, ...]]:
        """The edges that end at an operation, in the order of its operands."""
        return self._grouped("target")

    @cached_property
    def out_of(self) -> Mapping[str, tuple[Edge, ...]]:
        """The edges that begin at an operation."""
        return self._grouped("source")

    def _grouped(self, end: str) -> dict[str, tuple[Edge, ...]]:
        found: dict[str, list[Edge]] = {operation.key: [] for operation in self.operations}
        for edge in self.edges:
            found[getattr(edge, end)].append(edge)
        return {key: tuple(edges) for key, edges in found.items()}


def level_of(program: Program) -> Level:
    """The finest level of detail that stays readable."""
    if _single_nodes(program) <= MOST_NODES:
        return "single"
    units = sum(program.widths[name] for name in {program.input, *(one.output for one in program.instructions)})
    widest = max(program.widths.values())
    return "units" if units <= MOST_NODES and widest <= MOST_IN_COLUMN else "layers"


def _single_nodes(program: Program) -> int:
    """How many nodes the finest level has."""
    outputs = program.widths[program.prediction]
    count = program.widths[program.input] + outputs + 1
    if program.loss in OF_DIFFERENCES:
        count += outputs
    for one in program.instructions:
        count += program.widths[one.output]
        if one.op == "dense":
            inputs, biased = program.widths[one.inputs[0]], len(one.parameters) == 2
            added = (1 if inputs > 1 or biased else 0) + (1 if biased else 0)
            count += program.widths[one.output] * (2 * inputs + added)
    return count


def on_the_way(program: Program) -> tuple[Instruction, ...]:
    """The instructions that the prediction depends on, in the program's order."""
    wanted, found = {program.prediction}, []
    for one in reversed(program.instructions):
        if one.output in wanted:
            wanted.update(one.inputs)
            found.append(one)
    return tuple(reversed(found))
