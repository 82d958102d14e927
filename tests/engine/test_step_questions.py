"""Every number of a pass can be asked for: the lecture's mistakes by hand, and any network's right answer is right."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import assume, given, settings
from lectures import SECOND, W1, W2, W3, layered, lecture_pass, lecture_symbols, pass_of
from native.random_programs import Case, cases

from playground.engine.ask import Reason, judge
from playground.engine.asked import Asked, Sort, can_be_asked, covering, is_reached, right_value, symbol_of
from playground.engine.exact import exact, rounded
from playground.engine.formulas import locals_of
from playground.engine.losses import LOSSES
from playground.engine.passes import Pass, make_pass
from playground.engine.step_questions import about
from playground.engine.symbols import Symbols

P, Q = ("P", 0), ("Q", 0)
VALUE_P, VALUE_Q, LOSS = Asked("value", P), Asked("value", Q), Asked("loss")
ARRIVING_P, ARRIVING_Q = Asked("arriving", P), Asked("arriving", Q)


def every_number(done: Pass, row: int, symbols: Symbols) -> Iterator[Asked]:
    """All that can be asked for of a row."""
    program, sample = done.program, done.sample(row, symbols)
    yield from (Asked("loss"), Asked("share"))
    for unit in range(program.widths[program.prediction]):
        yield from (Asked("local", (program.prediction, unit)), Asked("passed", (program.prediction, unit)))
        if LOSSES[program.loss].logits:
            yield Asked("probability", (program.prediction, unit))
    for one in program.instructions:
        for unit in range(program.widths[one.output]):
            top = (one.output, unit)
            yield Asked("value", top)
            if one.op == "dense":
                for k in range(program.widths[one.inputs[0]]):
                    yield Asked("term", (one.parameters[0], (k, unit)), top)
            if one.output in done.trace.gradients:
                yield Asked("arriving", top)
                for local in locals_of(sample, one, unit):
                    yield from (Asked("local", local.bottom, top), Asked("passed", local.bottom, top))
    for held in program.parameters:
        for index in np.ndindex(*held.shape):
            yield from (Asked(sort, (held.name, index)) for sort in ("gradient", "step", "new"))


def reason(asked: Asked, typed: str, row: tuple[float, ...] | None = None, **hyper: object) -> Reason:
    """What the lecture's network, or its second row, answers to a guess."""
    done = lecture_pass(*(SECOND if row is SECOND else ()), **hyper)  # type: ignore[arg-type]
    return judge(about(done, asked, 0, lecture_symbols(done.program)), typed).reason


