"""Batches of one sample: vectors lie along the units, [width↑]; a lane for each sample would leave all but one empty.

    forward   out = bias + Σᵢ x[i]·W[i, :]    one number of x spread over all lanes, one row of W, [inputs][units↑]
    delta     g[i] = Σᵤ W[i, u]·d[u]          a row of W times d, summed within vectors, a vector of inputs at a time
    update    W[i, :] is stepped along x[i]·d

A narrow layer lies transposed, [units][inputs↑]: its forward is what delta is for a wide one, and the other way round.
Lanes beyond a buffer's width hold 0. Operations that look along the units (softmax, concat) and dropout have no code
here: a network with one of them runs as larger batches do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from playground.engine.native.backward import blocks, gradient_arrives
from playground.engine.native.builder import Builder, Index, Place
from playground.engine.native.elementwise import ACTIVATIONS
from playground.engine.native.joints import Shape
from playground.engine.native.kernel import summed
from playground.engine.native.network import Network
from playground.engine.native.packing import NARROW, padded, row_length
from playground.engine.native.updates import Block, Update
from playground.engine.program import Instruction, Program

ZERO = "zeroinitializer"

#: Operations that have code here.
_ALONG_UNITS = {"dense", "add", "multiply", *ACTIVATIONS}
#: Sums that run side by side, so that one need not wait for the other.
_CHAINS = 4
#: Depths up to this are written out.
_WRITTEN_OUT = 16
#: Layers of one shape up to this many, each of at most this many weights, do not share code: a call costs too much.
_OWN_CODE, _SMALL = 8, 256


def suits(program: Program, batch: int) -> bool:
    """Whether a program is trained by `SingleNetwork`."""
    return batch == 1 and all(instruction.op in _ALONG_UNITS for instruction in program.instructions)


class SingleNetwork(Network):
    """A network trained one sample at a time."""

    def _room(self, width: int) -> int:
        return padded(width, self.b.lanes)

    def _shares(self, uses: int, size: int) -> bool:
        return uses > (_OWN_CODE if size <= _SMALL else 1)

    def _shape(self, instruction: Instruction) -> Shape:
        room = self._room(self.program.widths[instruction.output])
        return Shape((1,) * len(instruction.inputs), room, room)

    def _join(self, instruction: Instruction) -> None:
        super()._join(instruction)
        width = self.program.widths[instruction.output]
        rest = width % self.b.lanes
        if rest and instruction.op in ACTIVATIONS and not self.counting:
            last = self.b.at(self.ws[f"value {instruction.output}"], width - rest)
            self.b.store(self._only(self.b, self.b.load(last), 0, rest), last)

    # --- rows and loss -----------------------------------------------------------------------------------------------

    def _gather(self, start: Index) -> None:
        b, program = self.b, self.program
        row = b.let(f"load i64, ptr {b.let(f'getelementptr inbounds i64, ptr %order, i64 {start}')}, align 8")
        features, outputs = program.widths[program.input], program.widths[program.prediction]
        self._copy_row(Place("%x", b.times(row, features)), self.ws[f"value {program.input}"], features)
        self._spread(Place("%y", b.times(row, outputs)), self.ws["targets"], outputs)

    def _copy_row(self, row: Place, target: Place, width: int) -> None:
        """Numbers that stand side by side, as whole vectors."""
        b = self.b
        whole = width // b.lanes * b.lanes

        def vector(i: Index, _: tuple[str, ...]) -> tuple[()]:
            b.store(b.load(b.at(row, i)), b.at(target, i))
            return ()

        b.loop(whole, b.lanes, vector)
        if width > whole:
            rest = ZERO
            for lane in range(width - whole):
                rest = b.insert(rest, b.load_scalar(b.at(row, whole + lane)), lane)
            b.store(rest, b.at(target, whole))

    def _spread(self, row: Place, target: Place, width: int) -> None:
        """Numbers that stand side by side, each over a vector of its own, as the losses take them."""
        b = self.b

        def one(u: Index, _: tuple[str, ...]) -> tuple[()]:
            b.store(b.spread(b.at(row, u)), b.at(target, b.times(u, self.stride)))
            return ()

        b.loop(width, 1, one, unroll=4)

    def _loss(self) -> None:
        """For the losses each output has a vector of its own, of which the first lane counts: it is laid out so."""
        b, name = self.b, self.program.prediction
        width = self.program.widths[name]
        if width == 1:
            super()._loss()
            return
        self._spread(self.ws[f"value {name}"], self.ws["loss value"], width)
        self._loss_at("loss value", "loss gradient")
        slope, target = self.ws["loss gradient"], self.ws[f"gradient {name}"]
        for first in range(0, width, b.lanes):
            vector = ZERO
            for lane in range(min(b.lanes, width - first)):
                vector = b.insert(vector, b.load_scalar(b.at(slope, (first + lane) * self.stride)), lane)
            b.store(vector, b.at(target, first))

    # --- products ----------------------------------------------------------------------------------------------------

    def _dense_forward(self, instruction: Instruction) -> None:
        ws, widths = self.ws, self.program.widths
        (source,), target = instruction.inputs, instruction.output
        inputs, units = widths[source], widths[target]
        fused = self.fused.get(target)
        activation = ACTIVATIONS[fused.op] if fused else None
        keeps_z = activation is None or activation.needs_z
        places = [self._weight(instruction), ws[f"value {source}"]]
        places += [ws[f"value {target}"]] if keeps_z else []
        places += [ws[f"value {fused.output}"]] if fused else []
        bias = self._bias(instruction)

        def emit(b: Builder, update: Update, places: Sequence[Place]) -> None:
            weight, x, *outs = places
            shift = outs.pop() if bias else None

            def start(n: Index) -> str:
                return ZERO if shift is None else b.load(b.at(shift, n))

            def finish(n: Index, z: str) -> None:
                if keeps_z:
                    b.store(z, b.at(outs[0], n))
                if activation is not None:
                    value = activation.value(b, z)
                    if units % b.lanes:
                        value = self._only(b, value, n, units)
                    b.store(value, b.at(outs[-1], n))

            self._times(b, weight, x, inputs, units, start, finish, turned=units <= NARROW)

        key = ("forward", inputs, units, fused.op if fused else None, bool(bias))
        self._stage(key, [*places, *bias], emit, inputs * units)

    def _delta(self, instruction: Instruction, source: str, written: set[str]) -> None:
        widths = self.program.widths
        inputs, units = widths[source], widths[instruction.output]
        fused = self.fused_back.get(source)
        row = ACTIVATIONS[fused.op] if fused else None
        target = fused.inputs[0] if fused else source
        add = target in written
        written.update((source, target))
        kept = f"value {target if row is not None and row.needs_z else source}"

        def emit(b: Builder, update: Update, places: Sequence[Place]) -> None:
            weight, upstream, out, *rest = places

            def finish(n: Index, value: str) -> None:
                if row is not None:
                    value = row.pass_back(b, value, b.load(b.at(rest[0], n)))
                gradient_arrives(b, b.at(out, n), value, add)

            self._times(b, weight, upstream, units, inputs, lambda n: ZERO, finish, turned=units > NARROW)

        places = [self._weight(instruction), self.ws[f"gradient {instruction.output}"], self.ws[f"gradient {target}"]]
        places += [self.ws[kept]] if fused else []
        self._stage(("delta", inputs, units, fused.op if fused else None, add), places, emit, inputs * units)

    def _weight_update(self, instruction: Instruction, source: str) -> None:
        inputs, units = self.program.widths[source], self.program.widths[instruction.output]
        packed = self.packing.places[instruction.parameters[0]]
        masked = self._has_mask(instruction.parameters)
        # What is spread, and what it scales: the rows of the weight as it lies.
        rows, columns = (units, inputs) if units <= NARROW else (inputs, units)

        def emit(b: Builder, update: Update, places: Sequence[Place]) -> None:
            x, upstream, *rest = places
            weight, *biases = blocks(rest, update, masked)
            update.decay(b, weight, packed.size)
            scale, vectors = (upstream, x) if units <= NARROW else (x, upstream)
            row = row_length(columns, b.lanes)

            def some(n: Index, _: tuple[str, ...]) -> tuple[()]:
                vector = b.load(b.at(vectors, n))

                def one(m: Index, _: tuple[str, ...]) -> tuple[()]:
                    gradient = b.fmul(b.spread(b.at(scale, m)), vector)
                    update.apply(b, weight.at(b, b.add(b.times(m, row), n)), gradient, weight=True)
                    return ()

                b.loop(rows, 1, one, unroll=_WRITTEN_OUT)
                return ()

            b.loop(padded(columns, b.lanes), b.lanes, some)
            for bias in biases:

                def shift(n: Index, _: tuple[str, ...], bias: Block = bias) -> tuple[()]:
                    update.apply(b, bias.at(b, n), b.load(b.at(upstream, n)), weight=False)
                    return ()

                b.loop(padded(units, b.lanes), b.lanes, shift)

        places = [self.ws[f"value {source}"], self.ws[f"gradient {instruction.output}"]]
        places += self._block_places(instruction)
        key = ("update", inputs, units, len(instruction.parameters), masked)
        self._stage(key, places, emit, inputs * units)

    def _times(
        self,
        b: Builder,
        matrix: Place,
        x: Place,
        depth: int,
        count: int,
        start: Callable[[Index], str],
        finish: Callable[[Index, str], None],
        *,
        turned: bool,
    ) -> None:
        """`finish(n, vector)` for every vector of start + Σₖ x[k]·M[k, n]; M lies [depth][count↑] or `turned`."""

        def along(n: Index, _: tuple[str, ...]) -> tuple[()]:
            row = row_length(count, b.lanes)

            def step(k: Index, total: str) -> str:
                return b.fma(b.spread(b.at(x, k)), b.load(b.at(matrix, b.add(b.times(k, row), n))), total)

            finish(n, _side_by_side(b, step, start(n), depth, 1))
            return ()

        def within(n: Index, lanes: int) -> None:
            row = row_length(depth, b.lanes)
            sums = []
            for r in range(lanes):
                line = b.at(matrix, b.times(b.add(n, r), row))

                def step(k: Index, total: str, line: Place = line) -> str:
                    left, right = b.load(b.at(line, k)), b.load(b.at(x, k))
                    return b.fmul(left, right) if total == ZERO else b.fma(left, right, total)

                sums.append(_side_by_side(b, step, ZERO, padded(depth, b.lanes), b.lanes))
            first = start(n)
            total = summed(b, sums)
            finish(n, total if first == ZERO else b.fadd(first, total))

        if not turned:
            b.loop(padded(count, b.lanes), b.lanes, along)
            return

        def whole(n: Index, _: tuple[str, ...]) -> tuple[()]:
            within(n, b.lanes)
            return ()

        b.loop(count // b.lanes * b.lanes, b.lanes, whole)
        if count % b.lanes:
            within(count // b.lanes * b.lanes, count % b.lanes)

    def _only(self, b: Builder, value: str, n: Index, width: int) -> str:
        """The vector at n with 0 in the lanes beyond the width."""
        lanes = "<" + ", ".join(f"i64 {lane}" for lane in range(b.lanes)) + ">"
        left = width - n if isinstance(n, int) else b.let(f"sub i64 {width}, {n}")
        mask = b.let(f"icmp slt {b.words} {lanes}, {b.splat_word(left)}")
        return b.select(mask, value, ZERO)


def _side_by_side(b: Builder, step: Callable[[Index, str], str], first: str, depth: int, stride: int) -> str:
    """The sum over k = 0, stride, …, below depth, begun with `first`; by several sums where it is written out."""
    if depth > _WRITTEN_OUT * stride:
        return b.loop(depth, stride, lambda k, c: (step(k, c[0]),), (first,))[0]
    sums = [first] + [ZERO] * (_CHAINS - 1)
    for number, k in enumerate(range(0, depth, stride)):
        sums[number % _CHAINS] = step(k, sums[number % _CHAINS])
    sums = [total for total in sums if total != ZERO] or [ZERO]
    while len(sums) > 1:
        sums = [b.fadd(x, y) for x, y in zip(sums[::2], sums[1::2], strict=False)] + (
            sums[-1:] if len(sums) % 2 else []
        )
    return sums[0]
