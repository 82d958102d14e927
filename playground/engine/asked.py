"""The numbers of a pass that can be covered and asked for, each under a name of its own, and what tells them.

A number is often written in several places under several names: what a step passes on is the gradient of the step
before, a product of a single factor is the sum. `covering` says which of them have to be covered with a number, so that
it can be read nowhere while it is asked for; what it is worked out from stays open.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from playground.engine.derivation import takers
from playground.engine.details import LOSS, slope_symbol
from playground.engine.expression import Symbol
from playground.engine.formulas import Local, Number, Sample, is_number, locals_of, taken
from playground.engine.loss_formulas import loss_locals, probabilities_of
from playground.engine.passes import Known, Pass
from playground.engine.program import Instruction, Program
from playground.engine.symbols import Place, Symbols, symbol

Sort = Literal[
    "value", "term", "loss", "probability", "share", "arriving", "local", "passed", "gradient", "step", "new"
]  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One number of one row of a pass.

    Attributes:
        sort: a unit's `value`; a `term` of it, weight times input; the row's `loss`; a `probability` that the loss
            makes of an output; the `share` of the row in the mean, 1/n; ∂L/∂(a unit), `arriving` at it; a `local` slope
            ∂top/∂bottom; what is `passed` on, arriving times local; the `gradient` of a parameter's number over all
            rows, its penalty included; the `step` that it takes and its `new` value.
        bottom: which unit, or number of a parameter; of a term the weight, of a slope what it is the slope towards.
        top: of a term, a slope and what is passed on: the unit whose step it is; None: the loss.
    """

    sort: Sort
    bottom: Place | Number | None = None
    top: Place | None = None


def place(asked: Asked) -> Place:
    """The unit that a number belongs to, where it belongs to one."""
    assert asked.bottom is not None and not is_number(asked.bottom)  # noqa: PT018 - what its sort says
    return asked.bottom


def number(asked: Asked) -> Number:
    """The number of a parameter that is meant, where one is."""
    assert asked.bottom is not None and is_number(asked.bottom)  # noqa: PT018 - what its sort says
    return asked.bottom


def made_by(program: Program, buffer: str) -> Instruction | None:
    """The instruction that gives a buffer; the inputs have none."""
    return next((one for one in program.instructions if one.output == buffer), None)


def local_of(sample: Sample, asked: Asked) -> Local[Place | Number]:
    """The slope of `asked.top` towards `asked.bottom`."""
    if asked.top is None:
        return next(one for one in loss_locals(sample) if one.bottom == asked.bottom)
    one = made_by(sample.program, asked.top[0])
    assert one is not None
    return next(local for local in locals_of(sample, one, asked.top[1]) if local.bottom == asked.bottom)


def arriving_at(done: Pass, top: Place | None, row: int) -> float:
    """What arrives at a unit; at the loss (None) it is the share of the row in the mean."""
    return 1.0 / done.samples if top is None else float(done.trace.gradients[top[0]][row, top[1]])


def right_value(done: Pass, asked: Asked, row: int, symbols: Symbols) -> float:
    """What the number is."""
    sample = done.sample(row, symbols)
    match asked.sort:
        case "value":
            return sample.value(place(asked))
        case "loss":
            return sample.loss
        case "probability":
            found = probabilities_of(sample)
            assert found is not None
            return float(found[place(asked)[1]])
        case "share":
            return 1.0 / done.samples
        case "arriving":
            return arriving_at(done, place(asked), row)
        case "local":
            return local_of(sample, asked).slope
        case "passed":
            return arriving_at(done, asked.top, row) * local_of(sample, asked).slope
    name, index = number(asked)
    if asked.sort == "term":
        one = made_by(done.program, asked.top[0] if asked.top else "")
        assert one is not None
        return sample.number((name, index)) * sample.value((one.inputs[0], index[0]))
    held = done.trace.parameters[name]
    old, new = float(held.value[index]), float(done.new[name][index])
    return {"gradient": float(held.gradient[index]), "step": new - old, "new": new}[asked.sort]


def symbol_of(asked: Asked, symbols: Symbols) -> Symbol:
    """What the number is called in a formula."""
    below = _symbol(asked.bottom, symbols)
    if asked.sort in ("value", "new", "step"):
        return below
    if asked.sort == "term":
        name, index = number(asked)
        one = next(one for one in symbols.program.instructions if name in one.parameters)
        factor = symbols.value(one.inputs[0], index[0])
        return Symbol(f"{below.text}·{factor.text}", rf"{below.latex} \cdot {factor.latex}")
    if asked.sort == "probability":
        several = symbols.program.widths[symbols.program.prediction] > 1
        return symbol("p", str(place(asked)[1] + 1) if several else "")
    if asked.sort in ("loss", "share"):
        return LOSS if asked.sort == "loss" else slope_symbol(LOSS, LOSS)
    above = LOSS if asked.top is None else symbols.value(*asked.top)
    own = slope_symbol(above, below)
    if asked.sort == "local" or (asked.sort == "passed" and asked.top is None):
        return own
    if asked.sort == "passed":
        arriving = slope_symbol(LOSS, above)
        return Symbol(f"{arriving.text}·{own.text}", rf"{arriving.latex} \cdot {own.latex}")
    return slope_symbol(LOSS, below)


def _symbol(bottom: Place | Number | None, symbols: Symbols) -> Symbol:
    if bottom is None:
        return LOSS
    name, inside = bottom
    return symbols.parameter(name, inside) if isinstance(inside, tuple) else symbols.value(name, inside)