# --- by hand ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "typed", "expected"),
    [
        # P = w₁·A + w₂·B = 2·1 + 1·2 = 4
        (VALUE_P, "4", Reason.RIGHT),
        (VALUE_P, "-4", Reason.SIGN),
        (VALUE_P, "3", Reason.WEIGHTS_FORGOTTEN),  # 1 + 2, and 2 + 1
        (VALUE_P, "2", Reason.TERM_MISSING),
        (VALUE_P, "3.7", Reason.CHANGED_WEIGHT),  # 1.94·1 + 0.88·2
        # Q = w₃·P = 2·4 = 8
        (VALUE_Q, "8", Reason.RIGHT),
        (VALUE_Q, "6", Reason.ADDED),
        (VALUE_Q, "4", Reason.WEIGHTS_FORGOTTEN),
        (VALUE_Q, "2", Reason.WEIGHTS_FORGOTTEN),
        (VALUE_Q, "7.52", Reason.CHANGED_WEIGHT),  # 1.88·4
        (Asked("term", W2, P), "2", Reason.RIGHT),
        (Asked("term", W2, P), "1", Reason.FACTOR_MISSING),
        (Asked("term", W2, P), "3", Reason.ADDED),
        # L = ½(8 − 5)² = 9/2
        (LOSS, "9/2", Reason.RIGHT),
        (LOSS, "9", Reason.HALF_FORGOTTEN),
        (LOSS, "3", Reason.SQUARE_FORGOTTEN),
        (LOSS, "1.5", Reason.SQUARE_FORGOTTEN),
        (LOSS, "2.25", Reason.HALF_TOO_MANY),  # (½·3)²
        (LOSS, "-4.5", Reason.SIGN),
        (LOSS, "84.5", Reason.ADDED),  # ½(8 + 5)²
        # ∂L/∂L = 1
        (Asked("share"), "1", Reason.RIGHT),
        (Asked("share"), "4.5", Reason.VALUE_FOR_SLOPE),
        # ∂L/∂Q = Q − C = 3
        (Asked("local", Q), "3", Reason.RIGHT),
        (Asked("local", Q), "-3", Reason.SIGN),
        (Asked("local", Q), "6", Reason.HALF_FORGOTTEN),
        (Asked("local", Q), "4.5", Reason.VALUE_FOR_SLOPE),
        # ∂Q/∂P = w₃ = 2
        (Asked("local", P, Q), "2", Reason.RIGHT),
        (Asked("local", P, Q), "3", Reason.UPSTREAM_ONLY),
        (Asked("local", P, Q), "8", Reason.VALUE_FOR_SLOPE),
        (Asked("local", P, Q), "4", Reason.VALUE_FOR_SLOPE),
        (Asked("local", P, Q), "6", Reason.PATH_TOO_MANY),
        # ∂L/∂P = 3·2 = 6
        (Asked("passed", P, Q), "6", Reason.RIGHT),
        (Asked("passed", P, Q), "2", Reason.LOCAL_ONLY),
        (Asked("passed", P, Q), "3", Reason.UPSTREAM_ONLY),
        (Asked("passed", P, Q), "5", Reason.ADDED),
        (Asked("passed", P, Q), "5.64", Reason.CHANGED_WEIGHT),  # 3·1.88
        (ARRIVING_P, "6", Reason.RIGHT),
        (ARRIVING_P, "2", Reason.LOCAL_ONLY),
        (ARRIVING_P, "5.64", Reason.CHANGED_WEIGHT),
        # ∂L/∂w₃ = 3·4 = 12, and its path skips P
        (Asked("passed", W3, Q), "12", Reason.RIGHT),
        (Asked("passed", W3, Q), "24", Reason.PATH_TOO_MANY),
        (Asked("gradient", W3), "24", Reason.PATH_TOO_MANY),
        (Asked("gradient", W2), "2", Reason.LOCAL_ONLY),
        (Asked("gradient", W1), "5.64", Reason.CHANGED_WEIGHT),
        # w₁ − 0.01·6 = 1.94
        (Asked("new", W1), "1.94", Reason.RIGHT),
        (Asked("new", W1), "2.06", Reason.SIGN),
        (Asked("new", W1), "1.9436", Reason.CHANGED_WEIGHT),
        (Asked("new", W1), "-4", Reason.RATE_FORGOTTEN),
        (Asked("new", W1), "8", Reason.RATE_FORGOTTEN),
        (Asked("new", W1), "2", Reason.NOT_MOVED),
        (Asked("new", W1), "1.88", Reason.OTHER_GRADIENT),  # 2 − 0.01·12
        (Asked("new", W1), "-0.06", Reason.STEP_ONLY),
        (Asked("step", W1), "-0.06", Reason.RIGHT),
        (Asked("step", W1), "0.06", Reason.SIGN),
        (Asked("step", W1), "-6", Reason.RATE_FORGOTTEN),
        (Asked("step", W1), "6", Reason.RATE_FORGOTTEN),
        (Asked("step", W1), "1.94", Reason.NOT_MOVED),
        (Asked("step", W1), "-0.0564", Reason.CHANGED_WEIGHT),
        (Asked("step", W1), "-0.12", Reason.OTHER_GRADIENT),
    ],
    ids=lambda one: one if isinstance(one, str) else one.sort if isinstance(one, Asked) else one.value,
)
def test_that_each_mistake_with_the_lecture_is_told(asked: Asked, typed: str, expected: Reason) -> None:
    assert reason(asked, typed) is expected


