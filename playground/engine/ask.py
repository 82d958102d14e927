"""Ask: a covered number, the guess that was typed for it, and the explanation of exactly that wrong guess.

A question knows its right answer and its suspects: the numbers that common mistakes lead to. A guess is compared with
as many digits as were typed; a mistake is only named where it leads to another number than the right answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from playground.messages import Message, UserError, message

#: The coarsest rounding that still counts as right, relative to the answer: 0.33 for ⅓ does, 2 for 1.94 does not.
COARSEST = 0.015
#: A whole number that is as near as this has been rounded: 1 of 1.0003.
ROUNDED = 5e-4
#: No number that is typed is longer.
LONGEST = 40


class Reason(Enum):
    """What a guess is, or what went wrong with it."""

    RIGHT = "right"
    COARSE = "coarse"
    SIGN = "sign"
    LOCAL_ONLY = "local only"
    UPSTREAM_ONLY = "upstream only"
    CHANGED_WEIGHT = "changed weight"
    PATH_TOO_MANY = "path too many"
    PATH_MISSING = "path missing"
    FACTOR_MISSING = "factor missing"
    HALF_FORGOTTEN = "half forgotten"
    HALF_TOO_MANY = "half too many"
    NOT_AVERAGED = "not averaged"
    PENALTY_FORGOTTEN = "penalty forgotten"
    BIAS_FORGOTTEN = "bias forgotten"
    WEIGHTS_FORGOTTEN = "weights forgotten"
    TERM_MISSING = "term missing"
    ADDED = "added"
    MULTIPLIED = "multiplied"
    SQUARE_FORGOTTEN = "square forgotten"
    OTHER_ANSWER = "other answer"
    OTHER_BASE = "other base"
    FUNCTION_FORGOTTEN = "function forgotten"
    VALUE_FOR_SLOPE = "value for slope"
    STEP_ONLY = "step only"
    RATE_FORGOTTEN = "rate forgotten"
    OPTIMIZER_FORGOTTEN = "optimizer forgotten"
    OTHER_GRADIENT = "other gradient"
    NOT_MOVED = "not moved"
    NONE = "none of these"


#: Said of a wrong guess of a slope that nothing explains.
LOOK = message("Not yet. Look at what arrives here and at the slope of this step alone.")


@dataclass(frozen=True)
class Suspect:
    """The number that a mistake leads to, and what is said of it."""

    reason: Reason
    value: float
    sentence: Message


@dataclass(frozen=True)
class Question:
    """What is asked, `asked`, as a symbol; its answer; and the mistakes that are known, the likeliest first.

    `hint` is said of a guess that none of them explains.
    """

    asked: str
    right: float
    suspects: tuple[Suspect, ...] = ()
    hint: Message = LOOK

    @property
    def told_apart(self) -> tuple[Suspect, ...]:
        """The suspects that differ from the right answer."""
        close = 1e-9 * max(1.0, abs(self.right))
        return tuple(one for one in self.suspects if math.isfinite(one.value) and abs(one.value - self.right) > close)


@dataclass(frozen=True)
class Verdict:
    """What a guess is worth."""

    reason: Reason
    guess: float
    sentence: Message

    @property
    def right(self) -> bool:
        """Whether it counts."""
        return self.reason is Reason.RIGHT


def judge(question: Question, typed: str) -> Verdict:
    """Compare what was typed; raises UserError where that is no number."""
    guess, half_a_digit = read(typed)
    error = abs(guess - question.right)
    coarse = Verdict(Reason.COARSE, guess, message("Nearly: give one digit more."))
    if error <= _allowed(question.right, half_a_digit):
        # 2.0 is 1.994 rounded, and also the value that has not moved: another digit tells.
        unmoved = (one for one in question.told_apart if one.reason is Reason.NOT_MOVED)
        return coarse if any(abs(guess - one.value) < error for one in unmoved) else Verdict(
            Reason.RIGHT, guess, message("Right.")
        )  # fmt: skip
    if not half_a_digit and error <= ROUNDED * abs(question.right):
        return coarse
    if half_a_digit and error <= half_a_digit * (1.0 + 1e-9):
        return coarse
    near = [one for one in question.told_apart if abs(guess - one.value) <= _allowed(one.value, half_a_digit)]
    if near:
        # Of several that the digits allow it is the nearest, and of equals the likeliest.
        suspect = min(near, key=lambda one: abs(guess - one.value))
        return Verdict(suspect.reason, guess, suspect.sentence)
    if error <= COARSEST * abs(question.right):
        return coarse
    return Verdict(Reason.NONE, guess, question.hint)


def _allowed(value: float, half_a_digit: float) -> float:
    """How far from a value a guess may be: half of its last digit, but no coarser than `COARSEST`."""
    return max(min(half_a_digit, COARSEST * abs(value)), 1e-9 * max(1e-3, abs(value)))


def read(typed: str) -> tuple[float, float]:
    """A typed number and half of its last digit's worth: "1.94" → 1.94 and 0.005, "9/2" → 4.5 and 0.

    A comma is a point and any minus a minus. Raises UserError where it is no number.
    """
    text = typed.strip().replace(",", ".").replace("−", "-").replace("½", "1/2").replace(" ", "")
    value, half_a_digit = math.nan, 0.0
    try:
        if "/" in text and len(text) <= LONGEST and "e" not in text.lower():
            above, below = text.split("/")
            value = float(Fraction(above) / Fraction(below))
        elif len(text) <= LONGEST:
            value = float(text)
            digits, _, power = text.lower().partition("e")
            decimals = len(digits.partition(".")[2])
            # A whole number is meant as it is: "6" is no rounding of 6.4.
            half_a_digit = 0.5 * 10.0 ** (int(power or 0) - decimals) if decimals or power else 0.0
    except (ValueError, ZeroDivisionError, OverflowError):
        value = math.nan
    if not math.isfinite(value):
        raise UserError("“{typed}” is no number. Type one such as 4.5, -3 or 9/2.", typed=typed.strip()[:LONGEST])
    return value, half_a_digit


def distinct(suspects: Iterable[Suspect]) -> tuple[Suspect, ...]:
    """The suspects without those that an earlier one's number already stands for."""
    found: list[Suspect] = []
    for one in suspects:
        if not any(math.isclose(one.value, other.value, rel_tol=1e-12, abs_tol=1e-300) for other in found):
            found.append(one)
    return tuple(found)


def question(asked: str, right: float, suspects: Sequence[Suspect]) -> Question:
    """A question whose suspects are told apart."""
    return Question(asked, right, distinct(suspects))
