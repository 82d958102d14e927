"""From a program to the operations of its computation graph, at each level of detail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from playground.engine.losses import LOSSES
from playground.engine.program import Instruction, Program
from playground.ui.canvas.operations.graph import (
    OF_DIFFERENCES,
    Edge,
    Graph,
    Kind,
    Level,
    Operation,
    level_of,
    on_the_way,
)

#: So many weights, or biases, are numbered through (w₁, w₂, …); more are told apart by input and unit.
MOST_NUMBERED = 12

# With one output, the loss as the lecture writes it: {y} is the prediction, {t} the right answer.
_WITH_ONE: Mapping[str, tuple[str, ...]] = {
    "half_squared": ("L = ½({y} − {t})²",),
    "binary_cross_entropy": ("L = −{t}·ln p", "− (1 − {t})·ln(1 − p)", "p = σ({y})"),
    "hinge": ("L = max(0, 1 − {t}·{y})",),
    "huber": ("L = ½d² if |d| ≤ 1,", "else |d| − ½", "d = {y} − {t}"),
}
_WITH_MANY: Mapping[str, tuple[str, ...]] = {
    "half_squared": ("L = ½ Σ (y − t)²",),
    "binary_cross_entropy": ("L = −Σ t·ln p", "− (1 − t)·ln(1 − p)", "p = σ(y)"),
    "softmax_cross_entropy": ("L = −Σ t·ln p", "p = softmax(y)"),
    "hinge": ("L = Σ max(0, 1 − t·y)",),
    "huber": ("L = Σ ½d² if |d| ≤ 1,", "else |d| − ½", "d = y − t"),
}
_BOXED: Mapping[str, str] = {"dense": "W·x", "add": "x + y", "multiply": "x·y", "concat": "[x, y]"}


def operations_of(
    program: Program,
    features: Sequence[str],
    names: Mapping[str, str] | None = None,
    target: str = "C",
    level: Level | None = None,
) -> Graph:
    """The computation graph of a program.

    `features` are the labels of its inputs, `names` those of the document's nodes (their ids where they have none),
    `target` that of the right answer. `level` None: the finest that stays readable.
    """
    chosen = level_of(program) if level is None else level
    builder = (_Layers if chosen == "layers" else _Units)(program, features, names or {}, target, chosen)
    return builder.graph()


class _Builder:
    """What all levels have in common; `ends` are the operations that give each unit of a buffer."""

    def __init__(
        self, program: Program, features: Sequence[str], names: Mapping[str, str], target: str, level: Level
    ) -> None:
        self.program, self.features, self.names, self.target, self.level = program, features, names, target, level
        self.operations: list[Operation] = []
        self.edges: list[Edge] = []
        self.ends: dict[str, list[str]] = {}

    def graph(self) -> Graph:
        self.inputs()
        for one in on_the_way(self.program):
            self.instruction(one)
        self.loss()
        return Graph(self.program, self.level, tuple(self.operations), tuple(self.edges))

    def inputs(self) -> None:
        raise NotImplementedError

    def instruction(self, one: Instruction) -> None:
        raise NotImplementedError

    def loss(self) -> None:
        raise NotImplementedError

    def put(self, operation: Operation) -> str:
        self.operations.append(operation)
        return operation.key

    def name(self, node: str) -> str:
        return self.names.get(node) or node

    def loss_box(self, one: bool) -> Operation:
        program = self.program
        lines = _WITH_ONE.get(program.loss) if one else None
        lines = lines or _WITH_MANY.get(program.loss, (f"L = {LOSSES[program.loss].formula}",))
        label, *rest = (line.format(y=self.written(program.prediction, 0), t=self.target) for line in lines)
        node = program.loss_node
        return Operation(
            f"{node}:loss", "loss", node, 0, label, lines=tuple(rest), title=self.name(node), function=program.loss
        )

    def written(self, buffer: str, unit: int) -> str:
        """How a value is written in a formula; a long name of a layer would tear it apart."""
        name = self.name(buffer)
        return name if len(name) <= 6 else "y"


class _Layers(_Builder):
    """One node for each instruction."""

    def inputs(self) -> None:
        node, width = self.program.input, self.program.widths[self.program.input]
        label = self.features[0] if width == 1 else "x"
        lines = (f"[{width}]",) if width > 1 else ()
        self.ends[node] = [self.put(Operation(node, "given", node, None, label, lines=lines, title=self.name(node),
                                              width=width))]  # fmt: skip

    def instruction(self, one: Instruction) -> None:
        widths, title = self.program.widths, self.name(one.node)
        width = widths[one.output]
        label = _BOXED.get(one.op, one.op.replace("_", " "))
        if one.op == "dense":
            label += " + b" if len(one.parameters) == 2 else ""
        taken = " + ".join(str(widths[name]) for name in one.inputs) if one.op == "concat" else widths[one.inputs[0]]
        lines = (f"[{taken} → {width}]",) if one.op in ("dense", "concat") else (f"[{width}]",)
        kind: Literal["activation", "layer"] = "activation" if _is_activation(one) else "layer"
        key = self.put(Operation(one.node, kind, one.node, None, label, lines=lines, title=title, function=one.op,
                                 width=width))  # fmt: skip
        for name in one.inputs:
            self.edges.append(Edge(self.ends[name][0], key, name))
        self.ends[one.output] = [key]

    def loss(self) -> None:
        program, width = self.program, self.program.widths[self.program.prediction]
        box = self.loss_box(width == 1)
        target = f"{box.node}:target"
        lines = (f"[{width}]",) if width > 1 else ()
        self.put(Operation(target, "target", box.node, None, self.target, lines=lines, title=box.title, width=width,
                           host=box.key))  # fmt: skip
        self.put(box)
        self.edges += [Edge(self.ends[program.prediction][0], box.key, program.prediction), Edge(target, box.key)]


def _is_activation(one: Instruction) -> bool:
    return one.op not in ("dense", "add", "multiply", "concat", "dropout")


class _Units(_Builder):
    """One node for each unit; at the finest level one for each product and sum inside of it."""

    def __init__(
        self, program: Program, features: Sequence[str], names: Mapping[str, str], target: str, level: Level
    ) -> None:
        super().__init__(program, features, names, target, level)
        self.several = [one.node for one in on_the_way(program) if one.op == "dense" and program.widths[one.output] > 1]
        sizes = {role: sum(p.size for p in program.parameters if p.role == role) for role in ("weight", "bias")}
        self.numbered = {role: size <= MOST_NUMBERED for role, size in sizes.items()}
        self.numbers = dict.fromkeys(sizes, 0)

    def inputs(self) -> None:
        node = self.program.input
        self.ends[node] = [
            self.put(Operation(f"{node}:{unit}", "given", node, unit, label, title=self.name(node)))
            for unit, label in enumerate(self.features)
        ]

    def instruction(self, one: Instruction) -> None:
        if one.op == "dense":
            self.ends[one.output] = [self.dense(one, unit) for unit in range(self.program.widths[one.output])]
        else:
            self.ends[one.output] = self.others(one)

    # --- dense -------------------------------------------------------------------------------------

    def dense(self, one: Instruction, unit: int) -> str:
        """One unit of a dense layer: the operation that gives its value."""
        label, sub = self.symbol(one.output, unit)
        key, (source,) = f"{one.node}:{unit}", one.inputs
        value = Operation(key, "value", one.node, unit, label, sub, title=self.name(one.node), function="dense")
        if self.level == "units":
            self.put(Operation(key, "unit", one.node, unit, label, sub, title=value.title, function="dense"))
            self.edges += [Edge(end, key, source, index) for index, end in enumerate(self.ends[source])]
            return key
        terms = [self.product(one, index, unit) for index in range(self.program.widths[source])]
        if len(one.parameters) == 2:
            terms.append(self.parameter(one, "bias", (unit,), f"{key}:+"))
        (last,) = terms if len(terms) == 1 else (self.operation(f"{key}:+", "plus", one, unit, "+"),)
        if len(terms) > 1:
            self.edges += [Edge(term, last) for term in terms]
        self.put(value)
        self.edges.append(Edge(last, key, one.output, unit))
        return key

    def product(self, one: Instruction, index: int, unit: int) -> str:
        """A weight times an input."""
        key, (source,) = f"{one.node}:{unit}:×{index}", one.inputs
        weight = self.parameter(one, "weight", (index, unit), key)
        self.operation(key, "times", one, unit, "×")
        self.edges += [Edge(weight, key), Edge(self.ends[source][index], key, source, index)]
        return key

    def parameter(self, one: Instruction, role: str, index: tuple[int, ...], host: str) -> str:
        name = next(name for name in one.parameters if name.endswith(role))
        self.numbers[role] += 1
        counted = ",".join(str(number + 1) for number in index)
        sub = str(self.numbers[role]) if self.numbered[role] else counted
        key = f"{name}[{','.join(map(str, index))}]"
        frozen = self._is_frozen(name, index)
        return self.put(Operation(key, "parameter", one.node, index[-1], role[0], sub, title=self.name(one.node),
                                  parameter=(name, index), host=host, frozen=frozen))  # fmt: skip

    def _is_frozen(self, name: str, index: tuple[int, ...]) -> bool:
        parameter = next(one for one in self.program.parameters if one.name == name)
        flat = index[0] * parameter.shape[-1] + index[1] if len(index) == 2 else index[0]
        return parameter.frozen or flat in parameter.mask

    def operation(self, key: str, kind: Kind, one: Instruction, unit: int, label: str) -> str:
        return self.put(Operation(key, kind, one.node, unit, label, title=self.name(one.node)))

    # --- all others --------------------------------------------------------------------------------

    def others(self, one: Instruction) -> list[str]:
        """The units of an activation, a dropout or a join."""
        kind = "activation" if _is_activation(one) else one.op
        ends = []
        for unit in range(self.program.widths[one.output]):
            label, sub = self.symbol(one.output, unit) if kind == "concat" else (_SIGNS.get(one.op, one.op), "")
            key = self.put(
                Operation(f"{one.node}:{unit}", _KINDS[kind], one.node, unit, label.replace("_", " "), sub,
                          title=self.name(one.node), function=one.op)
            )  # fmt: skip
            for buffer, index in self.taken(one, unit):
                self.edges.append(Edge(self.ends[buffer][index], key, buffer, index))
            ends.append(key)
        return ends

    def taken(self, one: Instruction, unit: int) -> list[tuple[str, int]]:
        """Which values a unit takes: its own one of every input, but for concat and softmax."""
        if one.op == "concat":
            start = 0
            for name in one.inputs:
                if unit < start + self.program.widths[name]:
                    return [(name, unit - start)]
                start += self.program.widths[name]
        if one.op == "softmax":
            return [(one.inputs[0], index) for index in range(self.program.widths[one.output])]
        return [(name, unit) for name in one.inputs]

    def symbol(self, buffer: str, unit: int) -> tuple[str, str]:
        """A unit's name and subscript: the layer's own name where it has one unit, h₁, h₂ … where it has several."""
        name = self.name(buffer)
        if self.program.widths[buffer] == 1:
            return name, ""
        stem = name.rstrip("0123456789") or name
        if len(self.several) <= 1 or stem == name:
            return stem, str(unit + 1)
        return stem, f"{name[len(stem) :]},{unit + 1}"

    def written(self, buffer: str, unit: int) -> str:
        """The prediction in a formula: the label of its own operation where that is a value, else y."""
        end = next(one for one in self.operations if one.key == self.ends[buffer][unit])
        return end.text if end.kind in ("value", "unit", "given") and len(end.text) <= 6 else "y"

    # --- the loss ----------------------------------------------------------------------------------

    def loss(self) -> None:
        program, ends = self.program, self.ends[self.program.prediction]
        one, node = len(ends) == 1, program.loss_node
        box = self.loss_box(one)
        differs = self.level == "single" and program.loss in OF_DIFFERENCES
        beside: list[Edge] = []
        for unit, end in enumerate(ends):
            sub = "" if one else str(unit + 1)
            minus, answer = f"{node}:{unit}:−", f"{node}:target:{unit}"
            self.put(Operation(answer, "target", node, unit, self.target, sub, title=box.title,
                               host=minus if differs else box.key if one else ""))  # fmt: skip
            taker = box.key
            if differs:
                self.put(Operation(minus, "minus", node, unit, "−", title=box.title))
                beside.append(Edge(minus, box.key))
                taker = minus
            self.edges += [Edge(end, taker, program.prediction, unit), Edge(answer, taker)]
        self.put(box)
        self.edges += beside


_SIGNS: Mapping[str, str] = {"add": "+", "multiply": "×", "dropout": "drop"}
_KINDS: Mapping[str, Kind] = {
    "activation": "activation", "dropout": "dropout", "add": "add", "multiply": "multiply", "concat": "concat",
}  # fmt: skip
