"""What can be asked of a pass, each with the numbers that the well-known mistakes lead to; see `ask`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from playground.engine.ask import Question, Reason, Suspect, question
from playground.engine.derivation import Derivation, Factor, Path, place_of
from playground.engine.details import LOSS, slope_symbol
from playground.engine.exact import rounded
from playground.engine.formulas import towards
from playground.engine.ops import OPS
from playground.engine.optimizers import frozen_mask, penalty_gradient, weight_mask
from playground.engine.passes import Pass
from playground.engine.program import Array, Instruction
from playground.engine.symbols import Place, Symbols
from playground.engine.training_engine import apply_gradient
from playground.engine.update_details import update_at
from playground.engine.walk import Walk
from playground.messages import Message, message


def about_value(done: Pass, one: Instruction, unit: int, row: int, symbols: Symbols) -> Question:
    """What a unit's value is."""
    sample = done.sample(row, symbols)
    right = sample.value((one.output, unit))
    suspects = [_turned(right)]
    with np.errstate(all="ignore"):
        inputs = [done.trace.values[name][row : row + 1] for name in one.inputs]
        if one.op == "dense":
            changed = OPS["dense"].forward(inputs, [done.new[name] for name in one.parameters])
            suspects.append(Suspect(Reason.CHANGED_WEIGHT, float(changed[0, unit]), _already_new()))
            for name in one.parameters[1:]:
                without = right - sample.number((name, (unit,)))
                suspects.append(Suspect(Reason.BIAS_FORGOTTEN, without, message("The bias is missing: add it too.")))
        slope = OPS[one.op].slope
        if slope is not None:
            z = sample.value((one.inputs[0], unit))
            local = float(slope(inputs[0], done.trace.values[one.output][row : row + 1])[0, unit])
            suspects += [
                Suspect(Reason.FUNCTION_FORGOTTEN, z, message("That is what goes in: the function is still to come.")),
                Suspect(Reason.VALUE_FOR_SLOPE, local, message("That is the slope there; asked is the value.")),
            ]
    return question(symbols.value(one.output, unit).text, right, suspects)


def about_loss(done: Pass, row: int, symbols: Symbols) -> Question:
    """What the loss of one row is."""
    sample = done.sample(row, symbols)
    right = sample.loss
    suspects = []
    if done.program.loss == "half_squared":
        suspects.append(
            Suspect(Reason.HALF_FORGOTTEN, 2.0 * right, message("The ½ is missing: L is half of the square."))
        )
        suspects.append(Suspect(Reason.HALF_TOO_MANY, 0.5 * right, message("The ½ stands there only once.")))
        outputs, answers = done.trace.values[done.program.prediction][row], done.trace.targets[row]
        if len(outputs) == 1:
            off = float(outputs[0] - answers[0])
            square = message("That is the distance, not yet its square: L is half of the square.")
            suspects += [
                Suspect(Reason.FUNCTION_FORGOTTEN, off, square),
                Suspect(Reason.FUNCTION_FORGOTTEN, -off, square),
            ]
    never = message("A loss is never below 0: squaring drops the direction, and the difference keeps it.")
    if right > 0.0:
        suspects.append(Suspect(Reason.SIGN, -right, never))
    return question(LOSS.text, right, suspects)


def about_factor(derivation: Derivation, factor: Factor) -> Question:
    """What one factor of a chain is."""
    done, sample = derivation.done, derivation.sample
    suspects = [_turned(factor.value)]
    if factor.top is None:
        suspects += _halves(done, factor.value)
        suspects.append(
            Suspect(Reason.VALUE_FOR_SLOPE, sample.loss, message("That is the loss itself; asked is its slope."))
        )
    else:
        top = sample.value(factor.top)
        suspects.append(Suspect(Reason.VALUE_FOR_SLOPE, top, message("That is the value there; asked is its slope.")))
        one = next(one for one in done.program.instructions if one.output == factor.top[0])
        if one.op == "dense":
            suspects += _the_other_factor(derivation, factor, one)
    return question(factor.symbol.text, factor.value, suspects)


