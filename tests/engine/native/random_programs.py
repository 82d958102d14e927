"""Random networks and random ways to train them, for the tests that hold compiled code to the walk.

Everything that makes a difference is drawn by hypothesis, so that a failure shrinks to the smallest network that shows
it; the numbers themselves come from one seed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import llvmlite.binding as llvm
import numpy as np
import pytest
from hypothesis import strategies as st

from playground.engine import losses
from playground.engine.initializers import initial_state
from playground.engine.native import compiler, evaluate
from playground.engine.native import engine as native
from playground.engine.ops import ACTIVATIONS
from playground.engine.optimizers import OPTIMIZERS, Hyper
from playground.engine.program import Array, Instruction, Parameter, Program
from playground.engine.state import State
from playground.engine.training_engine import Batching
from playground.randomness import normal, stream, uniform

JOINS = ("add", "multiply", "concat")
#: No buffer is wider.
WIDEST = 100
_UNITS = st.one_of(st.integers(1, 40), st.integers(1, 9), st.just(70))


@dataclass
class Draft:
    """A program in the making: instructions in order, and what each buffer is as wide as."""

    widths: dict[str, int]
    instructions: list[Instruction] = field(default_factory=list)
    parameters: list[Parameter] = field(default_factory=list)

    def add(
        self, op: str, sources: tuple[str, ...], width: int, own: tuple[Parameter, ...] = (), rate: float = 0.0
    ) -> str:
        name = own[0].node if own else f"b{len(self.instructions)}"
        names = tuple(parameter.name for parameter in own)
        self.instructions.append(Instruction(op, name, sources, name, names, rate))
        self.parameters += own
        self.widths[name] = width
        return name

    def dense(self, source: str, units: int, *, bias: bool = True, frozen: bool = False) -> str:
        node = f"b{len(self.instructions)}"
        own = (Parameter(node, "weight", (self.widths[source], units), "glorot_uniform", frozen),)
        if bias:
            own += (Parameter(node, "bias", (units,), "normal", frozen),)
        return self.add("dense", (source,), units, own)

    def activation(self, op: str, source: str) -> str:
        return self.add(op, (source,), self.widths[source])

    def dropout(self, source: str, rate: float) -> str:
        return self.add("dropout", (source,), self.widths[source], rate=rate)

    def join(self, op: str, sources: tuple[str, ...]) -> str:
        widths = [self.widths[name] for name in sources]
        return self.add(op, sources, sum(widths) if op == "concat" else widths[0])

    def program(self, loss: str, prediction: str) -> Program:
        """The program, without what does not lead to the prediction: documents compile so too."""
        made_by = {instruction.output: instruction for instruction in self.instructions}
        used, waiting = {"in"}, [prediction]
        while waiting:
            name = waiting.pop()
            used.add(name)
            waiting += made_by[name].inputs if name in made_by else ()
        return Program(
            "in",
            tuple(instruction for instruction in self.instructions if instruction.output in used),
            {name: width for name, width in self.widths.items() if name in used},
            tuple(parameter for parameter in self.parameters if parameter.node in used),
            loss,
            prediction,
        )


@st.composite
def programs(draw: st.DrawFn, losses_drawn: tuple[str, ...] = tuple(losses.LOSSES)) -> Program:
    """Any acyclic graph: up to six layers of dense, activation, dropout and join, each from any buffer before it."""
    draft = Draft({"in": draw(st.integers(1, 9))})
    latest = "in"
    # Layers of one shape share code, and buffers of one width can be joined.
    favourite = draw(_UNITS)

    def source() -> str:
        """Mostly the latest buffer, so that networks are deep; else any."""
        return latest if draw(st.integers(0, 3)) else draw(st.sampled_from(sorted(draft.widths)))

    for _ in range(draw(st.integers(0, 6))):
        if draw(st.integers(0, 9)):
            units = favourite if draw(st.booleans()) else draw(_UNITS)
            latest = draft.dense(source(), units, bias=draw(st.integers(0, 3)) > 0, frozen=draw(st.integers(0, 7)) == 7)
        if draw(st.integers(0, 3)):
            latest = draft.activation(draw(st.sampled_from(ACTIVATIONS)), latest)
        if draw(st.integers(0, 9)) == 9:
            latest = draft.dropout(latest, draw(st.sampled_from((0.0, 0.2, 0.5, 0.9))))
        if draw(st.integers(0, 2)) == 2:
            latest = _joined(draw, draft, latest)
    loss = draw(st.sampled_from(losses_drawn))
    if draw(st.integers(0, 7)):
        latest = draft.dense(latest, draw(st.sampled_from((1, 2, 3, 10, 17))))
    if draw(st.integers(0, 3)) == 3:
        latest = draft.activation(draw(st.sampled_from(ACTIVATIONS)), latest)
    program = draft.program(loss, latest)
    return replace(program, parameters=tuple(_held(draw, parameter) for parameter in program.parameters))


def _held(draw: st.DrawFn, parameter: Parameter) -> Parameter:
    """The parameter as it is, or with every second, third, … of its numbers frozen, or all; seldom as a whole."""
    how = draw(st.integers(0, 15))
    if how < 12:
        return parameter
    if how == 12:
        return replace(parameter, frozen=True)
    return replace(parameter, mask=tuple(range(draw(st.integers(0, 8)), parameter.size, draw(st.integers(1, 9)))))


def _joined(draw: st.DrawFn, draft: Draft, latest: str) -> str:
    """The latest buffer with one or two others, or with itself; as it is where nothing fits."""
    op = draw(st.sampled_from(JOINS))
    width = draft.widths[latest]
    fitting = [name for name in draft.widths if op == "concat" or draft.widths[name] == width]
    others = draw(st.lists(st.sampled_from(fitting), min_size=1, max_size=2))
    sources = tuple(draw(st.permutations([latest, *others])))
    if op == "concat" and sum(draft.widths[name] for name in sources) > WIDEST:
        return latest
    return draft.join(op, sources)


@st.composite
def hypers(draw: st.DrawFn, learning_rates: tuple[float, ...] = (0.02, 0.003)) -> Hyper:
    """Every optimizer of the table, with or without momentum and penalties."""
    return Hyper(
        draw(st.sampled_from(sorted(OPTIMIZERS))),
        draw(st.sampled_from(learning_rates)),
        momentum=draw(st.sampled_from((0.0, 0.9))),
        l1=draw(st.sampled_from((0.0, 0.01))),
        l2=draw(st.sampled_from((0.0, 0.05))),
        nesterov=draw(st.booleans()),
    )


@dataclass(frozen=True)
class Case:
    """A network and a way to train it."""

    program: Program
    rows: int
    batching: Batching
    hyper: Hyper
    seed: int

    def data(self) -> tuple[Array, Array]:
        """Inputs and targets, of the kind that the loss takes."""
        shape = self.rows, self.program.widths[self.program.prediction]
        x = normal(stream(self.seed, "x"), (self.rows, self.program.widths["in"]))
        return x, targets(self.program.loss, self.seed, shape)

    def state(self) -> State:
        """Weights to begin with, some of them 0, where |w| has its corner; somewhere in the third epoch."""
        state = initial_state(self.program, self.seed)
        state.values[self.seed % 7 :: 7] = 0.0
        state.epoch, state.batch = 2, self.seed % -(-self.rows // self.batching.size)
        return state


def targets(loss: str, seed: int, shape: tuple[int, int]) -> Array:
    """Numbers; 0 or 1; ±1; one class of several."""
    if loss == "softmax_cross_entropy":
        return np.eye(shape[1])[(uniform(stream(seed, "y"), shape[:1]) * shape[1]).astype(np.int64)]
    if loss == "binary_cross_entropy":
        return (uniform(stream(seed, "y"), shape) < 0.5).astype(np.float64)
    if loss == "hinge":
        return np.where(uniform(stream(seed, "y"), shape) < 0.5, -1.0, 1.0)
    return normal(stream(seed, "y"), shape)


@st.composite
def cases(draw: st.DrawFn, hyper: st.SearchStrategy[Hyper] = hypers()) -> Case:  # noqa: B008 - a recipe, not a value
    """A program, up to 90 rows in batches of up to 40, an optimizer; often batches of 1, which have their own code."""
    single = draw(st.integers(0, 3)) == 3
    return Case(
        draw(programs()),
        draw(st.integers(1, 90)),
        Batching(1 if single else draw(st.integers(1, 40)), draw(st.booleans())),
        draw(hyper),
        draw(st.integers(0, 2**32)),
    )


@contextmanager
def vectors_of(lanes: int, processor: str | None = None) -> Iterator[None]:
    """Code compiled in here is for vectors of so many numbers; what was compiled before is not used.

    `processor` is one of LLVM's names, for code as an older processor than this one would get.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "vector_lanes", lambda: lanes)
        patch.setattr(evaluate, "vector_lanes", lambda: lanes)
        if processor is not None:
            compiler._initialize()
            target = llvm.Target.from_default_triple()
            patch.setattr(compiler, "_target", lambda: target.create_target_machine(cpu=processor, opt=1, jit=True))
        native._compiled.clear()
        try:
            yield
        finally:
            native._compiled.clear()
