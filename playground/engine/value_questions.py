"""What can be asked of a pass forward and of its loss, each with the numbers that mistakes lead to; see `ask`."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from playground.engine.ask import Question, Reason, Suspect, question
from playground.engine.details import LOSS
from playground.engine.formulas import Number, Sample, taken
from playground.engine.loss_formulas import probabilities_of
from playground.engine.mistakes import turned
from playground.engine.ops import OPS
from playground.engine.passes import Pass
from playground.engine.program import Instruction
from playground.engine.symbols import Symbols
from playground.messages import Message, message

#: So many terms of a sum are looked at one by one, for one that was forgotten.
MOST_TERMS = 12


def about_value(done: Pass, one: Instruction, unit: int, row: int, symbols: Symbols) -> Question:
    """What a unit's value is."""
    sample = done.sample(row, symbols)
    right = sample.value((one.output, unit))
    with np.errstate(all="ignore"):
        suspects = [turned(right), *_mistaken(done, sample, one, unit)]
    return question(symbols.value(one.output, unit).text, right, suspects)


def _mistaken(done: Pass, sample: Sample, one: Instruction, unit: int) -> Iterator[Suspect]:
    parts = [sample.value(place) for place in taken(sample.program, one, unit)]
    right = sample.value((one.output, unit))
    if one.op == "dense":
        yield from _sums(done, sample, one, unit, parts)
    elif one.op == "add":
        yield Suspect(Reason.MULTIPLIED, math.prod(parts), message("That is the product: here the values are added."))
    elif one.op == "multiply":
        yield Suspect(Reason.ADDED, math.fsum(parts), message("That is the sum: here the values are multiplied."))
    elif one.op == "dropout":
        told = message("That is what goes in: dropout still multiplies it, by 0 or by what makes up for the others.")
        yield Suspect(Reason.FACTOR_MISSING, parts[0], told)
    elif one.op != "concat":
        goes_in = parts[unit] if one.op == "softmax" else parts[0]
        told = message("That is what goes in: the function is still to come.")
        yield Suspect(Reason.FUNCTION_FORGOTTEN, goes_in, told)
        slope = OPS[one.op].slope
        if slope is not None:
            local = float(slope(np.array([[goes_in]]), np.array([[right]]))[0, 0])
            told = message("That is the slope there; asked is the value.")
            yield Suspect(Reason.VALUE_FOR_SLOPE, local, told)
        if one.op == "softmax":
            told = message("That is the power alone: divide it by the sum of all of them.")
            yield Suspect(Reason.NOT_AVERAGED, float(np.exp(goes_in)), told)


def _sums(done: Pass, sample: Sample, one: Instruction, unit: int, parts: list[float]) -> Iterator[Suspect]:
    """Mistakes with a sum of weights times inputs and a bias."""
    weight, *biases = one.parameters
    weights = [sample.number((weight, (k, unit))) for k in range(len(parts))]
    bias = sum(sample.number((name, (unit,))) for name in biases)
    products = [w * x for w, x in zip(weights, parts, strict=True)]
    row = sample.row
    inputs = [done.trace.values[name][row : row + 1] for name in one.inputs]
    changed = OPS["dense"].forward(inputs, [done.new[name] for name in one.parameters])
    yield Suspect(Reason.CHANGED_WEIGHT, float(changed[0, unit]), message(
        "A weight was already new: the values forward are those of the old weights."))  # fmt: skip
    if biases:
        whole = math.fsum(products)
        yield Suspect(Reason.BIAS_FORGOTTEN, whole, message("The bias is missing: add it too."))
        turned_bias = message("The bias is added, with its own sign.")
        yield Suspect(Reason.BIAS_FORGOTTEN, whole - bias, turned_bias)
    bare = message("The weights are missing: multiply each input by its weight, then add.")
    yield Suspect(Reason.WEIGHTS_FORGOTTEN, math.fsum(parts) + bias, bare)
    weights_alone = message("Those are the weights alone: multiply each by its input, then add.")
    yield Suspect(Reason.WEIGHTS_FORGOTTEN, math.fsum(weights) + bias, weights_alone)
    if len(parts) == 1:
        told = message("A weight multiplies its input, it is not added to it.")
        yield Suspect(Reason.ADDED, weights[0] + parts[0] + bias, told)
        return
    if len(parts) <= MOST_TERMS:
        yield from _one_term_off(sample, weight, unit, products, bias)
    told = message("The products are added, not multiplied.")
    yield Suspect(Reason.MULTIPLIED, math.prod(products) + bias, told)