@pytest.mark.parametrize(
    ("asked", "typed", "expected"),
    [
        # P = 2·3 + (−1)·(−4) = 10, Q = ½·10 = 5, L = ½(5 − 7)² = 2
        (VALUE_P, "10", Reason.RIGHT),
        (VALUE_P, "2", Reason.SIGN),  # 6 − 4
        (VALUE_P, "6", Reason.TERM_MISSING),
        (VALUE_P, "-1", Reason.WEIGHTS_FORGOTTEN),
        (VALUE_P, "24", Reason.MULTIPLIED),
        (VALUE_Q, "10.5", Reason.ADDED),
        (LOSS, "2", Reason.RIGHT),
        (LOSS, "4", Reason.HALF_FORGOTTEN),
        (LOSS, "-2", Reason.SQUARE_FORGOTTEN),
        (LOSS, "72", Reason.ADDED),
        (Asked("local", Q), "-2", Reason.RIGHT),
        (Asked("local", Q), "2", Reason.SIGN),
        (Asked("passed", P, Q), "-1", Reason.RIGHT),
        (Asked("passed", P, Q), "1/2", Reason.LOCAL_ONLY),
        (Asked("passed", P, Q), "-2", Reason.UPSTREAM_ONLY),
        (Asked("passed", W3, Q), "-20", Reason.RIGHT),
        (Asked("passed", W3, Q), "-10", Reason.PATH_TOO_MANY),
        (Asked("gradient", W2), "4", Reason.RIGHT),
        (Asked("gradient", W2), "-4", Reason.SIGN),
        (Asked("new", W2), "-1.04", Reason.RIGHT),
        (Asked("new", W2), "-0.96", Reason.SIGN),
        (Asked("new", W3), "0.7", Reason.RIGHT),
    ],
    ids=lambda one: one if isinstance(one, str) else one.sort if isinstance(one, Asked) else one.value,
)
def test_that_the_second_row_tells_mistakes_apart_that_ones_and_twos_hide(
    asked: Asked, typed: str, expected: Reason
) -> None:
    assert reason(asked, typed, SECOND) is expected


def test_that_a_bias_is_told_from_a_sum_without_one() -> None:
    done = pass_of(layered([2, 1]), rows=1)
    done.trace.parameters["out.bias"].value[0] = 0.5
    done.trace.values["out"][0, 0] += 0.5
    question, whole = about(done, Asked("value", ("out", 0)), 0, Symbols(done.program)), done.trace.values["out"][0, 0]
    assert judge(question, repr(float(whole))).right
    assert judge(question, repr(float(whole - 0.5))).reason is Reason.BIAS_FORGOTTEN
    assert judge(question, repr(float(whole - 1.0))).reason is Reason.BIAS_FORGOTTEN


def test_that_joins_and_functions_have_their_mistakes() -> None:
    done = pass_of(layered([2, 3, 1], loss="binary_cross_entropy"), rows=1)
    done.trace.targets[:] = 1.0
    symbols = Symbols(done.program)
    z, a = (float(done.trace.values[name][0, 2]) for name in ("h1", "a1"))
    value = about(done, Asked("value", ("a1", 2)), 0, symbols)
    assert judge(value, repr(a)).right
    assert judge(value, repr(z)).reason is Reason.FUNCTION_FORGOTTEN
    assert judge(value, repr(1.0 - a * a)).reason is Reason.VALUE_FOR_SLOPE
    out = float(done.trace.values["out"][0, 0])
    p = 1.0 / (1.0 + math.exp(-out))
    loss = about(done, Asked("loss"), 0, symbols)
    assert judge(loss, repr(-math.log(p))).right
    assert judge(loss, repr(-math.log(1.0 - p))).reason is Reason.OTHER_ANSWER
    assert judge(loss, repr(-math.log10(p))).reason is Reason.OTHER_BASE
    assert judge(loss, repr(p)).reason is Reason.FUNCTION_FORGOTTEN
    assert judge(loss, repr(math.log(p))).reason is Reason.SIGN
    chance = about(done, Asked("probability", ("out", 0)), 0, symbols)
    assert judge(chance, repr(p)).right
    assert judge(chance, repr(1.0 - p)).reason is Reason.OTHER_ANSWER
    assert judge(chance, repr(out)).reason is Reason.FUNCTION_FORGOTTEN


