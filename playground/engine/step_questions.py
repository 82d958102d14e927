"""What can be asked of the steps of a pass, each with the numbers that mistakes lead to; `about` is all of them.

Gradients are those of the mean over the rows of the pass, as the steps have them; see `ask` and `asked`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from playground.engine.ask import Question, Reason, Suspect, question
from playground.engine.asked import (
    Asked,
    Sort,
    arriving_at,
    local_of,
    made_by,
    number,
    place,
    right_value,
    senders,
    symbol_of,
)
from playground.engine.derivation import derive, place_of
from playground.engine.formulas import Number, Sample, is_number, locals_of, towards
from playground.engine.mistakes import (
    already_new,
    halves,
    not_averaged,
    one_side,
    the_other_factor,
    too_late,
    too_late_at,
    turned,
)
from playground.engine.optimizers import frozen_mask, penalty_gradient, weight_mask
from playground.engine.passes import Pass
from playground.engine.program import Array
from playground.engine.questions import about_gradient
from playground.engine.symbols import Place, Symbols
from playground.engine.training_engine import apply_gradient
from playground.engine.update_details import Update, update_at
from playground.engine.value_questions import about_loss, about_probability, about_share, about_term, about_value
from playground.messages import Message, message

#: Paths are written one by one where there are at most so many; steps of other numbers are looked at in so small a net.
MOST_PATHS = MOST_OTHERS = 12


_PUT_IN = message("Not yet. Put the numbers into the formula, one after the other.")
#: What is said of a guess that no known mistake explains; elsewhere it is what `Question` says.
_HINTS: Mapping[Sort, Message] = {
    "value": _PUT_IN,
    "term": message("Not yet. Multiply the weight by its input."),
    "loss": _PUT_IN,
    "probability": _PUT_IN,
    "share": message("Not yet. How much of the mean is this row’s loss?"),
    "local": message("Not yet. How fast does the upper one grow with the lower one alone?"),
    "passed": message("Not yet. Multiply what arrives by the local slope."),
    "step": message("Not yet. The step is minus the learning rate times the gradient."),
    "new": message("Not yet. Take the learning rate times the gradient away from the old value."),
}


def about(done: Pass, asked: Asked, row: int, symbols: Symbols) -> Question:
    """What a number is, whichever it is."""
    found = _about(done, asked, row, symbols)
    plain = done.hyper.optimizer == "sgd" and not done.hyper.momentum
    hints = _HINTS if plain else {**_HINTS, "step": _PUT_IN, "new": _PUT_IN}
    return replace(found, hint=hints.get(asked.sort, found.hint))


def _about(done: Pass, asked: Asked, row: int, symbols: Symbols) -> Question:
    name = symbol_of(asked, symbols).text
    match asked.sort:
        case "value":
            buffer, unit = place(asked)
            one = made_by(done.program, buffer)
            assert one is not None, "what is given is not asked for"
            return about_value(done, one, unit, row, symbols)
        case "term":
            return about_term(done, number(asked), row, symbols)
        case "loss":
            return about_loss(done, row, symbols)
        case "probability":
            return about_probability(done, place(asked)[1], row, symbols, name)
        case "share":
            return about_share(done, row, symbols, name)
        case "gradient":
            return about_whole_gradient(done, number(asked), row, symbols)
        case "step":
            return about_step(done, *number(asked), symbols)
        case "new":
            return about_update(done, *number(asked), symbols)
    right = right_value(done, asked, row, symbols)
    mistaken = {"arriving": _arriving, "local": _local, "passed": _passed}[asked.sort]
    with np.errstate(all="ignore"):
        suspects = [turned(right), *mistaken(done, done.sample(row, symbols), asked, right)]
    return question(name, right, [*suspects, *(halves(done.program, right) if asked.sort != "local" else ())])


# --- backward ---------------------------------------------------------------------------------------


def _arriving(done: Pass, sample: Sample, asked: Asked, right: float) -> Iterator[Suspect]:
    """∂L/∂(a unit): the sum of what all that take it pass on."""
    here, row = place(asked), sample.row
    tops = list(senders(done, here))
    parts = [(arriving_at(done, top, row), local_of(sample, Asked("local", here, top)).slope) for top in tops]
    if len(parts) == 1:
        yield from one_side(*parts[0])
    elif len(parts) <= MOST_PATHS:
        part = message("That is one way alone: where ways join, what they bring is added.")
        for arriving, slope in parts:
            yield Suspect(Reason.PATH_MISSING, arriving * slope, part)
        missing = message("One of the ways is missing: what all of them bring is added.")
        for arriving, slope in parts if len(parts) > 2 else ():
            yield Suspect(Reason.PATH_MISSING, right - arriving * slope, missing)
        told = message("What arrives is multiplied by its own slope first, way by way, and then added.")
        yield Suspect(Reason.FACTOR_MISSING, math.fsum(slope for _, slope in parts), told)
    yield Suspect(Reason.CHANGED_WEIGHT, float(too_late_at(done)[here[0]][row, here[1]]), already_new())
    one = made_by(done.program, here[0])
    onward = towards(sample, one, here[1]) if one is not None and one.op not in ("dense", "softmax") else []
    for local in onward:
        many = message("A factor too many: the slope of the next step is not in it yet.")
        yield Suspect(Reason.PATH_TOO_MANY, right * local.slope, many)
    if done.samples > 1:
        told = message("Each row has only its share in the mean: divide by {rows}.", rows=done.samples)
        yield Suspect(Reason.NOT_AVERAGED, right * done.samples, told)


def _local(done: Pass, sample: Sample, asked: Asked, right: float) -> Iterator[Suspect]:
    """∂top/∂bottom alone."""
    arriving, top = arriving_at(done, asked.top, sample.row), asked.top
    if top is None:
        yield from halves(done.program, right)
        told = message("That is the loss itself; asked is its slope.")
        yield Suspect(Reason.VALUE_FOR_SLOPE, sample.loss, told)
    else:
        told = message("That is what arrives; asked is the local slope alone.")
        yield Suspect(Reason.UPSTREAM_ONLY, arriving, told)
        told = message("That is the value there; asked is its slope.")
        yield Suspect(Reason.VALUE_FOR_SLOPE, sample.value(top), told)
        one, bottom = made_by(done.program, top[0]), asked.bottom
        assert one is not None and bottom is not None  # noqa: PT018 - a slope has both
        if one.op == "dense":
            yield from the_other_factor(sample, bottom, one)
        elif not is_number(bottom):
            told = message("That is what goes in; asked is the slope there.")
            yield Suspect(Reason.VALUE_FOR_SLOPE, sample.value(bottom), told)
    told = message("That is already the product: asked is the local slope alone.")
    yield Suspect(Reason.PATH_TOO_MANY, arriving * right, told)


def _passed(done: Pass, sample: Sample, asked: Asked, right: float) -> Iterator[Suspect]:
    """Arriving times local."""
    arriving, slope = arriving_at(done, asked.top, sample.row), local_of(sample, asked).slope
    if asked.top is not None or done.samples > 1:
        yield from one_side(arriving, slope)
        yield Suspect(Reason.ADDED, arriving + slope, message("That is their sum: the two are multiplied."))
    bottom = asked.bottom
    assert bottom is not None
    one = None if asked.top is None else made_by(done.program, asked.top[0])
    if one is None or one.op != "dense":
        return
    if is_number(bottom):
        yield from _through(sample, bottom, right, asked.top)  # type: ignore[arg-type]
    elif asked.top is not None:
        new = float(done.new[one.parameters[0]][bottom[1], asked.top[1]])
        yield Suspect(Reason.CHANGED_WEIGHT, arriving * new, already_new())


def _through(sample: Sample, bottom: Number, right: float, top: Place) -> Iterator[Suspect]:
    """A way to a weight that is led through the inputs of its unit."""
    one = made_by(sample.program, top[0])
    assert one is not None
    if one.inputs == (sample.program.input,):
        return
    for local in towards(sample, one, top[1]):
        told = message("A factor too many: the way to {number} does not lead through {node}.",
                       number=sample.symbols.parameter(*bottom).text,
                       node=sample.symbols.name(one.inputs[0]))  # fmt: skip
        yield Suspect(Reason.PATH_TOO_MANY, right * local.slope, told)


def about_whole_gradient(done: Pass, of: Number, row: int, symbols: Symbols) -> Question:
    """What ∂L/∂(a number) is over all rows, the penalty's slope included: what the optimizer receives."""
    found = about_gradient(derive(done, *of, row, symbols, MOST_PATHS))
    penalty = float(done.trace.parameters[of[0]].penalty_gradient[of[1]])
    right = float(done.trace.parameters[of[0]].gradient[of[1]])
    suspects = list(found.suspects)
    if penalty:
        told = message("The penalty is missing: its slope is added to the gradient.")
        suspects = [turned(right), Suspect(Reason.PENALTY_FORGOTTEN, found.right, told),
                    *(Suspect(one.reason, one.value + penalty, one.sentence) for one in found.suspects)]  # fmt: skip
    if done.samples > 1:
        alone = arriving_at(done, (_owner(done, of), of[1][-1]), row) * done.samples
        one = made_by(done.program, _owner(done, of))
        assert one is not None
        local = next(local for local in locals_of(done.sample(row, symbols), one, of[1][-1]) if local.bottom == of)
        told = message("That is this row alone; the gradient is the mean over all {rows}.", rows=done.samples)
        suspects.append(Suspect(Reason.PATH_MISSING, alone * local.slope, told))
        suspects.append(not_averaged(right - penalty, done.samples))
    return question(found.asked, right, suspects)