def _one_term_off(sample: Sample, weight: str, unit: int, products: list[float], bias: float) -> Iterator[Suspect]:
    """A term that was forgotten, or added with the other sign."""
    whole = math.fsum(products) + bias
    for k, term in enumerate(products):
        name = sample.symbols.parameter(weight, (k, unit)).text
        yield Suspect(Reason.TERM_MISSING, whole - term, message("The term with {weight} is missing.", weight=name))
        turned_term = message("The sign of the term with {weight}: minus times minus is plus.", weight=name)
        if term > 0.0 > sample.number((weight, (k, unit))):
            yield Suspect(Reason.SIGN, whole - 2.0 * term, turned_term)
        elif term < 0.0:
            turned_term = message("The sign of the term with {weight}: one of its factors is below 0.", weight=name)
            yield Suspect(Reason.SIGN, whole - 2.0 * term, turned_term)


def about_term(done: Pass, of: Number, row: int, symbols: Symbols) -> Question:
    """What one weight times its input is."""
    sample, (name, index) = done.sample(row, symbols), of
    one = next(one for one in done.program.instructions if name in one.parameters)
    w, x = sample.number(of), sample.value((one.inputs[0], index[0]))
    symbol, factor = symbols.parameter(name, index).text, symbols.value(one.inputs[0], index[0]).text
    suspects = [
        turned(w * x),
        Suspect(Reason.FACTOR_MISSING, w, message("That is the weight alone: multiply it by its input.")),
        Suspect(Reason.FACTOR_MISSING, x, message("That is the input alone: multiply it by its weight.")),
        Suspect(Reason.ADDED, w + x, message("A weight multiplies its input, it is not added to it.")),
        Suspect(Reason.CHANGED_WEIGHT, float(done.new[name][index]) * x, message(
            "A weight was already new: the values forward are those of the old weights.")),
    ]  # fmt: skip
    return question(f"{symbol}·{factor}", w * x, suspects)


# --- the loss ---------------------------------------------------------------------------------------


def about_loss(done: Pass, row: int, symbols: Symbols) -> Question:
    """What the loss of one row is."""
    sample = done.sample(row, symbols)
    right, kind = sample.loss, done.program.loss
    outputs = [float(value) for value in done.trace.values[done.program.prediction][row]]
    answers = [float(value) for value in done.trace.targets[row]]
    with np.errstate(all="ignore"):
        suspects = list(_of_squares(right, outputs, answers) if kind in ("half_squared", "huber") else
                        _of_margins(outputs, answers) if kind == "hinge" else
                        _of_logarithms(sample, outputs, answers))  # fmt: skip
    if right > 0.0:
        never = message("A loss is never below 0: squaring drops the direction, and the difference keeps it.")
        if kind not in ("half_squared", "huber"):
            never = message("A loss is never below 0.")
        suspects.append(Suspect(Reason.SIGN, -right, never))
    if done.samples > 1:
        told = message("That is the mean over the rows; asked is the loss of this row alone.")
        suspects.append(Suspect(Reason.NOT_AVERAGED, done.trace.loss, told))
    return question(LOSS.text, right, suspects)


def _of_squares(right: float, outputs: list[float], answers: list[float]) -> Iterator[Suspect]:
    """Half of squares, or what takes their place where they are large."""
    off = [y - t for y, t in zip(outputs, answers, strict=True)]
    squares = [distance * distance for distance in off]
    missing = message("The ½ is missing: L is half of the square.")
    yield Suspect(Reason.HALF_FORGOTTEN, math.fsum(squares), missing)
    yield Suspect(Reason.HALF_TOO_MANY, 0.5 * right, message("The ½ stands there only once."))
    if len(off) == 1:
        square = message("That is the distance, not yet its square: L is half of the square.")
        yield Suspect(Reason.SQUARE_FORGOTTEN, off[0], square)
        yield Suspect(Reason.SQUARE_FORGOTTEN, -off[0], square)
        half = message("That is half of the distance: it is the square that is halved.")
        yield Suspect(Reason.SQUARE_FORGOTTEN, 0.5 * off[0], half)
        yield Suspect(Reason.SQUARE_FORGOTTEN, -0.5 * off[0], half)
        told = message("The ½ is not squared: square the distance first, then take half of it.")
        yield Suspect(Reason.HALF_TOO_MANY, 0.25 * squares[0], told)
        told = message("The distance is a difference: take the right answer away from the output, then square.")
        yield Suspect(Reason.ADDED, 0.5 * (outputs[0] + answers[0]) ** 2, told)
        return
    for square_alone in squares[:MOST_TERMS]:
        told = message("That is one output alone: add the squares of all of them.")
        yield Suspect(Reason.TERM_MISSING, 0.5 * square_alone, told)