def test_that_where_ways_join_one_alone_is_not_enough() -> None:
    done = pass_of(layered([2, 2, 3, 1]), rows=1)
    symbols, here = Symbols(done.program), ("a1", 0)
    parts = [right_value(done, Asked("passed", here, ("h2", unit)), 0, symbols) for unit in range(3)]
    question = about(done, Asked("arriving", here), 0, symbols)
    assert judge(question, repr(math.fsum(parts))).right
    assert judge(question, repr(parts[1])).reason is Reason.PATH_MISSING
    assert judge(question, repr(parts[0] + parts[1])).reason is Reason.PATH_MISSING
    a = float(done.trace.values["a1"][0, 0])
    through = Asked("arriving", ("a1", 0))
    slope = right_value(done, Asked("local", ("h1", 0), ("a1", 0)), 0, symbols)
    assert slope == pytest.approx(1.0 - a * a)
    own = about(done, Asked("arriving", ("h2", 0)), 0, symbols)
    assert judge(own, repr(own.right / right_value(done, Asked("local", ("h2", 0), ("a2", 0)), 0, symbols))).reason in (
        Reason.UPSTREAM_ONLY,
    )
    assert judge(about(done, through, 0, symbols), repr(question.right * slope)).reason is Reason.PATH_TOO_MANY


def test_that_a_batch_asks_for_means_and_shares() -> None:
    done = pass_of(layered([2, 1]), rows=4)
    symbols, weight = Symbols(done.program), ("out.weight", (0, 0))
    share = about(done, Asked("share"), 1, symbols)
    assert judge(share, "1/4").right
    assert judge(share, "1").reason is Reason.NOT_AVERAGED
    assert judge(share, "4").reason is Reason.NOT_AVERAGED
    gradient = about(done, Asked("gradient", weight), 1, symbols)
    alone = 4.0 * right_value(done, Asked("passed", weight, ("out", 0)), 1, symbols)
    assert judge(gradient, repr(alone)).reason is Reason.PATH_MISSING
    assert judge(gradient, repr(4.0 * gradient.right)).reason is Reason.NOT_AVERAGED
    loss = about(done, Asked("loss"), 1, symbols)
    assert judge(loss, repr(done.trace.loss)).reason is Reason.NOT_AVERAGED


def test_that_other_optimizers_and_penalties_have_their_own_mistakes() -> None:
    done = pass_of(layered([2, 1]), rows=1, optimizer="adam", learning_rate=0.1, l2=0.5)
    symbols, weight = Symbols(done.program), ("out.weight", (0, 0))
    held = done.trace.parameters["out.weight"]
    old, received = float(held.value[0, 0]), float(held.gradient[0, 0])
    new = about(done, Asked("new", weight), 0, symbols)
    assert judge(new, repr(old - 0.1 * received)).reason is Reason.OPTIMIZER_FORGOTTEN
    gradient = about(done, Asked("gradient", weight), 0, symbols)
    assert judge(gradient, repr(received)).right
    without = received - float(held.penalty_gradient[0, 0])
    assert judge(gradient, repr(without)).reason is Reason.PENALTY_FORGOTTEN


# --- always -----------------------------------------------------------------------------------------