def _the_other_factor(derivation: Derivation, factor: Factor, one: Instruction) -> Iterator[Suspect]:
    """Of w·x: the slope by w is x, and the slope by x is w."""
    sample, (name, inside) = derivation.sample, factor.bottom
    assert factor.top is not None
    told = message("In a product the slope by one factor is the other factor.")
    if isinstance(inside, int):
        yield Suspect(Reason.VALUE_FOR_SLOPE, sample.value((name, inside)), told)
    elif name == one.parameters[0]:
        yield Suspect(Reason.VALUE_FOR_SLOPE, sample.number((name, inside)), told)
    else:
        bias = message("A bias stands alone, so that its slope is 1, whatever the bias is.")
        yield Suspect(Reason.VALUE_FOR_SLOPE, sample.number((name, inside)), bias)


def about_arriving(derivation: Derivation, place: Place) -> Question:
    """What ∂L/∂(one unit of a buffer) is, for the derivation's row."""
    right = derivation.gradient_at(place)
    terms = derivation.unfold(place)
    suspects = [_turned(right)]
    if len(terms) == 1:
        ((arriving, factor),) = terms
        suspects += _one_side(arriving, factor.value)
    for arriving, factor in terms if len(terms) > 1 else ():
        part = message("That is one way alone: where ways join, what they bring is added.")
        suspects.append(Suspect(Reason.PATH_MISSING, arriving * factor.value, part))
    symbol = slope_symbol(LOSS, derivation.sample.symbols.value(*place)).text
    return question(symbol, right, [*suspects, *_halves(derivation.done, right)])


def about_gradient(derivation: Derivation) -> Question:
    """What ∂L/∂(the number) is: the mean over the rows, the penalty apart."""
    right, rows = derivation.gradient, derivation.rows
    own = (derivation.owner.output, derivation.unit)
    suspects = [_turned(right)]
    if rows == 1:
        suspects += _one_side(derivation.gradient_at(own), derivation.last.value)
        suspects += _other_ways(derivation)
    else:
        told = message("That is the sum over the rows; the gradient is their mean: divide by {rows}.", rows=rows)
        suspects.append(Suspect(Reason.NOT_AVERAGED, right * rows, told))
    changed = float(_too_late(derivation.done)[place_of(derivation.done.program, derivation.number)])
    suspects.append(Suspect(Reason.CHANGED_WEIGHT, changed, _already_new()))
    return question(slope_symbol(LOSS, derivation.symbol).text, right, [*suspects, *_halves(derivation.done, right)])


def about_row(derivation: Derivation) -> Question:
    """What ∂L/∂(the number) is for the derivation's row alone."""
    right, own = derivation.value, (derivation.owner.output, derivation.unit)
    suspects = [_turned(right), *_one_side(derivation.gradient_at(own), derivation.last.value)]
    asked = slope_symbol(LOSS, derivation.symbol).text
    return question(asked, right, [*suspects, *_other_ways(derivation), *_halves(derivation.done, right)])


def about_path(path: Path) -> Question:
    """What the factors of one path multiply to."""
    suspects = [_turned(path.value), *_factors_missing(path)]
    return question(" · ".join(factor.symbol.text for factor in path.factors), path.value, suspects)


def _other_ways(derivation: Derivation) -> Iterator[Suspect]:
    """A way that does not lead here, a factor left out, one path where there are several."""
    right, sample, owner = derivation.value, derivation.sample, derivation.owner
    if owner.op == "dense" and owner.inputs != (sample.program.input,):
        for local in towards(sample, owner, derivation.unit):
            skipped = sample.symbols.name(owner.inputs[0])
            many = message("A factor too many: the way to {number} does not lead through {node}.",
                           number=derivation.symbol.text, node=skipped)  # fmt: skip
            yield Suspect(Reason.PATH_TOO_MANY, right * local.slope, many)
    for path in derivation.paths if len(derivation.paths) > 1 else ():
        told = message("That is one path alone: add all {count} of them.", count=len(derivation.paths))
        yield Suspect(Reason.PATH_MISSING, path.value, told)
    if len(derivation.paths) == 1:
        yield from _factors_missing(derivation.paths[0])