def _of_margins(outputs: list[float], answers: list[float]) -> Iterator[Suspect]:
    """1 − t·y where that is above 0."""
    margins = [1.0 - t * y for y, t in zip(outputs, answers, strict=True)]
    told = message("Below 0 it counts as 0: who is right by more than 1 costs nothing.")
    yield Suspect(Reason.FUNCTION_FORGOTTEN, math.fsum(margins), told)
    told = message("That is t·y: the loss is what is missing to 1.")
    yield Suspect(Reason.FUNCTION_FORGOTTEN, math.fsum(t * y for y, t in zip(outputs, answers, strict=True)), told)


def _of_logarithms(sample: Sample, outputs: list[float], answers: list[float]) -> Iterator[Suspect]:
    """Minus the logarithm of the probability of the right answer."""
    chances, right = probabilities_of(sample), sample.loss
    assert chances is not None
    yield Suspect(
        Reason.OTHER_BASE, right / math.log(10.0), message("That is the logarithm to base 10: ln has base e.")
    )
    if len(outputs) == 1 and sample.program.loss == "binary_cross_entropy":
        p, t = float(chances[0]), answers[0]
        told: Message = message("That is the loss for the other answer: look which of the two it is.")
        flipped = -(1.0 - t) * float(np.log(p)) - t * float(np.log1p(-p))
        yield Suspect(Reason.OTHER_ANSWER, flipped, told)
        chosen = [p, 1.0 - p]
    else:
        chosen = [float(chance) for chance, t in zip(chances, answers, strict=True) if t]
        told = message("That is the loss for another answer: look which one it is.")
        for chance, t in zip(chances[:MOST_TERMS], answers[:MOST_TERMS], strict=True):
            if not t:
                yield Suspect(Reason.OTHER_ANSWER, -float(np.log(chance)), told)
    for chance in chosen:
        told = message("That is a probability: L is minus its logarithm.")
        yield Suspect(Reason.FUNCTION_FORGOTTEN, chance, told)
    for z in outputs[:MOST_TERMS]:
        told = message("That is the output itself: make a probability of it, and take minus its logarithm.")
        yield Suspect(Reason.FUNCTION_FORGOTTEN, z, told)


def about_probability(done: Pass, unit: int, row: int, symbols: Symbols, asked: str) -> Question:
    """What the loss makes of one output."""
    sample = done.sample(row, symbols)
    found = probabilities_of(sample)
    assert found is not None
    right, z = float(found[unit]), sample.value((done.program.prediction, unit))
    suspects = [
        turned(right),
        Suspect(Reason.FUNCTION_FORGOTTEN, z, message("That is what goes in: the function is still to come.")),
        Suspect(Reason.OTHER_ANSWER, 1.0 - right, message("That is the probability of all other answers.")),
    ]
    with np.errstate(all="ignore"):
        if done.program.loss == "softmax_cross_entropy":
            told = message("That is the power alone: divide it by the sum of all of them.")
            suspects.append(Suspect(Reason.NOT_AVERAGED, float(np.exp(z)), told))
    return question(asked, right, suspects)


def about_share(done: Pass, row: int, symbols: Symbols, asked: str) -> Question:
    """What arrives at the loss itself: 1, or the share of one row in the mean."""
    told = message("That is the loss itself; asked is its slope.")
    suspects = [Suspect(Reason.VALUE_FOR_SLOPE, done.sample(row, symbols).loss, told)]
    if done.samples > 1:
        whole = message("The mean divides by the number of rows, so that each has only a share in it.")
        suspects += [Suspect(Reason.NOT_AVERAGED, value, whole) for value in (1.0, float(done.samples))]
    return question(asked, 1.0 / done.samples, suspects)
