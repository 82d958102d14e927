"""The compiled network as a training engine: the walk's equal to about 1e-15 an update, a hundred times as fast."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from playground.engine import losses
from playground.engine.dropout import dropouts, node_key
from playground.engine.native.compiler import Module, vector_lanes
from playground.engine.native.evaluate import Evaluator
from playground.engine.native.joints import DROPOUT_NUMBERS, FACTOR, KEY, THRESHOLD
from playground.engine.native.network import Network
from playground.engine.native.packing import zeros
from playground.engine.native.single import SingleNetwork, suits
from playground.engine.native.updates import NUMBERS
from playground.engine.optimizers import OPTIMIZERS, Hyper, frozen_mask
from playground.engine.program import Array, Picture, Program
from playground.engine.state import State
from playground.engine.training_engine import Batching, Chunk, shuffled, start_of_batch
from playground.randomness import dropout_threshold, stream


def update_kind(hyper: Hyper) -> str:
    """The row of `updates.UPDATES` that steps under these numbers: SGD with momentum is other code than without."""
    if hyper.optimizer != "sgd" or not hyper.momentum:
        return hyper.optimizer
    return "nesterov" if hyper.nesterov else "momentum"


class Trainable:
    """One network compiled for one batch size and one kind of update: code alone, which any thread may run."""

    def __init__(self, program: Program, batch: int, kind: str) -> None:
        form = SingleNetwork if suits(program, batch) else Network
        network = form(program, batch, kind, vector_lanes())
        self._module = Module(network.text())
        self._run = self._module.function("run", "pppppiiiiiipppp")
        self.packing = network.packing
        #: Whether a mask of frozen numbers is packed behind the slots.
        self.masked = network.masked
        self._scratch = network.ws.size

    def workspace(self) -> Array:
        """Scratch memory for `run`, which must not be lent to two threads."""
        return zeros(self._scratch)

    def run(
        self, values: Array, slots: Array, x: Array, y: Array, order: NDArray[np.int64], state: State, key: int,
        batches: int, dropped: Array, numbers: Array, workspace: Array,
    ) -> float:  # fmt: skip
        """Train, changing packed values, slots and order in place; returns the summed loss of all samples."""
        total = np.zeros(16)
        arrays = [array.ctypes.data for array in (values, slots, x, y, order)]
        rest = [array.ctypes.data for array in (dropped, numbers, workspace, total)]
        self._run(*arrays, len(x), state.batch, state.epoch, key, batches, state.updates, *rest)
        return float(total.sum())


#: Networks compiled lately, by what their code depends on: undo, redo and switches are instant. Threads share them; one
#: that looks for what another is compiling compiles it too. llvmlite lets one thread at a time into LLVM.
_compiled: OrderedDict[object, Trainable] = OrderedDict()
_KEPT = 16


def trainable(program: Program, batch: int, kind: str) -> Trainable:
    """The compiled network, from the few kept or made now."""
    parameters = tuple((one.name, one.shape, one.frozen, bool(one.mask)) for one in program.parameters)
    widths = tuple(program.widths.items())
    key = (program.input, program.instructions, widths, parameters, program.loss, program.prediction, batch, kind)
    found = _compiled.pop(key, None) or Trainable(program, batch, kind)
    _compiled[key] = found
    while len(_compiled) > _KEPT:
        _compiled.popitem(last=False)
    return found


def dropout_numbers(program: Program, seed: int) -> Array:
    """What `run` is given of each dropout: key, threshold and factor, the first two as the bits of an integer."""
    numbers = np.zeros((max(1, len(dropouts(program))), DROPOUT_NUMBERS))
    words = numbers.view(np.uint64)
    for number, one in enumerate(dropouts(program)):
        words[number, KEY] = node_key(seed, one.node)
        words[number, THRESHOLD] = dropout_threshold(one.rate)
        numbers[number, FACTOR] = 1.0 / (1.0 - one.rate)
    return numbers


class NativeEngine:
    """See `training_engine.Engine`."""

    name = "compiled"

    def __init__(self, program: Program, x: Array, y: Array) -> None:
        self.program = program
        #: The program as its code depends on it: that is the same whatever the rates of dropouts are.
        self._coded = replace(program, instructions=tuple(replace(one, rate=0.0) for one in program.instructions))
        self.x = np.ascontiguousarray(x)
        self.y = np.ascontiguousarray(y)
        self._evaluators: dict[tuple[str, ...], Evaluator] = {}
        frozen = frozen_mask(program)
        #: 1 for every number that keeps its value: which ones these are is data to the code.
        self._frozen = np.zeros(program.size) if frozen is None else frozen.astype(np.float64)
        #: What the last call of `train` began with and did, from which its last update can be taken back.
        self._last: tuple[State, Hyper, Batching, int] | None = None
        self._scratch: tuple[Trainable, Array] | None = None

    def train(self, state: State, hyper: Hyper, batching: Batching, batches: int) -> Chunk:
        """See `Engine.train`."""
        state.batch = start_of_batch(state, batching, len(self.x)) // batching.size
        before = state.copy()
        loss = self._advance(state, hyper, batching, batches)
        if not (math.isfinite(loss) and _finite(state.values)):
            state.restore(before)
            failed = self._find_divergence(state, hyper, batching, batches)
            if failed is not None:
                return Chunk(max(0, state.updates - before.updates), 0, failed)
        self._last = before, hyper, batching, batches
        return Chunk(batches, self._samples(before, batching, batches))

    def go_back(self, state: State) -> int:
        """See `Engine.go_back`: the same batches again, but for the last."""
        failed = state.updates
        if self._last is not None:
            before, hyper, batching, batches = self._last
            if before.updates + batches == failed and before.seed == state.seed:
                state.restore(before)
                self._advance(state, hyper, batching, batches - 1)
        self._last = None
        return failed

    def order(self, state: State, batching: Batching) -> NDArray[np.int64] | None:
        """See `Engine.order`."""
        return shuffled(state, len(self.x)) if batching.shuffle else None

    def outputs(self, values: Array, x: Array) -> Array:
        """See `Engine.outputs`."""
        return self._evaluator((self.program.prediction,)).outputs(values, x)

    def pictures(self, values: Array, x: Array, buffers: Sequence[str]) -> Picture:
        """See `Engine.pictures`."""
        return self._evaluator(tuple(buffers)).pictures(values, x)

    def _evaluator(self, buffers: tuple[str, ...]) -> Evaluator:
        if buffers not in self._evaluators:
            self._evaluators[buffers] = Evaluator(self.program, buffers)
        return self._evaluators[buffers]

    def mean_loss(self, outputs: Array, y: Array) -> float:
        """See `Engine.mean_loss`."""
        with np.errstate(all="ignore"):
            return losses.mean(losses.LOSSES[self.program.loss], outputs, y)

    def _find_divergence(self, state: State, hyper: Hyper, batching: Batching, batches: int) -> int | None:
        """Go over a chunk again, batch by batch, to the update that left the finite numbers; its number, or None.

        The state ends on the last finite one, as the walk's does. None: only the sum over the chunk was too large.
        """
        earlier: State | None = None
        for _ in range(batches):
            previous = state.copy()
            loss = self._advance(state, hyper, batching, 1)
            if not math.isfinite(loss):
                # The weights that the update before left give this loss.
                state.restore(previous)
                if earlier is None:
                    return self.go_back(state)
                state.restore(earlier)
                return previous.updates
            if not _finite(state.values):
                failed = state.updates
                state.restore(previous)
                return failed
            earlier = previous
        return None

    def _advance(self, state: State, hyper: Hyper, batching: Batching, batches: int) -> float:
        """Train so many batches, over the ends of epochs; returns the summed loss, which may be anything."""
        if batches == 0:
            return 0.0
        rows = len(self.x)
        names = OPTIMIZERS[hyper.optimizer].slots(hyper)
        if set(names) != set(state.slots):
            state.slots = {name: np.zeros_like(state.values) for name in names}
            state.steps = 0
        network = trainable(self._coded, min(batching.size, rows), update_kind(hyper))
        values = network.packing.pack(state.values)
        size = network.packing.size
        beside = [self._frozen] if network.masked else []
        slots = network.packing.pack(*(state.slots[name] for name in names), *beside)
        order = np.zeros(rows + batching.size, dtype=np.int64)
        order[:rows] = np.arange(rows)
        key = stream(state.seed, "shuffle") if batching.shuffle else 0
        dropped = dropout_numbers(self.program, state.seed)
        numbers = np.zeros(NUMBERS)
        numbers[:] = hyper.learning_rate, hyper.momentum, hyper.l1, hyper.l2, state.steps
        scratch = self._workspace(network)
        loss = network.run(values, slots, self.x, self.y, order, state, key, batches, dropped, numbers, scratch)
        network.packing.unpack(values, state.values)
        for k, name in enumerate(names):
            network.packing.unpack(slots[k * size : (k + 1) * size], state.slots[name])
        state.steps += batches
        state.updates += batches
        epochs, state.batch = divmod(state.batch + batches, math.ceil(rows / batching.size))
        state.epoch += epochs
        return loss

    def _workspace(self, network: Trainable) -> Array:
        """The engine's own scratch memory: another engine may run the same code on another thread."""
        if self._scratch is None or self._scratch[0] is not network:
            self._scratch = network, network.workspace()
        return self._scratch[1]

    def _samples(self, before: State, batching: Batching, batches: int) -> int:
        """How many samples so many batches from a state on hold."""
        rows, per_epoch = len(self.x), math.ceil(len(self.x) / batching.size)
        epochs, rest = divmod(before.batch + batches, per_epoch)
        return epochs * rows + min(rest * batching.size, rows) - min(before.batch * batching.size, rows)


def _finite(values: Array) -> bool:
    with np.errstate(all="ignore"):
        return math.isfinite(float(np.dot(values, values)))