def _owner(done: Pass, of: Number) -> str:
    return next(one.output for one in done.program.instructions if of[0] in one.parameters)


# --- the update -------------------------------------------------------------------------------------


def about_update(done: Pass, parameter: str, index: tuple[int, ...], symbols: Symbols) -> Question:
    """What a number is after the update."""
    update = update_at(done, parameter, index, symbols)
    old = update.old
    turned_step = message("The sign: the step goes against the slope, so that it is taken away.")
    alone = message("That is the step alone: add it to the old value.")
    suspects = [
        Suspect(Reason.SIGN, old - update.step, turned_step),
        *(Suspect(one.reason, old + one.value, one.sentence) for one in _steps(done, update, symbols)),
        Suspect(Reason.NOT_MOVED, old, message("That is the old value: the step is still to come.")),
        Suspect(Reason.STEP_ONLY, update.step, alone),
        Suspect(Reason.STEP_ONLY, -update.step, alone),
        Suspect(Reason.UPSTREAM_ONLY, update.gradient, message("That is the gradient: the weight moves against it.")),
    ]
    return question(update.symbol.text, update.new, suspects)


def about_step(done: Pass, parameter: str, index: tuple[int, ...], symbols: Symbols) -> Question:
    """How far a number moves in the update."""
    update = update_at(done, parameter, index, symbols)
    turned_step = message("The sign: the step goes against the slope.")
    whole = message("That is the gradient: the step is minus the learning rate times it.")
    suspects = [
        Suspect(Reason.SIGN, -update.step, turned_step),
        *_steps(done, update, symbols),
        Suspect(Reason.RATE_FORGOTTEN, update.gradient + update.penalty_gradient, whole),
        Suspect(Reason.NOT_MOVED, update.new, message("That is the new value; asked is how far it moves.")),
    ]
    return question(update.symbol.text, update.step, suspects)


