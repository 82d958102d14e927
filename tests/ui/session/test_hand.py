"""Numbers set by hand: seen at once, one undo step each, put back as they were, whatever came since."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from watching import Reader, two_four_one

from playground.document import edits
from playground.document.model import Document
from playground.engine.walk import Walk
from playground.formats.project import read_project_file, state_from_project, write_project_file
from playground.training import orders
from playground.ui.hand import LARGEST
from playground.ui.translation import set_language

WEIGHT, BIAS = ("h1.weight", (1, 2)), ("out.bias", (0,))
PLANE = np.array([[0.5, 0.5], [-0.5, 0.5], [0.0, 0.0]])
Place = tuple[str, tuple[int, ...]]


def seen(xor: Reader, place: Place = WEIGHT) -> float:
    """The number in the last snapshot."""
    snapshot = xor.session.snapshot
    assert snapshot is not None
    return float(snapshot.plan.program.views(snapshot.values)[place[0]][place[1]])


def held(xor: Reader, place: Place = WEIGHT) -> float:
    """The number that the trainer has, after all that was told."""
    return float(xor.weights()[place[0]][place[1]])


def others(xor: Reader, place: Place = WEIGHT) -> dict[str, np.ndarray]:
    """All other numbers."""
    found = xor.weights()
    found[place[0]][place[1]] = 0.0
    return found


def assert_same(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> None:
    assert one.keys() == other.keys()
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name], err_msg=name)


def units(count: int) -> Callable[[Document], Document]:
    return lambda document: edits.set_field(document, "h1", "units", count)


# --- what it does ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [WEIGHT, BIAS])
def test_that_a_number_is_seen_at_once_in_plane_maps_and_gradient_while_nothing_trains(
    xor: Reader, place: Place
) -> None:
    session = xor.session
    xor.train_a_while()
    session.set_plane(PLANE, PLANE[:2])
    session.show_maps(("h1", "out"))
    xor.until(lambda: len(session.snapshot.maps) == 2)
    before, rest = session.snapshot, others(xor, place)
    assert session.set_parameter(*place, 2.5)
    xor.until(lambda: seen(xor, place) == 2.5)
    snapshot = session.snapshot
    assert not snapshot.running
    assert snapshot.updates == before.updates
    assert_same(others(xor, place), rest)
    walk = Walk(snapshot.plan.program, snapshot.values)
    buffers = walk.forward(PLANE)
    np.testing.assert_allclose(snapshot.maps["h1"], buffers["h1"][:2].T, atol=1e-6)
    np.testing.assert_allclose(snapshot.plane, 1.0 / (1.0 + np.exp(-buffers["out"])), atol=1e-6)
    assert not np.array_equal(snapshot.plane, before.plane)
    data = snapshot.plan.dataset
    walk.backward(walk.forward(data.x_train), data.y_train)
    np.testing.assert_array_equal(snapshot.gradient, walk.gradient)
    assert snapshot.figures.train_loss != before.figures.train_loss


def test_that_velocity_and_counters_are_left_as_they_were(reader: Reader) -> None:
    reader.open(two_four_one(momentum=0.9))
    reader.train_a_while()
    before = reader.state()
    reader.session.set_parameter(*WEIGHT, -0.75)
    after = reader.state()
    assert before.slots["velocity"].any()
    np.testing.assert_array_equal(after.slots["velocity"], before.slots["velocity"])
    assert (after.steps, after.updates, after.epoch, after.batch) == (
        before.steps, before.updates, before.epoch, before.batch,
    )  # fmt: skip


def test_that_training_goes_on_from_it(xor: Reader) -> None:
    session = xor.session
    session.train()
    xor.until(lambda: session.snapshot.updates > 20)
    session.set_parameter(*WEIGHT, 500.0)
    updates = xor.state().updates
    xor.until(lambda: session.snapshot.updates > updates + 20)
    assert session.running
    assert held(xor) == pytest.approx(500.0, abs=50.0), "it is trained on, and not forgotten"
    assert xor.said == []


def test_that_a_saved_project_holds_the_number(xor: Reader, tmp_path: Path) -> None:
    session, path = xor.session, tmp_path / "edited.json"
    xor.train_a_while()
    session.set_parameter(*WEIGHT, 0.123456789)
    plan, state = xor.capture()
    write_project_file(path, session.document, plan.program, state)
    project = read_project_file(path)
    again = state_from_project(project, plan.program)
    assert again is not None
    np.testing.assert_array_equal(again.values, state.values)
    xor.open(project.document, again)
    assert held(xor) == 0.123456789


# --- undo ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [WEIGHT, BIAS])
def test_that_undo_puts_back_the_number_that_was_there_and_redo_the_new_one(xor: Reader, place: Place) -> None:
    session, stack = xor.session, xor.session.undo_stack
    xor.train_a_while()
    before = xor.weights()
    xor.until(lambda: seen(xor, place) == before[place[0]][place[1]])
    session.set_parameter(*place, 0.5)
    assert stack.count() == 1
    assert stack.undoText() == ("set a bias of Dense 1 to 0.5" if place is BIAS else "set a weight of Dense 4 to 0.5")
    stack.undo()
    assert_same(xor.weights(), before)
    stack.redo()
    assert held(xor, place) == 0.5


def test_that_numbers_set_before_the_picture_follows_are_put_back_one_by_one(xor: Reader) -> None:
    """The display is up to a frame behind; what was told is not read from it."""
    session, stack = xor.session, xor.session.undo_stack
    session._timer.stop()
    start = seen(xor)
    for value in (0.5, 0.7, 0.9):
        assert session.set_parameter(*WEIGHT, value)
    assert not session.set_parameter(*WEIGHT, 0.9), "it is that already"
    stack.undo()
    assert session.set_parameter(*WEIGHT, 0.8), "the undone number is gone too"
    assert seen(xor) == start, "all this within one frame"
    session._timer.start()
    for wanted in (0.8, 0.7, 0.5, start):
        assert held(xor) == wanted
        stack.undo()
    assert session.set_parameter(*WEIGHT, 1.5)
    assert not session.set_parameter(*WEIGHT, 1.5)


def test_that_a_drag_is_one_step(xor: Reader) -> None:
    session, stack, drag = xor.session, xor.session.undo_stack, object()
    before = xor.weights()
    for value in (0.1, 0.2, 0.3):
        assert session.set_parameter(*WEIGHT, value, drag)
        xor.until(lambda value=value: seen(xor) == value)
    assert stack.count() == 1
    assert stack.undoText().endswith("0.3")
    session.set_parameter(*WEIGHT, 0.4, object())
    assert stack.count() == 2, "another drag is another step"
    stack.undo()
    assert held(xor) == 0.3
    stack.undo()
    assert_same(xor.weights(), before)
    stack.redo()
    assert held(xor) == 0.3


@pytest.mark.parametrize("moves", [(0.6, 0.5), (0.5,)])
def test_that_a_drag_there_and_back_can_be_taken_back_without_harm_to_the_step_before(
    xor: Reader, moves: tuple[float, ...]
) -> None:
    """Esc ends a drag by undoing it, wherever it is."""
    session, stack, drag = xor.session, xor.session.undo_stack, object()
    session.set_parameter(*WEIGHT, 0.5)
    for value in moves:
        session.set_parameter(*WEIGHT, value, drag)
    stack.undo()
    assert held(xor) == 0.5
    assert stack.count() == 2
    assert stack.index() == 1


def test_that_it_lies_in_order_with_edits_of_the_document(xor: Reader) -> None:
    session, stack = xor.session, xor.session.undo_stack
    start, before = session.document, xor.weights()
    session.set_parameter(*WEIGHT, 0.5)
    xor.edit(units(6))
    xor.until(lambda: session.snapshot.plan.program.widths["h1"] == 6)
    session.set_parameter("h1.weight", (0, 5), -0.25)
    assert held(xor, ("h1.weight", (0, 5))) == -0.25
    assert stack.count() == 3
    for _ in range(3):
        stack.undo()
    assert session.document == start
    assert_same(xor.weights(), before)
    for _ in range(3):
        stack.redo()
    assert held(xor) == 0.5
    assert held(xor, ("h1.weight", (0, 5))) == -0.25


def test_that_a_number_of_a_deleted_layer_comes_back_with_it(xor: Reader) -> None:
    session, stack = xor.session, xor.session.undo_stack
    session.set_parameter(*WEIGHT, 0.5)
    xor.edit(lambda document: edits.remove(document, ("h1", "a1")))
    assert "h1.weight" not in xor.weights()
    stack.undo()
    assert held(xor) == 0.5


@pytest.mark.parametrize("change", [units(2), lambda document: edits.remove(document, ("h1", "a1"))])
def test_that_a_number_put_back_while_its_unit_is_gone_is_there_when_it_returns(
    xor: Reader, change: Callable[[Document], Document]
) -> None:
    """An order may find another network than it was given for: nothing is raised, and nothing is lost."""
    session, stack = xor.session, xor.session.undo_stack
    start = held(xor)
    session.set_parameter(*WEIGHT, 0.5)
    xor.edit(change)
    xor.capture()
    session._tell(orders.SetParameter(*WEIGHT, start, 99))
    session._tell(orders.SetParameter("nobody.weight", (0, 0), 1.0, 100))
    session._tell(orders.SetParameter("out.weight", (700, 0), 1.0, 101))
    xor.capture()
    assert xor.said == []
    stack.undo()
    assert held(xor) == start


@pytest.mark.parametrize("then", ["reset", "new_seed", "open", "train"])
def test_that_undo_after_whatever_came_since_raises_nothing(xor: Reader, then: str) -> None:
    session, stack = xor.session, xor.session.undo_stack
    xor.train_a_while()
    session.set_parameter(*WEIGHT, 0.5)
    if then == "open":
        session.open(two_four_one(seed=8))
        assert not stack.canUndo(), "it was of the document before"
    else:
        getattr(session, then)()
    while stack.canUndo():
        stack.undo()
    plan, state = xor.capture()
    assert plan.document == session.document
    assert np.isfinite(state.values).all()
    assert xor.said == []


def test_that_reset_goes_back_to_the_initial_weights_without_it(xor: Reader) -> None:
    plan, _ = xor.capture()
    xor.session.set_parameter(*WEIGHT, 0.5)
    assert held(xor) == 0.5
    xor.session.reset()
    np.testing.assert_array_equal(xor.state().values, plan.initial_state().values)


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1.001 * LARGEST, -1e300])
def test_that_absurd_numbers_are_refused_with_a_word_and_change_nothing(xor: Reader, value: float) -> None:
    before = xor.weights()
    assert not xor.session.set_parameter(*WEIGHT, value)
    assert len(xor.said) == 1
    assert "1,000,000" in xor.said[0]
    assert xor.session.undo_stack.count() == 0
    assert_same(xor.weights(), before)


@pytest.mark.parametrize(
    "place",
    [("h1.weight", (2, 0)), ("h1.weight", (0, 4)), ("h1.weight", (-1, 0)), ("h1.weight", (0,)), ("h1.weight", ()),
     ("out.bias", (0, 0)), ("nobody.weight", (0, 0)), ("h1", (0, 0)), ("", (0,))],
)  # fmt: skip
def test_that_a_number_that_is_not_there_is_not_set(xor: Reader, place: Place) -> None:
    assert not xor.session.set_parameter(*place, 0.5)
    assert xor.session.initial_value(*place) is None
    assert xor.session.undo_stack.count() == 0


def test_that_without_a_network_there_is_nothing_to_set(reader: Reader) -> None:
    assert not reader.session.set_parameter(*WEIGHT, 0.5)
    assert reader.session.initial_value(*WEIGHT) is None


def test_that_the_largest_number_is_taken_and_the_same_one_is_no_step(xor: Reader) -> None:
    assert xor.session.set_parameter(*WEIGHT, -LARGEST)
    assert held(xor) == -LARGEST
    assert not xor.session.set_parameter(*WEIGHT, -LARGEST)
    assert xor.session.undo_stack.count() == 1
    assert xor.said == []


# --- around it -------------------------------------------------------------------------------------------------------


def test_that_the_initial_value_is_the_one_before_the_first_update(xor: Reader) -> None:
    wanted = held(xor)
    xor.train_a_while()
    xor.session.set_parameter(*WEIGHT, 0.5)
    assert held(xor) == 0.5
    assert xor.session.initial_value(*WEIGHT) == wanted
    assert xor.session.initial_value(*BIAS) == 0.0
    xor.session.new_seed()
    xor.until(lambda: xor.session.snapshot.plan.document == xor.session.document)
    assert xor.session.initial_value(*WEIGHT) == held(xor) != wanted


def test_that_a_run_that_diverged_takes_a_number_and_trains_again(reader: Reader) -> None:
    reader.open(two_four_one(learning_rate=9.9, l2=9.0))
    session = reader.session
    session.train()
    reader.until(lambda: bool(reader.ended))
    assert reader.ended[0].stopped == "diverged"
    assert session.set_parameter(*WEIGHT, 0.25)
    assert held(reader) == 0.25
    session.edit(
        session.undo_stack.command(0).what, lambda document: edits.set_training(document, learning_rate=0.01, l2=0.0)
    )
    updates = reader.state().updates
    session.train()
    reader.until(lambda: session.snapshot.updates > updates + 20)
    assert session.running


def test_that_a_network_that_cannot_train_any_more_still_takes_numbers_for_when_it_can(xor: Reader) -> None:
    session, stack = xor.session, xor.session.undo_stack
    xor.edit(lambda document: edits.disconnect(document, "h1", "a1"))
    assert session.first_error is not None
    assert session.set_parameter(*WEIGHT, 0.5)
    assert held(xor) == 0.5
    stack.undo()
    stack.undo()
    assert session.first_error is None
    session.set_parameter(*WEIGHT, 0.75)
    assert held(xor) == 0.75


def test_that_the_step_is_called_in_the_language_of_the_window(xor: Reader) -> None:
    stack = xor.session.undo_stack
    xor.session.set_parameter(*WEIGHT, 0.5)
    english = stack.undoText()
    try:
        set_language("ko")
        assert stack.undoText() != english
        assert "0.5" in stack.undoText()
    finally:
        set_language("en")
