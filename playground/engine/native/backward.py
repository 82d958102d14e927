"""The stages that train: the loss, and the way back through the layers, each stepped as its gradient is there.

A layer of which some numbers are frozen has a mask beside its slots (`updates.Block`). Which ones these are is data:
other weights are frozen or freed without new code. A layer that is frozen whole has no update at all, and one of which
nothing is frozen no mask.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import ClassVar

from playground.engine.native import losses
from playground.engine.native.builder import Builder, Index, Place
from playground.engine.native.elementwise import ACTIVATIONS, Activation
from playground.engine.native.gradients import Gradients
from playground.engine.native.joints import JOINTS
from playground.engine.native.kernel import Strided, product
from playground.engine.native.packing import NARROW
from playground.engine.native.stages import ZERO, Stages
from playground.engine.native.updates import Block, Update
from playground.engine.program import Instruction


class Backward(Stages):
    """Emits loss, backward and update after the forward pass.

    The update reads `%slots`: the optimizer's own, packed as the parameters are, and behind them the `masked` network's
    mask.
    """

    trains: ClassVar[bool] = True

    def _walk(self, counting: bool = False) -> None:
        super()._walk(counting)
        if not counting:
            self._loss()
        written = {self.program.prediction}
        for instruction in reversed(self.program.instructions):
            if instruction.output in written:
                self._backward(instruction, written)

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
        if not self._frozen.issuperset(instruction.parameters):
            self._weight_update(instruction, source)

    @cached_property
    def _frozen(self) -> frozenset[str]:
        """The parameters that do not train at all."""
        return frozenset(parameter.name for parameter in self.program.parameters if parameter.frozen)

    @cached_property
    def _masked(self) -> frozenset[str]:
        """The parameters of which some numbers do not train."""
        return frozenset(parameter.name for parameter in self.program.parameters if parameter.mask)

    @property
    def masked(self) -> bool:
        """Whether any layer that trains has a mask."""
        dense = (instruction.parameters for instruction in self.program.instructions if instruction.parameters)
        return any(self._has_mask(names) for names in dense)

    def _has_mask(self, parameters: Sequence[str]) -> bool:
        """Whether some numbers of a layer of these parameters are frozen and others are not."""
        return not self._frozen.issuperset(parameters) and not (self._frozen | self._masked).isdisjoint(parameters)

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
        masked = self._has_mask(instruction.parameters)

        def emit(b: Builder, update: Update, places: Sequence[Place]) -> None:
            x, upstream, turned, *rest = places
            weight, *biases = blocks(rest, update, masked)
            gradients = Gradients(b, update, self.columns, self.stride, self.batch)
            update.decay(b, weight, packed.size)
            if units <= NARROW:
                gradients.narrow(x, upstream, weight, inputs, units, packed.units)
            else:
                gradients.turn(upstream, turned, units)
                gradients.wide(x, turned, weight, inputs, units)
            for bias in biases:
                if units <= NARROW:
                    gradients.bias(upstream, bias, units)
                else:
                    gradients.wide_bias(turned, bias, units)

        places = [self.ws[f"value {source}"], self.ws[f"gradient {instruction.output}"], self.ws["transposed"]]
        places += self._block_places(instruction)
        self._stage(("update", inputs, units, len(instruction.parameters), masked), places, emit)

    def _block_places(self, instruction: Instruction) -> list[Place]:
        """Where a layer's weight lies, and its bias if it has one, each with slots and mask: see `blocks`."""
        places = []
        for name in instruction.parameters:
            offset = self.packing.places[name].offset
            beside = self.kind.slots + self._has_mask(instruction.parameters)
            places += [Place("%p", offset)]
            places += [Place("%slots", k * self.packing.size + offset) for k in range(beside)]
        return places


def blocks(places: Sequence[Place], update: Update, masked: bool) -> list[Block]:
    """The blocks of a layer's parameters, from the places that its stage was given."""
    each = 1 + update.slots + masked
    return [Block.of(places[first : first + each], update.slots) for first in range(0, len(places), each)]


def gradient_arrives(b: Builder, place: Place, value: str, add: bool) -> None:
    """A gradient arrives at a buffer: the first is written, later ones are added."""
    b.store(b.fadd(b.load(place), value) if add else value, place)