def _steps(done: Pass, update: Update, symbols: Symbols) -> Iterator[Suspect]:
    """Steps that mistakes lead to."""
    flat = place_of(done.program, (update.parameter, update.index))
    late = _updated_by(
        done, too_late(done) + penalty_gradient(done.before.values, weight_mask(done.program), done.hyper)
    )
    yield Suspect(Reason.CHANGED_WEIGHT, float(late[flat]) - update.old, already_new())
    rate, received = done.hyper.learning_rate, update.gradient + update.penalty_gradient
    if rate:
        told = message("The learning rate is missing: multiply the slope by it.")
        yield Suspect(Reason.RATE_FORGOTTEN, update.step / rate, told)
        told = message("The learning rate is missing, and the sign: the step goes against the slope.")
        yield Suspect(Reason.RATE_FORGOTTEN, -update.step / rate, told)
    if done.hyper.optimizer != "sgd" or done.hyper.momentum:
        told = message("That is plain gradient descent: here the optimizer makes its own step of the gradient.")
        yield Suspect(Reason.OPTIMIZER_FORGOTTEN, -rate * received, told)
    if update.penalty_gradient:
        told = message("The penalty is missing: its slope is added to the gradient.")
        without = float(_updated_by(done, _data_gradient(done))[flat])
        yield Suspect(Reason.PENALTY_FORGOTTEN, without - update.old, told)
    if done.program.size > MOST_OTHERS:
        return
    for held in done.program.parameters:
        for index in np.ndindex(*held.shape):
            moved = float(done.new[held.name][index] - done.trace.parameters[held.name].value[index])
            told = message("That is the step of {number}: each has a gradient of its own.",
                           number=symbols.parameter(held.name, index).text)  # fmt: skip
            yield Suspect(Reason.OTHER_GRADIENT, moved, told)


def _data_gradient(done: Pass) -> Array:
    found = done.trace.parameters.items()
    return done.program.flat({name: one.gradient - one.penalty_gradient for name, one in found})


def _updated_by(done: Pass, gradient: Array) -> Array:
    after = done.before.copy()
    with np.errstate(all="ignore"):
        apply_gradient(after, gradient, done.hyper, frozen_mask(done.program))
    return after.values