@given(cases().filter(lambda case: case.program.size <= 200))
@settings(max_examples=60, deadline=None)
def test_that_no_right_answer_is_refused_and_no_mistake_is_right(case: Case) -> None:
    x, y = (array[:3] for array in case.data())
    done = make_pass(case.program, case.state(), x, y, case.hyper)
    assume(not done.diverged)
    symbols, row = Symbols(done.program), case.seed % len(x)
    numbers = list(every_number(done, row, symbols))
    for asked in numbers[case.seed % 7 :: max(1, len(numbers) // 40)]:
        if not can_be_asked(done, asked, row, symbols):
            continue
        question = about(done, asked, row, symbols)
        right = right_value(done, asked, row, symbols)
        assert question.right == pytest.approx(right, rel=1e-9, abs=1e-12), asked
        assert symbol_of(asked, symbols).text
        for written in (repr(right), exact(right), rounded(right), f"{right:.4g}"):
            # A digit more is wanted of −1.0003 where −1 was typed, and where a weight has hardly moved.
            whole = "." not in written and "/" not in written
            near = (Reason.RIGHT, Reason.COARSE) if whole or asked.sort == "new" else (Reason.RIGHT,)
            assert judge(question, written).reason in near, (asked, written, right)
        found = question.told_apart
        assert len({suspect.value for suspect in found}) == len(found)
        for suspect in found:
            told = judge(question, f"{suspect.value:.16e}")
            assert not told.right, (asked, suspect)
            assert told.sentence == suspect.sentence or math.isclose(told.guess, suspect.value, rel_tol=1e-9)
            assert told.reason is not Reason.NONE, (asked, suspect)


@pytest.mark.parametrize("rows", [1, 3])
def test_that_what_is_the_same_number_is_covered_with_it(rows: int) -> None:
    """In a network of arbitrary numbers only what is the same by its making is the same number."""
    program = layered([2, 3, 2, 1])
    done = pass_of(program, rows=rows)
    symbols = Symbols(program)
    numbers = list(every_number(done, 0, symbols))
    values = {asked: right_value(done, asked, 0, symbols) for asked in numbers}
    for asked, value in values.items():
        if asked.sort == "local" or value in (0.0, 1.0):
            continue
        covered = covering(done, asked, 0, symbols)
        alike = {other for other, its in values.items() if math.isclose(its, value, rel_tol=1e-12)} - covered
        biased = {Asked("arriving", top) for top in _biased(asked)}
        alike -= biased | {Asked(sort, one.bottom, top) for one in biased for sort, top in _above(one)}
        assert not alike, (asked, alike)


def _biased(asked: Asked) -> Iterator[tuple[str, int]]:
    """Of a bias, whose slope is 1, the gradient is what arrives: that is what it is worked out from."""
    if asked.bottom is not None and str(asked.bottom[0]).endswith(".bias"):
        name, index = asked.bottom
        yield str(name).removesuffix(".bias"), index[0]  # type: ignore[index]


def _above(asked: Asked) -> Iterator[tuple[Sort, tuple[str, int] | None]]:
    """What is the same as a gradient that arrives, in the network of that test."""
    name, unit = asked.bottom  # type: ignore[misc]
    top = {"h1": ("a1", unit), "h2": ("a2", unit), "out": None}[name]  # type: ignore[index]
    yield "passed", top
    if top is None:
        yield "local", top


def test_that_what_an_answer_is_worked_out_from_stays_open() -> None:
    done = lecture_pass()
    symbols = lecture_symbols(done.program)

    def covered(asked: Asked) -> frozenset[Asked]:
        return covering(done, asked, 0, symbols)

    assert VALUE_P not in covered(VALUE_Q)
    assert VALUE_P not in covered(Asked("local", W3, Q))
    assert Asked("local", W3, Q) in covered(VALUE_P), "∂Q/∂w₃ is P"
    assert ARRIVING_Q not in covered(Asked("passed", P, Q))
    assert ARRIVING_P in covered(Asked("passed", P, Q)), "nothing else adds to it"
    assert Asked("passed", P, Q) in covered(Asked("local", P, Q)), "divided by what arrives it is the slope"
    assert ARRIVING_Q in covered(Asked("local", Q)), "of one row the slope of the loss is what arrives"
    assert Asked("gradient", W1) in covered(Asked("passed", W1, P))
    assert {Asked("step", W1), Asked("new", W1)} <= covered(Asked("gradient", W1))
    assert covered(Asked("new", W1)) == {Asked("step", W1), Asked("new", W1)}
    assert Asked("gradient", W1) not in covered(Asked("new", W1))


def test_that_nothing_is_asked_before_it_is_reached() -> None:
    done = lecture_pass()
    symbols = lecture_symbols(done.program)
    assert not can_be_asked(done, Asked("value", ("in", 0)), 0, symbols), "what is given is given"
    reached = {}
    for count in range(len(done.steps) + 1):
        known = done.known(count)
        for asked in every_number(done, 0, symbols):
            if is_reached(done, asked, known):
                reached.setdefault(asked, count)
    assert reached[VALUE_P] == 1
    assert reached[VALUE_Q] == 2
    assert reached[LOSS] == 3
    assert reached[Asked("local", Q)] == reached[ARRIVING_Q] == 4
    assert reached[Asked("local", P, Q)] == reached[ARRIVING_P] == 5
    assert reached[Asked("passed", W1, P)] == reached[Asked("gradient", W1)] == 6
    assert reached[Asked("new", W1)] == len(done.steps)
    assert set(reached) == set(every_number(done, 0, symbols))