def _factors_missing(path: Path) -> Iterator[Suspect]:
    for factor in path.factors:
        if factor.value:
            told = message("The factor {factor} is missing.", factor=factor.symbol.text)
            yield Suspect(Reason.FACTOR_MISSING, path.value / factor.value, told)


def about_update(done: Pass, parameter: str, index: tuple[int, ...], symbols: Symbols) -> Question:
    """What a number is after the update."""
    update = update_at(done, parameter, index, symbols)
    old, new, place = update.old, update.new, place_of(done.program, (parameter, index))
    received = update.gradient + update.penalty_gradient
    late = _updated_by(done, _too_late(done) + _penalty_slope(done))
    turned = message("The sign: the step goes against the slope, so that it is taken away.")
    suspects = [
        Suspect(Reason.SIGN, old - update.step, turned),
        Suspect(Reason.CHANGED_WEIGHT, float(late[place]), _already_new()),
        Suspect(Reason.NOT_MOVED, old, message("That is the old value: the step is still to come.")),
        Suspect(
            Reason.RATE_FORGOTTEN, old - received, message("The learning rate is missing: multiply the slope by it.")
        ),
    ]
    alone = message("That is the step alone: add it to the old value.")
    suspects += [Suspect(Reason.STEP_ONLY, update.step, alone), Suspect(Reason.STEP_ONLY, -update.step, alone)]
    if update.penalty_gradient:
        without = _updated_by(done, _data_gradient(done))
        told = message("The penalty is missing: its slope is added to the gradient.")
        suspects.append(Suspect(Reason.PENALTY_FORGOTTEN, float(without[place]), told))
    return question(update.symbol.text, new, suspects)


def _turned(right: float) -> Suspect:
    return Suspect(Reason.SIGN, -right, message("The size is right, the sign is not."))


def _already_new() -> Message:
    return message("A weight was already new: the whole gradient is taken before any weight moves.")


def _one_side(arriving: float, local: float) -> tuple[Suspect, ...]:
    """One of the two that make a product."""
    slope = message("{local} is the local slope alone: multiply it by the {arriving} that arrives.",
                    local=rounded(local), arriving=rounded(arriving))  # fmt: skip
    upstream = message("{arriving} is what arrives: multiply it by the local slope, {local}.",
                       local=rounded(local), arriving=rounded(arriving))  # fmt: skip
    return Suspect(Reason.LOCAL_ONLY, local, slope), Suspect(Reason.UPSTREAM_ONLY, arriving, upstream)


def _halves(done: Pass, right: float) -> tuple[Suspect, ...]:
    """Where the loss is half of a square, twice and half of the answer."""
    if done.program.loss != "half_squared":
        return ()
    twice = message("Twice too large: the ½ of the loss takes the 2 of the square away.")
    half = message("Half too small: the 2 of the square takes the ½ of the loss away.")
    return Suspect(Reason.HALF_FORGOTTEN, 2.0 * right, twice), Suspect(Reason.HALF_TOO_MANY, 0.5 * right, half)


def _too_late(done: Pass) -> Array:
    """The gradient that comes out where each weight moves before the error is passed back through it."""
    walk = Walk(done.program, done.after.values.copy())
    walk.masks = done.masks
    with np.errstate(all="ignore"):
        walk.backward(dict(done.trace.values), done.trace.targets)
    return walk.gradient


def _data_gradient(done: Pass) -> Array:
    found = done.trace.parameters.items()
    return done.program.flat({name: one.gradient - one.penalty_gradient for name, one in found})


def _penalty_slope(done: Pass) -> Array:
    return penalty_gradient(done.before.values, weight_mask(done.program), done.hyper)


def _updated_by(done: Pass, gradient: Array) -> Array:
    after = done.before.copy()
    with np.errstate(all="ignore"):
        apply_gradient(after, gradient, done.hyper, frozen_mask(done.program))
    return after.values
