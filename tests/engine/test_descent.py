"""Descent, seen, and guesses judged: the lessons' numbers and the explanations of wrong ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from lectures import (
    SECOND,
    W1,
    W2,
    W3,
    layered,
    lecture_pass,
    lecture_program,
    lecture_rows,
    lecture_state,
    lecture_symbols,
    pass_of,
)
from native.random_programs import Case, cases

from playground.engine.ask import Question, Reason, Suspect, judge, read
from playground.engine.derivation import derive
from playground.engine.descent import Terrain, full_step, handed_to, plane_along, slice_along, trail
from playground.engine.optimizers import Hyper
from playground.engine.questions import (
    about_arriving,
    about_factor,
    about_gradient,
    about_loss,
    about_update,
    about_value,
)
from playground.engine.symbols import Symbols
from playground.messages import UserError, message


def terrain(rate: float = 0.01, **settings: float) -> Terrain:
    return Terrain(lecture_program(), *lecture_rows(), Hyper(learning_rate=rate, **settings))


def test_that_a_rate_of_a_tenth_overshoots() -> None:
    step = full_step(terrain(0.1), lecture_state())
    assert (step.height_before, step.height_after) == (4.5, pytest.approx(8.82, abs=1e-12))
    assert step.overshoots


def test_that_the_lecture_descends_at_its_own_rate() -> None:
    ground, state, heights = terrain(), lecture_state(), [4.5]
    for _ in range(3):
        state = ground.updated(state)
        heights.append(ground.height(state.values))
    assert [round(height, 2) for height in heights] == [4.5, 1.91, 0.92, 0.47]


def test_that_the_slice_lands_elsewhere_than_the_full_step() -> None:
    """Along w1 alone η = 0.1 leads down; it is all three together that jump the valley."""
    along = slice_along(terrain(0.1), lecture_state(), W1)
    assert (along.at, along.height, along.slope) == (2.0, 4.5, 6.0)
    assert along.lands == pytest.approx(1.4)
    assert along.lands_height == pytest.approx(0.5 * (2 * (1.4 + 2) - 5) ** 2)
    assert along.tangent(along.lands) == pytest.approx(4.5 - 0.6 * 6)
    assert along.places[0] < along.lands < along.at < along.places[-1]
    np.testing.assert_allclose(along.heights, 0.5 * (2 * (along.places + 2) - 5) ** 2, atol=1e-12)


def test_that_a_rate_can_be_tried_without_being_set() -> None:
    ground = terrain(0.01)
    assert full_step(ground, lecture_state(), rate=0.1).height_after == pytest.approx(8.82)
    assert slice_along(ground, lecture_state(), W1, rate=0.1).lands == pytest.approx(1.4)
    assert full_step(ground, lecture_state()).height_after < 4.5


def test_that_a_plane_goes_through_its_slices() -> None:
    ground, state = terrain(0.01), lecture_state()
    plane = plane_along(ground, state, (W1, W3), spans=((0.0, 4.0), (0.0, 4.0)), points=5)
    assert plane.heights[2, 2] == plane.height == 4.5
    assert plane.slopes == (6.0, 12.0)
    w1 = slice_along(ground, state, W1, span=(0.0, 4.0), points=5)
    assert plane.heights[2].tolist() == w1.heights.tolist()
    stopped = plane_along(ground, state, (W1, W3), points=5, stop=lambda: True)
    assert np.isnan(stopped.heights).all()


def test_that_the_trail_holds_places_and_heights() -> None:
    ground, state = terrain(), lecture_state()
    vectors = [state.values, ground.updated(state).values]
    found = trail(ground, vectors, (W1,))
    assert found.shape == (2, 2)
    np.testing.assert_allclose(found, [[2.0, 4.5], [1.94, 1.912968]], atol=1e-6)
    assert trail(ground, [], (W1, W2)).shape == (0, 3)


def test_that_one_gradient_makes_two_different_steps() -> None:
    sgd, adam = handed_to(terrain(), lecture_state(), (Hyper(learning_rate=0.01), Hyper("adam", 0.01)))
    np.testing.assert_allclose(sgd, [-0.06, -0.12, -0.12], rtol=1e-12)
    np.testing.assert_allclose(adam, [-0.01, -0.01, -0.01], rtol=1e-6)


def test_that_the_penalty_is_part_of_the_height() -> None:
    ground = terrain(0.01, l2=0.2)
    assert ground.height(lecture_state().values) == pytest.approx(4.5 + 0.1 * 9.0)
    assert slice_along(ground, lecture_state(), W1).slope == pytest.approx(6.0 + 0.2 * 2.0)


@given(cases().filter(lambda case: case.program.size > 0))
@settings(max_examples=40, deadline=None)
def test_that_the_slope_of_a_slice_is_that_of_its_curve(case: Case) -> None:
    x, y = (array[:3] for array in case.data())
    ground, state = Terrain(case.program, x, y, case.hyper), case.state()
    place = case.seed % case.program.size
    parameter = next(p for p in case.program.parameters if place < case.program.slices[p.name].stop)
    inside = place - case.program.slices[parameter.name].start
    index = tuple(int(k) for k in np.unravel_index(inside, parameter.shape))
    at = float(state.values[place])
    near = slice_along(ground, state, (parameter.name, index), span=(at - 1e-5, at + 1e-5), points=3)
    left, right = near.height - near.heights[0], near.heights[2] - near.height
    scale = max(1.0, abs(near.height))
    low, high = sorted((left / 1e-5, right / 1e-5))
    # At corners of several rows the two sides differ, and the slope, 0 where a ReLU's input is, may be neither.
    assume(high - low <= 1e-2 * max(scale, abs(low)))
    assert low - 2e-3 * scale - 1e-3 * abs(low) <= near.slope <= high + 2e-3 * scale + 1e-3 * abs(high)


# --- guesses ----------------------------------------------------------------------------------------


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
    assert reason(question, "3") is Reason.FUNCTION_FORGOTTEN


def test_that_wrong_factors_are_explained() -> None:
    done = lecture_pass()
    derivation = derive(done, *W1, 0, lecture_symbols(done.program))
    first, second, _ = derivation.paths[0].factors
    assert reason(about_factor(derivation, first), "3") is Reason.RIGHT
    assert reason(about_factor(derivation, first), "-3") is Reason.SIGN
    assert reason(about_factor(derivation, first), "6") is Reason.HALF_FORGOTTEN
    assert reason(about_factor(derivation, second), "4") is Reason.VALUE_FOR_SLOPE
    arriving = about_arriving(derivation, ("P", 0))
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
