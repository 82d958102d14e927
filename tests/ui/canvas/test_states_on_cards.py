"""What keeps a network from learning is named on its node, in numbers, without flicker, and told to a screen reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from conftest import chain

from playground.document import edits
from playground.document.model import Document, Node
from playground.engine.health import UnitState
from playground.messages import message
from playground.ui.canvas.lasting import Lasting
from playground.ui.canvas.state_words import words_of
from playground.ui.translation import tr

Read = Callable[..., None]


def dead(*units: int, node: str = "a1") -> UnitState:
    return UnitState(node, "dead", units, 1.0)


# --- what lasts ------------------------------------------------------------------------------------


def told(readings: Iterable[tuple[UnitState, ...]]) -> list[tuple[UnitState, ...]]:
    """What is told after each reading."""
    lasting, after = Lasting(), []
    for states in readings:
        lasting.read(states)
        after.append(lasting.told)
    return after


def test_that_a_state_is_told_when_it_has_been_found_twice_in_a_row():
    assert told([(dead(2),), (dead(2),)]) == [(), (dead(2),)]
    assert told([(dead(2),), (), (dead(2),)]) == [(), (), ()]


def test_that_it_stays_through_one_reading_without_it_and_goes_after_two():
    after = told([(dead(2),), (dead(2),), (), (dead(2),), (), ()])
    assert [len(states) for states in after] == [0, 1, 1, 1, 1, 0]


def test_that_units_that_waver_do_not_change_what_is_said():
    after = told([(dead(2),), (dead(2),), (dead(2, 4),), (dead(2),), (dead(2, 4),), (dead(2),)])
    assert after[1:] == [(dead(2),)] * 5


def test_that_other_units_are_told_when_they_last():
    assert told([(dead(2),), (dead(2),), (dead(2, 4),), (dead(2, 4),)])[-1] == (dead(2, 4),)


def test_that_the_numbers_of_a_state_are_those_of_the_last_reading():
    shares = [UnitState("a1", "saturated", (0,), share) for share in (0.96, 0.96, 1.0)]
    assert told([(state,) for state in shares])[-1] == (shares[-1],)


def test_that_at_rest_one_reading_is_enough():
    lasting = Lasting()
    lasting.read([dead(1)], 1)
    assert lasting.told == (dead(1),)
    lasting.read([], 1)
    assert lasting.told == ()


# --- words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (dead(2), "Unit 3 is inactive on 100 % of the rows"),
        (dead(0, 1), "Units 1, 2 are inactive on 100 % of the rows"),
        (dead(*range(9)), "Units 1, 2, 3 … (9) are inactive"),
        (UnitState("a1", "saturated", (0,), 0.973), "Unit 1 is saturated on 97.3\N{NO-BREAK SPACE}% of the rows"),
        (UnitState("h1", "vanishing", (0, 1), 2e-6), "2e-06 of that of the layer with the largest"),
        (UnitState("h1", "exploding", (0, 1), 5e4), "about 5e+04 for each weight"),
        (UnitState("h1", "alike", (0, 1), 1.0), "All units of Dense 4 are alike"),
    ],
)
def test_that_every_state_is_said_plainly_with_its_units_counted_from_one(state, said):
    assert said in tr(words_of(state, "Dense 4"))


# --- on the canvas ---------------------------------------------------------------------------------


@pytest.fixture
def relu(open_canvas, qtbot):
    """The canvas of a 2-4-1 network with ReLU, at rest, with its first snapshot."""
    hand = open_canvas(
        Document(
            network=chain(
                Node("in", "input", {"features": ("x1", "x2")}),
                Node("h1", "dense", {"units": 4}),
                Node("a1", "activation", {"function": "relu"}),
                Node("out", "dense", {"units": 1}),
                Node("loss", "loss", {"function": "binary_cross_entropy"}),
            )
        )
    )
    hand.settle()
    qtbot.waitUntil(lambda: hand.session.snapshot is not None, timeout=5000)
    return hand


@pytest.fixture
def read(relu) -> Read:
    """A reading of a run with these states, as the session tells it."""

    def read_(*states: UnitState, running: bool = False) -> None:
        relu.session.reading.emit(replace(relu.session.snapshot, states=states, running=running))

    return read_


def notes(hand) -> dict[str, str]:
    return {id: item.note.text for id, item in hand.scene.notes.items()}


def test_that_a_unit_killed_by_its_bias_is_named_under_its_activation_and_marked_at_its_layer(relu, qtbot):
    assert notes(relu) == {}
    relu.session.set_parameter("h1.bias", (2,), -1000.0)
    qtbot.waitUntil(lambda: "a1" in notes(relu), timeout=5000)
    assert notes(relu)["a1"].startswith("Unit 3 is inactive on 100 % of the rows")
    assert relu.scene.cards["h1"].live.marked == {2}
    assert relu.scene.faces["a1"].mark == "warning"
    relu.session.undo_stack.undo()
    qtbot.waitUntil(lambda: notes(relu) == {}, timeout=5000)
    assert relu.scene.cards["h1"].live.marked == frozenset()
    assert relu.scene.faces["a1"].mark == ""


def test_that_a_screen_reader_and_the_pointer_are_told(relu, read):
    relu.session.select(["a1"])
    read(dead(2))
    assert "Unit 3 is inactive" in relu.view.accessibleDescription()
    assert "Unit 3 is inactive" in relu.view.tip(relu.title("a1"))
    read()
    assert "inactive" not in relu.view.accessibleDescription()


def test_that_a_state_does_not_keep_the_network_from_training(relu, read):
    read(dead(2), UnitState("h1", "exploding", (0, 1, 2, 3), 1e5))
    assert relu.session.first_error is None
    assert relu.session.train()
    relu.session.pause()


def test_that_while_it_trains_one_reading_neither_shows_nor_hides_a_note(relu, read):
    seen = []
    for states in ([dead(2)], [dead(2)], [], [dead(2)], [], []):
        read(*states, running=True)
        seen.append("a1" in notes(relu))
    assert seen == [False, True, True, True, True, False]


def test_that_a_card_has_one_note_and_all_that_is_the_matter_in_its_tooltip(relu, read):
    read(UnitState("h1", "exploding", (0, 1, 2, 3), 1e5), UnitState("h1", "alike", (0, 1, 2, 3), 1.0))
    assert len(relu.scene.notes) == 1
    assert notes(relu)["h1"].startswith("The gradient explodes")
    assert "explodes" in relu.scene.faces["h1"].tooltip
    assert "alike" in relu.scene.faces["h1"].tooltip


def test_that_a_state_that_comes_while_a_card_is_dragged_is_shown_when_it_is_let_go(relu, read):
    start = relu.title("h1")
    relu.press(start)
    relu.move(start + (relu.title("out") - start) / 8.0)
    read(dead(2))
    assert notes(relu) == {}
    relu.view.cancel_gesture()
    read(dead(2))
    assert "a1" in notes(relu)


def test_that_the_whole_network_stays_in_view_when_notes_come(relu, read):
    assert relu.view.camera.following
    read(*(dead(0, 1, 2, 3, node=id) for id in ("a1", "h1", "out")))
    assert len(relu.scene.notes) == 3
    assert relu.view.camera.fits()
    assert all(
        relu.view.viewport().rect().contains(relu.view.mapFromScene(item.rect).boundingRect())
        for item in relu.scene.notes.values()
    )


def test_that_a_card_that_comes_back_has_its_marks(relu, read):
    read(dead(2))
    relu.session.edit(message("test"), lambda document: edits.remove(document, ["h1"]))
    relu.session.undo_stack.undo()
    assert "h1" in relu.scene.cards
    read(dead(2))
    assert relu.scene.cards["h1"].live.marked == {2}


def test_that_another_document_has_nothing_the_matter_and_wide_layers_folded(relu, read):
    read(dead(2))
    relu.session.edit(message("test"), lambda document: edits.set_field(document, "h1", "units", 20))
    relu.view.toggle_fold("h1")
    assert relu.scene.faces["h1"].folded is False
    document = relu.session.document
    relu.session.open(document)
    assert notes(relu) == {}
    assert relu.scene.faces["h1"].folded is True