def is_reached(done: Pass, asked: Asked, known: Known) -> bool:
    """Whether a reader has come so far that the number is there."""
    match asked.sort:
        case "value":
            return place(asked)[0] in known.values
        case "term":
            return asked.top is not None and asked.top[0] in known.values
        case "loss" | "probability":
            return known.loss
        case "share":
            return done.program.loss_node in known.passed
        case "arriving":
            return place(asked)[0] in known.gradients
        case "gradient":
            return number(asked)[0] in known.parameters
        case "step" | "new":
            return known.updated
    owner = None if asked.top is None else made_by(done.program, asked.top[0])
    return (done.program.loss_node if owner is None else owner.node) in known.passed


# --- what tells a number ----------------------------------------------------------------------------


def covering(done: Pass, asked: Asked, row: int, symbols: Symbols) -> frozenset[Asked]:
    """The number, and all others that are the same one, or a product of which it is a factor."""
    found: set[Asked] = set()
    waiting = [asked]
    sample = done.sample(row, symbols)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += _told_by(done, sample, one, first=one == asked)
    return frozenset(found)


def _told_by(done: Pass, sample: Sample, asked: Asked, *, first: bool) -> Iterator[Asked]:
    """Where else a number can be read; of the `first` one also what it is a factor of."""
    match asked.sort:
        case "value":
            yield from _copies(done.program, sample, place(asked))
        case "local" if first or (asked.top is None and done.samples == 1):
            yield Asked("passed", asked.bottom, asked.top)
        case "share":
            for unit in range(done.program.widths[done.program.prediction] if first else 0):
                yield Asked("passed", (done.program.prediction, unit))
        case "passed":
            yield from _whole(done, asked)
        case "arriving":
            yield from _at(done, sample, place(asked), everything=first)
        case "gradient":
            alone = _alone(done, number(asked))
            owner = next(one for one in done.program.instructions if number(asked)[0] in one.parameters)
            if alone:
                yield Asked("passed", asked.bottom, (owner.output, number(asked)[1][-1]))
            yield from (Asked("step", asked.bottom), Asked("new", asked.bottom))
        case "step":
            yield Asked("new", asked.bottom)
        case "new":
            yield Asked("step", asked.bottom)


def _copies(program: Program, sample: Sample, here: Place) -> Iterator[Asked]:
    """What is the very value of a unit: its only term, what hands it on as it is, the slopes that it makes."""
    value = sample.value(here)
    own = made_by(program, here[0])
    if own is not None and own.op == "dense" and program.widths[own.inputs[0]] == 1 and len(own.parameters) == 1:
        yield Asked("term", (own.parameters[0], (0, here[1])), here)
    if here[0] == program.prediction and loss_locals(sample)[here[1]].slope == value:
        yield Asked("local", here)  # the difference from a right answer of 0
    for one in program.instructions:
        if here[0] not in one.inputs:
            continue
        for unit in takers(program, one, here):
            top, parts = (one.output, unit), list(taken(program, one, unit))
            if len(parts) == 1 and sample.value(top) == value:
                yield Asked("value", top)
            if one.op == "dense":
                weight = (one.parameters[0], (here[1], unit))
                yield Asked("local", weight, top)
                if sample.number(weight) == 1.0:
                    yield Asked("term", weight, top)
            elif one.op == "multiply" and len(parts) == 2:
                yield from (Asked("local", part, top) for part in parts if part != here)


def _whole(done: Pass, asked: Asked) -> Iterator[Asked]:
    """What is passed on is the whole gradient where nothing else adds to it; at the loss it is its slope."""
    bottom = asked.bottom
    assert bottom is not None
    if asked.top is None and done.samples == 1:
        yield Asked("local", bottom)
    if is_number(bottom):
        if _alone(done, bottom):
            yield Asked("gradient", bottom)
    elif len(list(senders(done, bottom))) == 1:
        yield Asked("arriving", bottom)


def _at(done: Pass, sample: Sample, here: Place, *, everything: bool) -> Iterator[Asked]:
    """The step before that passes a gradient on, and the steps after that pass it on as it is, or at all."""
    tops = list(senders(done, here))
    if len(tops) == 1:
        yield Asked("passed", here, tops[0])
    one = made_by(done.program, here[0])
    if one is not None:
        for local in locals_of(sample, one, here[1]):
            if everything or local.slope == 1.0:
                yield Asked("passed", local.bottom, here)


def senders(done: Pass, here: Place) -> Iterator[Place | None]:
    """The units that pass a gradient on to one; None: the loss."""
    if here[0] == done.program.prediction:
        yield None
    for one in done.program.instructions:
        if here[0] in one.inputs and one.output in done.trace.gradients:
            yield from ((one.output, unit) for unit in takers(done.program, one, here))


def _alone(done: Pass, of: Number) -> bool:
    """Whether the gradient of a number is what a single row passes on to it."""
    return done.samples == 1 and not float(done.trace.parameters[of[0]].penalty_gradient[of[1]])


def can_be_asked(done: Pass, asked: Asked, row: int, symbols: Symbols) -> bool:
    """Whether there is an answer: what is given has none to be worked out, and no pencil writes infinity."""
    if asked.sort == "value" and place(asked)[0] == done.program.input:
        return False
    return math.isfinite(right_value(done, asked, row, symbols))
