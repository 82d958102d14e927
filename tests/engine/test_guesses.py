"""Guesses judged: the lessons' numbers and the explanations of wrong ones."""

from __future__ import annotations

import pytest
from lectures import SECOND, W1, W2, W3, layered, lecture_pass, lecture_symbols, pass_of

from playground.engine.ask import Question, Reason, Suspect, judge, read
from playground.engine.asked import Asked
from playground.engine.derivation import derive
from playground.engine.questions import about_factor, about_gradient
from playground.engine.step_questions import about, about_update
from playground.engine.symbols import Symbols
from playground.engine.value_questions import about_loss, about_value
from playground.messages import UserError, message


def reason(question: Question, typed: str) -> Reason:
    return judge(question, typed).reason


def gradient_of(number: tuple[str, tuple[int, ...]], *row: tuple[float, ...]) -> Question:
    done = lecture_pass(*row)
    return about_gradient(derive(done, *number, 0, lecture_symbols(done.program)))


def test_that_the_lessons_wrong_gradients_are_explained() -> None:
    assert reason(gradient_of(W1), "6") is Reason.RIGHT
    assert reason(gradient_of(W1), "-6") is Reason.SIGN
    assert reason(gradient_of(W2), "2") is Reason.LOCAL_ONLY
    assert "6" in str(judge(gradient_of(W2), "2").sentence)
    assert reason(gradient_of(W3), "24") is Reason.PATH_TOO_MANY
    assert reason(gradient_of(W3), "3") is Reason.UPSTREAM_ONLY
    assert reason(gradient_of(W1, *SECOND), "3") is Reason.SIGN
    assert reason(gradient_of(W1, *SECOND), "−3") is Reason.RIGHT
    assert reason(gradient_of(W1), "100") is Reason.NONE


def test_that_the_lessons_wrong_new_weights_are_explained() -> None:
    done = lecture_pass()
    question = about_update(done, *W1, lecture_symbols(done.program))
    assert reason(question, "1.94") is Reason.RIGHT
    assert reason(question, "2.06") is Reason.SIGN
    assert reason(question, "1.9436") is Reason.CHANGED_WEIGHT
    assert reason(question, "2") is Reason.NOT_MOVED
    assert reason(question, "-4") is Reason.RATE_FORGOTTEN
    assert reason(question, "0.06") is Reason.STEP_ONLY


def test_that_wrong_losses_are_explained() -> None:
    done = lecture_pass()
    question = about_loss(done, 0, lecture_symbols(done.program))
    assert reason(question, "9/2") is Reason.RIGHT
    assert reason(question, "4,5") is Reason.RIGHT
    assert reason(question, "9") is Reason.HALF_FORGOTTEN
    assert reason(question, "−4.5") is Reason.SIGN
    assert reason(question, "3") is Reason.SQUARE_FORGOTTEN


def test_that_wrong_factors_are_explained() -> None:
    done = lecture_pass()
    derivation = derive(done, *W1, 0, lecture_symbols(done.program))
    first, second, _ = derivation.paths[0].factors
    assert reason(about_factor(derivation, first), "3") is Reason.RIGHT
    assert reason(about_factor(derivation, first), "-3") is Reason.SIGN
    assert reason(about_factor(derivation, first), "6") is Reason.HALF_FORGOTTEN
    assert reason(about_factor(derivation, second), "4") is Reason.VALUE_FOR_SLOPE
    arriving = about(done, Asked("arriving", ("P", 0)), 0, lecture_symbols(done.program))
    assert arriving.asked == "∂L/∂P"
    assert reason(arriving, "6") is Reason.RIGHT
    assert reason(arriving, "2") is Reason.LOCAL_ONLY
    assert "3" in str(judge(arriving, "2").sentence)


def test_that_wrong_values_are_explained() -> None:
    done = pass_of(layered([2, 3, 1]), rows=1, learning_rate=0.5)
    symbols = Symbols(done.program)
    dense, tanh, _ = done.program.instructions
    z, a = float(done.trace.values["h1"][0, 1]), float(done.trace.values["a1"][0, 1])
    assert reason(about_value(done, tanh, 1, 0, symbols), repr(a)) is Reason.RIGHT
    assert reason(about_value(done, tanh, 1, 0, symbols), repr(z)) is Reason.FUNCTION_FORGOTTEN
    assert reason(about_value(done, tanh, 1, 0, symbols), repr(1.0 - a * a)) is Reason.VALUE_FOR_SLOPE
    x = done.x[0]
    new = float(x @ done.new["h1.weight"][:, 1] + done.new["h1.bias"][1])
    assert reason(about_value(done, dense, 1, 0, symbols), repr(new)) is Reason.CHANGED_WEIGHT


def test_that_a_sum_over_the_rows_is_told_from_their_mean() -> None:
    done = pass_of(layered([2, 1]), rows=4, l2=0.1)
    symbols = Symbols(done.program)
    question = about_gradient(derive(done, "out.weight", (0, 0), 0, symbols))
    assert reason(question, repr(4.0 * question.right)) is Reason.NOT_AVERAGED
    update = about_update(done, "out.weight", (0, 0), symbols)
    without = 0.03 * 0.1 * float(done.trace.parameters["out.weight"].value[0, 0])
    assert reason(update, repr(update.right + without)) is Reason.PENALTY_FORGOTTEN


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0.33", Reason.RIGHT),
        ("1/3", Reason.RIGHT),
        ("0.3333", Reason.RIGHT),
        ("0.3", Reason.COARSE),
        ("0.34", Reason.NONE),
        ("0", Reason.NONE),
    ],
)
def test_that_digits_typed_are_the_digits_compared(typed: str, expected: Reason) -> None:
    assert reason(Question("w", 1.0 / 3.0), typed) is expected


def test_that_a_mistake_with_the_right_result_is_no_mistake() -> None:
    question = Question("w", 2.0, (Suspect(Reason.SIGN, 2.0, message("The size is right, the sign is not.")),))
    assert question.told_apart == ()
    assert reason(question, "2") is Reason.RIGHT


@pytest.mark.parametrize("typed", ["", "two", "1/0", "1/2/3", "nan", "inf", "1e999"])
def test_that_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(UserError):
        read(typed)


def test_that_what_could_be_the_old_value_or_the_new_one_needs_a_digit_more() -> None:
    done = lecture_pass(learning_rate=0.001)
    question = about_update(done, *W1, lecture_symbols(done.program))
    assert question.right == pytest.approx(1.994)
    assert reason(question, "2") is Reason.NOT_MOVED
    assert reason(question, "2.0") is Reason.COARSE
    assert reason(question, "1.99") is reason(question, "1.994") is Reason.RIGHT


def test_that_a_whole_number_that_was_rounded_needs_a_digit_more() -> None:
    question = Question("w", 1.0003, (Suspect(Reason.VALUE_FOR_SLOPE, 1.0, message("The size is right")),))
    assert reason(question, "1") is Reason.COARSE
    assert reason(question, "1.000") is Reason.RIGHT
    assert reason(Question("w", 6.4), "6") is Reason.NONE
