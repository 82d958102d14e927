"""The stages of a batch, in the order of its program: forward, loss, backward with the update.

Activations lie as [width][batch↑], the batch padded to whole vectors, so that one vector holds one unit for `lanes`
samples. See `kernel` for the product and `packing` for the weights. A *stage* is what one layer does in one direction;
layers of one shape share its code, so that a deep network compiles as fast as its different shapes do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

from playground.engine.dropout import dropouts
from playground.engine.native import losses
from playground.engine.native.builder import Builder, Index, Place
from playground.engine.native.elementwise import ACTIVATIONS, Activation
from playground.engine.native.gradients import Gradients
from playground.engine.native.joints import DROPOUT_NUMBERS, JOINTS, Shape
from playground.engine.native.kernel import Strided, product
from playground.engine.native.packing import NARROW, Packing, padded, row_length
from playground.engine.native.updates import BATCH_NUMBERS, UPDATES, Block, Update
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

    def __init__(
        self,
        program: Program,
        batch: int,
        update: str,
        lanes: int,
        *,
        forward_only: bool = False,
        kept: Sequence[str] = (),
    ) -> None:
        self.forward_only = forward_only
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
        self.dropouts = () if self.forward_only else dropouts(program)
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
        """Forward, loss and backward of one batch: emitted, or only the stages counted."""
        self.counting = counting
        for instruction in self.program.instructions:
            self._forward(instruction)
        if self.forward_only:
            return
        if not counting:
            self._loss()
        written = {self.program.prediction}
        for instruction in reversed(self.program.instructions):
            if instruction.output in written:
                self._backward(instruction, written)

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
        # Values pass a dropout while nothing is trained.
        op = "identity" if instruction.op == "dropout" and self.forward_only else instruction.op

        def emit(b: Builder, update: Update, places: Sequence[Place]) -> None:
            JOINTS[op].forward(b, shape, places[:-1], places[-1])

        names = [f"value {name}" for name in instruction.inputs]
        if op == "dropout":
            names += [f"mask {instruction.output}", f"dropout {instruction.output}"]
        places = [self.ws[name] for name in (*names, f"value {instruction.output}")]
        self._stage(("join", op, shape), places, emit)

    # --- loss --------------------------------------------------------------------------------------------------------

    def _loss(self) -> None:
        """Loss and its slope for every column; columns without a row of their own count for nothing."""
        self._loss_at(f"value {self.program.prediction}", f"gradient {self.program.prediction}")

    def _loss_at(self, value_name: str, slope_name: str) -> None:
        b, program = self.b, self.program
        emitter = losses.LOSSES[program.loss]
        lane = "<" + ", ".join(f"i64 {i}" for i in range(b.lanes)) + ">"
        limit = b.splat_word(self.valid)

        def column(n: Index, carried: tuple[str, ...]) -> tuple[str, ...]:
            places = lane if n == 0 else b.let(f"add {b.words} {b.splat_word(n)}, {lane}")
            mask = b.let(f"icmp slt {b.words} {places}, {limit}")
            prediction, targets, slope = (b.at(self.ws[name], n) for name in (value_name, "targets", slope_name))
            width = program.widths[program.prediction]
            value = emitter(b, width, self.stride, prediction, targets, slope, mask)
            return (b.fadd(carried[0], b.select(mask, value, ZERO)),)

        total = b.load(Place("%loss"))
        b.store(b.loop(self.columns, b.lanes, column, (total,), unroll=2)[0], Place("%loss"))

    # --- backward ----------------------------------------------------------------------------------------------------

    def _backward(self, instruction: Instruction, written: set[str]) -> None:
        if instruction.op == "dense":
            self._dense_backward(instruction, written)
        elif instruction.output not in self.fused_back:
            self._pass_back(instruction, written)

    def _pass_back(self, instruction: Instruction, written: set[str]) -> None:
        """An operation without parameters: the gradient for each of its inputs but the program's own."""
        shape = self._shape(instruction)
        arriving = [(k, name) for k, name in enumerate(instruction.inputs) if name != self.program.input]
        # An input may stand twice among the inputs: its gradient arrives twice, at one place.
        names = list(dict.fromkeys(name for _, name in arriving))
        targets: dict[int, int] = {}
        adds: dict[int, bool] = {}
        for k, name in arriving:
            targets[k], adds[k] = names.index(name), name in written
            written.add(name)
        if not arriving:
            return

        def emit(b: Builder, update: Update, places: Sequence[Place]) -> None:
            upstream, output, *rest = places
            inputs, gradients = rest[: len(shape.widths)], rest[len(shape.widths) :]

            def arrive(k: int, where: Index, vector: str) -> None:
                if k in targets:
                    gradient_arrives(b, b.at(gradients[targets[k]], where), vector, adds[k])

            JOINTS[instruction.op].backward(b, shape, upstream, inputs, output, arrive)

        places = [self.ws[f"gradient {instruction.output}"], self.ws[f"value {instruction.output}"]]
        if instruction.op == "dropout":
            places.append(self.ws[f"mask {instruction.output}"])
        else:
            places += [self.ws[f"value {name}"] for name in instruction.inputs]
        places += [self.ws[f"gradient {name}"] for name in names]
        key = ("pass back", instruction.op, shape, tuple(targets.items()), tuple(adds.items()))
        self._stage(key, places, emit)

    def _dense_backward(self, instruction: Instruction, written: set[str]) -> None:
        (source,) = instruction.inputs
        if source != self.program.input:
            self._delta(instruction, source, written)
        frozen = {parameter.name for parameter in self.program.parameters if parameter.frozen}
        if not frozen.intersection(instruction.parameters):
            self._weight_update(instruction, source)

    def _delta(self, instruction: Instruction, source: str, written: set[str]) -> None:
        """The gradient for the layer's input, W·D, passed back through the activation before it where that is fused."""
        widths, stride = self.program.widths, self.stride
        by_input, by_unit = self._strides(instruction)
        fused = self.fused_back.get(source)
        row: Activation | None = ACTIVATIONS[fused.op] if fused else None
        target = fused.inputs[0] if fused else source
        add = target in written
        written.update((source, target))
        kept = f"value {target if row is not None and row.needs_z else source}"

        def emit(b: Builder, update: Update, places: Sequence[Place]) -> None:
            weight, upstream, out, *rest = places

            def finish(m: Index, n: Index, vectors: list[str]) -> None:
                for r, value in enumerate(vectors):
                    where = b.add(b.times(b.add(m, r), stride), n)
                    if row is not None:
                        value = row.pass_back(b, value, b.load(b.at(rest[0], where)))
                    gradient_arrives(b, b.at(out, where), value, add)

            left, right = Strided(weight, by_input, by_unit), Strided(upstream, stride, 1)
            product(b, left, right, widths[source], widths[instruction.output], self.columns, lambda m: ZERO, finish)

        places = [self._weight(instruction), self.ws[f"gradient {instruction.output}"], self.ws[f"gradient {target}"]]
        places += [self.ws[kept]] if fused else []
        key = ("delta", widths[source], widths[instruction.output], fused.op if fused else None, add)
        self._stage(key, places, emit)

    def _weight_update(self, instruction: Instruction, source: str) -> None:
        inputs, units = self.program.widths[source], self.program.widths[instruction.output]
        packed = self.packing.places[instruction.parameters[0]]
        bias = self._bias(instruction)

        def emit(b: Builder, update: Update, places: Sequence[Place]) -> None:
            x, upstream, turned, *blocks = places
            slots = update.slots
            weight = Block(blocks[0], tuple(blocks[1 : 1 + slots]))
            gradients = Gradients(b, update, self.columns, self.stride, self.batch)
            update.decay(b, weight, packed.size)
            if units <= NARROW:
                gradients.narrow(x, upstream, weight, inputs, units, packed.units)
            else:
                gradients.turn(upstream, turned, units)
                gradients.wide(x, turned, weight, inputs, units)
            if bias:
                own = Block(blocks[1 + slots], tuple(blocks[2 + slots :]))
                if units <= NARROW:
                    gradients.bias(upstream, own, units)
                else:
                    gradients.wide_bias(turned, own, units)

        places = [self.ws[f"value {source}"], self.ws[f"gradient {instruction.output}"], self.ws["transposed"]]
        for name in instruction.parameters:
            offset = self.packing.places[name].offset
            places.append(Place("%p", offset))
            places += [Place("%slots", k * self.packing.size + offset) for k in range(self.kind.slots)]
        self._stage(("update", inputs, units, bool(bias)), places, emit)


def gradient_arrives(b: Builder, place: Place, value: str, add: bool) -> None:
    """A gradient arrives at a buffer: the first is written, later ones are added."""
    b.store(b.fadd(b.load(place), value) if add else value, place)
