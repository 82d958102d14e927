"""The stages of a batch, in the order of its program: here the forward ones, in `backward` those that train.

Activations lie as [width][batch↑], the batch padded to whole vectors, so that one vector holds one unit for `lanes`
samples. See `kernel` for the product and `packing` for the weights. A *stage* is what one layer does in one direction;
layers of one shape share its code, so that a deep network compiles as fast as its different shapes do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from playground.engine.dropout import dropouts
from playground.engine.native.builder import Builder, Index, Place
from playground.engine.native.elementwise import ACTIVATIONS
from playground.engine.native.joints import DROPOUT_NUMBERS, JOINTS, Shape
from playground.engine.native.kernel import Strided, product
from playground.engine.native.packing import Packing, padded, row_length
from playground.engine.native.updates import BATCH_NUMBERS, UPDATES, Update
from playground.engine.program import Instruction, Program

ZERO = "zeroinitializer"

#: A stage's code: emitted into a builder, for the places it is given, stepping parameters by an update.
Emit = Callable[[Builder, Update, Sequence[Place]], None]


@dataclass
class Workspace:
    """Places in the scratch memory, counted in float64."""

    size: int = 0
    places: dict[str, int] = field(default_factory=dict)

    def take(self, name: str, size: int) -> None:
        """Set room aside."""
        self.places[name] = self.size
        self.size += size

    def __getitem__(self, name: str) -> Place:
        return Place("%ws", self.places[name])


class Stages:
    """Emits the stages of one program for one batch size and one optimizer into the builder `b`.

    `kept` are sums that are wanted as they are, though an activation is computed from them in registers.
    """

    #: Whether the batch is one to train on: else values pass a dropout, and nothing comes after the forward pass.
    trains: ClassVar[bool] = False

    def __init__(self, program: Program, batch: int, update: str, lanes: int, *, kept: Sequence[str] = ()) -> None:
        self.kept = frozenset(kept)
        self.program = program
        self.batch = batch
        self.columns = padded(batch, lanes)
        self.stride = row_length(batch, lanes)
        self.packing = Packing(program, lanes)
        self.kind = UPDATES[update]
        self.b = Builder(lanes)
        self.update = self.kind()
        self.ws = Workspace()
        #: The name of the number of samples in the batch under way; known from its head on.
        self.valid = ""
        self.functions: dict[Hashable, tuple[str, Builder]] = {}
        self._plan()

    # --- the plan ----------------------------------------------------------------------------------------------------

    def _plan(self) -> None:
        program = self.program
        self.consumers: dict[str, list[Instruction]] = {name: [] for name in program.widths}
        for instruction in program.instructions:
            for name in instruction.inputs:
                self.consumers[name].append(instruction)
        #: Dense output → the activation that is computed as its sums leave the registers.
        self.fused: dict[str, Instruction] = {}
        #: Activation output → the activation, where it is passed back as the sums of the layer behind it leave them.
        self.fused_back: dict[str, Instruction] = {}
        for instruction in program.instructions:
            after = self.consumers[instruction.output]
            if len(after) != 1 or instruction.output == program.prediction:
                continue
            if instruction.op == "dense" and after[0].op in ACTIVATIONS:
                self.fused[instruction.output] = after[0]
            elif instruction.op in ACTIVATIONS and after[0].op == "dense" and instruction.inputs[0] != program.input:
                self.fused_back[instruction.output] = instruction
        for name, width in program.widths.items():
            self.ws.take(f"value {name}", self._room(width))
            self.ws.take(f"gradient {name}", self._room(width))
        widest = max(row_length(width, self.b.lanes) for width in program.widths.values())
        self.ws.take("transposed", self.columns * widest)
        for name in ("targets", "loss value", "loss gradient"):
            self.ws.take(name, program.widths[program.prediction] * self.stride)
        self.ws.take("batch", padded(BATCH_NUMBERS, 8))
        self.dropouts = dropouts(program) if self.trains else ()
        for one in self.dropouts:
            self.ws.take(f"mask {one.output}", program.widths[one.output] * self.stride)
            self.ws.take(f"dropout {one.output}", padded(DROPOUT_NUMBERS, 8))
        self.uses: Counter[Hashable] = Counter()
        self._walk(counting=True)

    def _room(self, width: int) -> int:
        """Numbers in a buffer."""
        return width * self.stride

    def _shares(self, uses: int, size: int) -> bool:
        """Whether so many stages of one kind, each for a layer of so many weights, share their code."""
        return uses > 1

    def _walk(self, counting: bool = False) -> None:
        """All stages of one batch: emitted, or only counted."""
        self.counting = counting
        for instruction in self.program.instructions:
            self._forward(instruction)

    def _stage(self, key: Hashable, places: Sequence[Place], emit: Emit, size: int = 0) -> None:
        """Emit a stage where it stands if it is the only one of its kind, else call the function that all share."""
        if self.counting:
            self.uses[key] += 1
            return
        if not self._shares(self.uses[key], size):
            emit(self.b, self.update, places)
            return
        if key not in self.functions:
            inner, update = Builder(self.b.lanes), self.kind()
            name = f"@stage{len(self.functions)}"
            self.functions[key] = name, inner
            arguments = [f"%a{k}" for k in range(len(places))]
            signature = ", ".join(f"ptr noalias {argument}" for argument in ["%batch", *arguments])
            with inner.function(f"internal void {name}({signature})"):
                update.enter(inner, Place("%batch"))
                emit(inner, update, [Place(argument) for argument in arguments])
                inner.emit("ret void")
        name, _ = self.functions[key]
        given = ", ".join(f"ptr {self.b.address(place)}" for place in [self.ws["batch"], *places])
        self.b.emit(f"call void {name}({given})")
        self.b.forget()

    def module(self) -> str:
        """Everything emitted so far, the shared stages included."""
        b = self.b
        inner = [builder for _, builder in self.functions.values()]
        declared = set(b.declared).union(*(builder.declared for builder in inner))
        return "\n".join([*b.lines, *(line for builder in inner for line in builder.lines), *sorted(declared)]) + "\n"

    # --- forward -----------------------------------------------------------------------------------------------------

    def _forward(self, instruction: Instruction) -> None:
        if instruction.op == "dense":
            self._dense_forward(instruction)
        elif instruction.inputs[0] not in self.fused:
            self._join(instruction)

    def _weight(self, instruction: Instruction) -> Place:
        return Place("%p", self.packing.places[instruction.parameters[0]].offset)

    def _bias(self, instruction: Instruction) -> list[Place]:
        return [Place("%p", self.packing.places[name].offset) for name in instruction.parameters[1:]]

    def _strides(self, instruction: Instruction) -> tuple[int, int]:
        """How far apart two inputs, and two units, of a layer's weight lie."""
        packed = self.packing.places[instruction.parameters[0]]
        return packed.inputs, packed.units

    def _dense_forward(self, instruction: Instruction) -> None:
        ws, widths, stride = self.ws, self.program.widths, self.stride
        (source,), target = instruction.inputs, instruction.output
        by_input, by_unit = self._strides(instruction)
        fused = self.fused.get(target)
        activation = ACTIVATIONS[fused.op] if fused else None
        keeps_z = activation is None or activation.needs_z or target in self.kept
        places = [self._weight(instruction), ws[f"value {source}"]]
        places += [ws[f"value {target}"]] if keeps_z else []
        places += [ws[f"value {fused.output}"]] if fused else []
        bias = self._bias(instruction)

        def emit(b: Builder, update: Update, places: Sequence[Place]) -> None:
            weight, x, *outs = places
            shift = outs.pop() if bias else None

            def start(m: Index) -> str:
                return ZERO if shift is None else b.splat(b.load_scalar(b.at(shift, m)))

            def finish(m: Index, n: Index, vectors: list[str]) -> None:
                for r, z in enumerate(vectors):
                    where = b.add(b.times(b.add(m, r), stride), n)
                    if keeps_z:
                        b.store(z, b.at(outs[0], where))
                    if activation is not None:
                        b.store(activation.value(b, z), b.at(outs[-1], where))

            left, right = Strided(weight, by_unit, by_input), Strided(x, stride, 1)
            product(b, left, right, widths[target], widths[source], self.columns, start, finish)

        key = ("forward", widths[source], widths[target], fused.op if fused else None, keeps_z, bool(bias))
        self._stage(key, [*places, *bias], emit)

    def _shape(self, instruction: Instruction) -> Shape:
        return Shape(tuple(self.program.widths[name] for name in instruction.inputs), self.columns, self.stride)

    def _join(self, instruction: Instruction) -> None:
        """An operation without parameters."""
        shape = self._shape(instruction)
        op = "identity" if instruction.op == "dropout" and not self.trains else instruction.op

        def emit(b: Builder, update: Update, places: Sequence[Place]) -> None:
            JOINTS[op].forward(b, shape, places[:-1], places[-1])

        names = [f"value {name}" for name in instruction.inputs]
        if op == "dropout":
            names += [f"mask {instruction.output}", f"dropout {instruction.output}"]
        places = [self.ws[name] for name in (*names, f"value {instruction.output}")]
        self._stage(("join", op, shape), places, emit)
