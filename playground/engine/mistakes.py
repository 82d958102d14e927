"""The well-known mistakes: the numbers that they lead to, each with what is said of it; see `ask`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from playground.engine.ask import Reason, Suspect
from playground.engine.exact import rounded
from playground.engine.formulas import Number, Sample, is_number
from playground.engine.passes import Pass
from playground.engine.program import Array, Instruction, Program
from playground.engine.symbols import Place
from playground.engine.walk import Walk
from playground.messages import Message, message


def turned(right: float) -> Suspect:
    """The other sign."""
    return Suspect(Reason.SIGN, -right, message("The size is right, the sign is not."))


def already_new() -> Message:
    """What is said of a number that comes out where weights had moved before."""
    return message("A weight was already new: the whole gradient is taken before any weight moves.")


def one_side(arriving: float, local: float) -> tuple[Suspect, ...]:
    """One of the two that make a product."""
    slope = message("{local} is the local slope alone: multiply it by the {arriving} that arrives.",
                    local=rounded(local), arriving=rounded(arriving))  # fmt: skip
    upstream = message("{arriving} is what arrives: multiply it by the local slope, {local}.",
                       local=rounded(local), arriving=rounded(arriving))  # fmt: skip
    return Suspect(Reason.LOCAL_ONLY, local, slope), Suspect(Reason.UPSTREAM_ONLY, arriving, upstream)


def halves(program: Program, right: float) -> tuple[Suspect, ...]:
    """Where the loss is half of a square, twice and half of the answer."""
    if program.loss != "half_squared":
        return ()
    twice = message("Twice too large: the ½ of the loss takes the 2 of the square away.")
    half = message("Half too small: the 2 of the square takes the ½ of the loss away.")
    return Suspect(Reason.HALF_FORGOTTEN, 2.0 * right, twice), Suspect(Reason.HALF_TOO_MANY, 0.5 * right, half)


def the_other_factor(sample: Sample, bottom: Place | Number, one: Instruction) -> Iterator[Suspect]:
    """Of w·x: the slope by w is x, and the slope by x is w."""
    told = message("In a product the slope by one factor is the other factor.")
    if not is_number(bottom):
        yield Suspect(Reason.VALUE_FOR_SLOPE, sample.value(bottom), told)
    elif bottom[0] == one.parameters[0]:
        yield Suspect(Reason.VALUE_FOR_SLOPE, sample.number(bottom), told)
    else:
        bias = message("A bias stands alone, so that its slope is 1, whatever the bias is.")
        yield Suspect(Reason.VALUE_FOR_SLOPE, sample.number(bottom), bias)


def not_averaged(right: float, rows: int) -> Suspect:
    """The sum over the rows."""
    told = message("That is the sum over the rows; the gradient is their mean: divide by {rows}.", rows=rows)
    return Suspect(Reason.NOT_AVERAGED, right * rows, told)


def too_late(done: Pass) -> Array:
    """The gradient that comes out where each weight moves before the error is passed back through it."""
    return _late_walk(done)[0].gradient


def too_late_at(done: Pass) -> dict[str, Array]:
    """The gradients at all buffers that come out of the same mistake."""
    return _late_walk(done)[1]


def _late_walk(done: Pass) -> tuple[Walk, dict[str, Array]]:
    walk = Walk(done.program, done.after.values.copy())
    walk.masks = done.masks
    with np.errstate(all="ignore"):
        found = walk.backward(dict(done.trace.values), done.trace.targets, to_input=True)
    return walk, dict(found)
