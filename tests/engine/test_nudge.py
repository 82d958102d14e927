"""A number moved a little: what follows, and what the slopes predicted of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lectures import lecture_program, lecture_rows, lecture_state
from native.random_programs import Case, cases

from playground.engine.nudge import nudge
from playground.engine.optimizers import Hyper, penalty, weight_mask
from playground.engine.walk import Walk


def test_that_a_nudge_of_w1_ripples_as_in_the_lesson() -> None:
    values = lecture_state().values
    found = nudge(lecture_program(), values, *lecture_rows(), "P.weight", (0, 0))
    assert found.loss_before == 4.5
    assert found.loss_after == pytest.approx(4.5602, abs=1e-12)
    assert found.loss_predicted == pytest.approx(0.06, abs=1e-15)
    assert found.change("P")[0, 0] == pytest.approx(0.01, abs=1e-14)
    assert found.predicted["P"][0, 0] == pytest.approx(0.01)
    assert found.predicted["Q"][0, 0] == pytest.approx(0.02)
    assert values.tolist() == [2.0, 1.0, 2.0]


def test_that_a_nudge_leaves_what_does_not_depend_on_it() -> None:
    found = nudge(lecture_program(), lecture_state().values, *lecture_rows(), "Q.weight", (0, 0))
    assert (found.change("P") == 0.0).all()
    assert (found.predicted["P"] == 0.0).all()
    assert found.predicted["Q"][0, 0] == pytest.approx(0.04)


def test_that_the_penalty_moves_with_its_weight_and_is_told_apart() -> None:
    hyper = Hyper(l1=0.1, l2=0.5)
    program, values = lecture_program(), lecture_state().values
    found = nudge(program, values, *lecture_rows(), "P.weight", (0, 0), 0.01, hyper)
    assert found.penalty_before == penalty(values, weight_mask(program), hyper)
    assert found.penalty_predicted == pytest.approx(0.01 * (0.1 + 0.5 * 2.0))
    assert found.penalty_after - found.penalty_before == pytest.approx(found.penalty_predicted, rel=1e-2)


@given(cases().filter(lambda case: case.program.size > 0), st.data())
@settings(max_examples=100, deadline=None)
def test_that_the_predicted_loss_is_the_gradient_times_the_nudge(case: Case, data: st.DataObject) -> None:
    """Forward and backward mode are two ways to one number."""
    x, y = (array[:4] for array in case.data())
    parameter = data.draw(st.sampled_from(case.program.parameters))
    index = tuple(data.draw(st.integers(0, n - 1)) for n in parameter.shape)
    values = case.state().values
    walk = Walk(case.program, values.copy())
    walk.backward(walk.forward(x), y)
    found = nudge(case.program, values, x, y, parameter.name, index, 0.5)
    expected = 0.5 * float(walk.gradients[parameter.name][index])
    scale = float(np.abs(found.losses_predicted).mean())
    assert found.loss_predicted == pytest.approx(expected, rel=1e-9, abs=1e-10 * max(scale, 1e-3))


@given(cases().filter(lambda case: case.program.size > 0), st.data())
@settings(max_examples=60, deadline=None)
def test_that_small_nudges_move_every_value_as_predicted(case: Case, data: st.DataObject) -> None:
    """Central difference against the slopes, buffer by buffer, where no corner lies between."""
    x = case.data()[0][:2]
    y = case.data()[1][:2]
    parameter = data.draw(st.sampled_from(case.program.parameters))
    index = tuple(data.draw(st.integers(0, n - 1)) for n in parameter.shape)
    values, step = case.state().values, 1e-5
    up = nudge(case.program, values, x, y, parameter.name, index, step)
    down = nudge(case.program, values, x, y, parameter.name, index, -step)
    kinked = {one.inputs[0] for one in case.program.instructions if one.op in ("relu", "leaky_relu", "elu")}
    if any(((up.after[name] > 0.0) != (down.after[name] > 0.0)).any() for name in kinked):
        return
    for name, predicted in up.predicted.items():
        measured = (up.after[name] - down.after[name]) / 2.0
        size = max(1.0, float(np.abs(up.before[name]).max()), float(np.abs(predicted).max()) / step)
        np.testing.assert_allclose(measured, predicted, rtol=1e-3, atol=1e-12 * size)


def test_that_an_unknown_number_is_refused() -> None:
    with pytest.raises(KeyError):
        nudge(lecture_program(), lecture_state().values, *lecture_rows(), "R.weight", (0, 0))
