"""From an edit to the trainer and back: what is kept, what is dropped, and what is told."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from watching import ENDLESS, Reader, two_four_one

from playground.document import edits
from playground.document.model import Document, Network
from playground.document.presets import PRESETS
from playground.formats.project import read_project_file, state_from_project, write_project_file
from playground.ui.session import Session


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)


def explode(*arguments: object, **named: object) -> None:
    raise RuntimeError("engine on fire")


# --- edits, undo and redo --------------------------------------------------------------------------


def test_that_an_edit_reaches_the_trainer_with_what_was_learned(xor: Reader) -> None:
    xor.train_a_while()
    before = xor.weights()
    assert xor.edit(lambda document: edits.set_enabled(document, "a1", False))
    plan, _ = xor.capture()
    assert plan.document == xor.session.document
    assert same(xor.weights(), before)


def test_that_undo_brings_back_a_deleted_layer_with_its_weights_and_redo_takes_it_again(xor: Reader) -> None:
    xor.train_a_while()
    before, start = xor.weights(), xor.session.document
    assert xor.edit(lambda document: edits.remove(document, ("h1", "a1")))
    shorter = xor.session.document
    assert same(xor.weights(), before) or "h1.weight" not in xor.weights()
    xor.session.undo_stack.undo()
    assert xor.session.document == start
    assert same(xor.weights(), before)
    xor.session.undo_stack.redo()
    assert xor.session.document == shorter


def test_that_edits_of_one_gesture_are_one_step_and_one_that_comes_to_nothing_is_none(xor: Reader) -> None:
    start, drag = xor.session.document, object()
    for units in (5, 6, 7):
        assert xor.edit(lambda document, units=units: edits.set_field(document, "h1", "units", units), drag)
    assert xor.session.undo_stack.count() == 1
    xor.session.undo_stack.undo()
    assert xor.session.document == start
    there_and_back = object()
    for units in (5, 4):
        xor.edit(lambda document, units=units: edits.set_field(document, "h1", "units", units), there_and_back)
    assert xor.session.document == start
    assert not xor.session.undo_stack.canUndo()


def test_that_a_refused_edit_says_why_and_changes_nothing(xor: Reader) -> None:
    start = xor.session.document
    assert not xor.edit(lambda document: edits.set_field(document, "h1", "units", 0))
    assert len(xor.said) == 1
    assert xor.session.document is start
    assert xor.session.undo_stack.count() == 0


def test_that_ids_are_never_used_again(xor: Reader) -> None:
    first = xor.session.fresh_id("dense")
    xor.edit(lambda document: edits.add_node(document, first, "dense"))
    assert xor.session.document.network.node(first)
    xor.session.undo_stack.undo()
    second = xor.session.fresh_id("dense")
    assert second != first


def test_that_another_document_counts_its_ids_from_one_and_wakes_nothing_of_the_one_before(xor: Reader) -> None:
    xor.train_a_while()
    learned, document = xor.weights(), xor.session.document
    xor.session.open(replace(document, network=Network()))
    assert [xor.session.fresh_id(kind) for kind in ("input", "dense", "activation", "loss")] == [
        "in",
        "h1",
        "a1",
        "loss",
    ]
    xor.edit(lambda empty: replace(empty, network=document.network))
    plan, _ = xor.capture()
    assert plan.document == document
    assert same(xor.weights(), plan.program.views(plan.initial_state().values))
    assert not same(xor.weights(), learned)


# --- what starts and stops -------------------------------------------------------------------------


def test_that_a_network_that_cannot_be_trained_pauses_the_run_and_goes_on_when_mended(xor: Reader) -> None:
    session = xor.session
    session.train()
    xor.edit(lambda document: edits.disconnect(document, "h1", "a1"))
    assert session.first_error is not None
    assert not session.running
    before = xor.weights()
    assert not session.train()
    assert xor.said == [str(session.first_error.message)]
    assert same(xor.weights(), before), "the last network that worked keeps its weights, and stands still"
    session.undo_stack.undo()
    assert session.running
    updates = xor.state().updates
    xor.until(lambda: session.snapshot.updates > updates)


@pytest.mark.parametrize("instead", ["pause", "reset"])
def test_that_a_run_stopped_by_hand_while_it_could_not_go_on_stays_stopped(xor: Reader, instead: str) -> None:
    xor.session.train()
    xor.edit(lambda document: edits.disconnect(document, "h1", "a1"))
    getattr(xor.session, instead)()
    xor.session.undo_stack.undo()
    updates = xor.state().updates
    assert not xor.session.running
    assert xor.state().updates == updates


def test_that_train_pressed_before_the_data_are_there_starts_the_new_document(reader: Reader) -> None:
    reader.session.open(two_four_one())
    assert reader.session.train()
    assert reader.session.running
    reader.until(lambda: reader.session.snapshot is not None and reader.session.snapshot.updates > 0)
    assert reader.session.running
    reader.session.pause()


def test_that_train_pressed_early_on_a_network_that_cannot_be_trained_says_so(reader: Reader) -> None:
    broken = two_four_one()
    reader.session.open(replace(broken, network=replace(broken.network, wires=())))
    reader.session.train()
    reader.until(lambda: bool(reader.said))
    assert not reader.session.running


def test_that_the_end_of_a_run_does_not_stop_the_one_started_after_it(xor: Reader) -> None:
    """The news of an end waits for the display's beat; Reset and Train may both be pressed before that."""
    session = xor.session
    session._timer.stop()
    session.train_for(1)
    assert session._trainer.events is not None
    ended = session._trainer.events.get(timeout=20.0)
    session.reset()
    session.train()
    session._take(ended)
    assert session.running
    session._timer.start()
    xor.until(lambda: session.snapshot.running and session.snapshot.epoch > 1)


def test_that_an_edit_just_when_a_run_ends_leaves_nothing_running_for_ever(xor: Reader) -> None:
    session = xor.session
    session._timer.stop()
    session.train_for(1)
    ended = session._trainer.events.get(timeout=20.0)
    xor.edit(lambda document: edits.set_enabled(document, "a1", False))
    session._take(ended)
    session._timer.start()
    xor.until(lambda: session.snapshot.running is session.running and session.snapshot.updates > 5)


def test_that_a_rate_changed_by_hand_holds_after_a_reset_and_after_train_for(xor: Reader) -> None:
    session = xor.session
    xor.edit(lambda document: edits.set_training(document, learning_rate=0.5))
    session.reset()
    session.step("epoch")
    stepped = xor.state()
    xor.open(edits.set_training(two_four_one(), learning_rate=0.5))
    session.step("epoch")
    np.testing.assert_array_equal(xor.state().values, stepped.values)
    session.train_for(2)
    xor.until(lambda: not session.running)
    assert session.snapshot.epoch == 3
    session.train()
    xor.until(lambda: session.snapshot.epoch > 6)
    assert session.running, "the document's epochs count again"


# --- seeds, data and documents ---------------------------------------------------------------------


def test_that_reset_is_the_same_start_and_a_new_seed_is_another_one(xor: Reader) -> None:
    start = xor.weights()
    xor.train_a_while()
    assert not same(xor.weights(), start)
    xor.session.reset()
    assert same(xor.weights(), start)
    xor.session.train()
    xor.session.new_seed()
    assert not xor.session.running
    assert not same(xor.weights(), start)
    assert xor.state().updates == 0
    xor.session.undo_stack.undo()
    assert same(xor.weights(), start)


@pytest.mark.parametrize("manner", ["looked at", "paused every epoch", "with another session open"])
def test_that_how_a_run_is_watched_changes_no_weight(reader: Reader, manner: str) -> None:
    """A19."""
    reader.open(two_four_one(epochs=12))
    reader.session.train_for(12)
    reader.until(lambda: bool(reader.ended))
    plain = reader.weights()
    other = None
    if manner == "with another session open":
        other = Session(two_four_one(seed=9))
        reader.until(lambda: other.plan is not None)
        other.train()
    reader.open(two_four_one(epochs=12))
    try:
        if manner == "looked at":
            reader.session.set_plane(np.random.default_rng(1).normal(size=(5000, 2)))
        if manner == "paused every epoch":
            for _ in range(12):
                reader.session.step("epoch")
        else:
            reader.session.train()
        reader.until(lambda: len(reader.ended) == 2)
    finally:
        if other is not None:
            other.close()
    assert reader.state().epoch == 12
    assert same(reader.weights(), plain)


def test_that_other_data_keep_the_weights_and_another_document_does_not(xor: Reader) -> None:
    start = xor.weights()
    xor.train_a_while()
    learned = xor.weights()
    xor.edit(lambda document: edits.set_data(document, kind="circle", samples=60))
    plan, _ = xor.capture()
    assert plan.document.data.kind == "circle"
    assert same(xor.weights(), learned)
    xor.open(two_four_one())
    assert same(xor.weights(), start)


def test_that_an_edit_made_while_the_table_is_on_its_way_never_meets_the_old_table(xor: Reader) -> None:
    seen: list[tuple[str, int]] = []
    xor.session.plan_changed.connect(
        lambda plan: seen.append((plan.document.data.kind, len(plan.dataset.table.features)))
    )
    xor.edit(lambda document: edits.set_data(document, kind="circle", samples=60))
    xor.edit(lambda document: edits.set_field(document, "h1", "units", 6))
    plan, _ = xor.capture()
    assert seen == [("circle", 60)]
    assert plan.document == xor.session.document


def test_that_snapshots_of_the_document_before_are_dropped(xor: Reader) -> None:
    xor.session.train()
    stale = xor.session._trainer.snapshots
    xor.until(lambda: not stale.empty)
    shown: list[Document] = []
    xor.session.frame.connect(lambda snapshot: shown.append(snapshot.plan.document))
    xor.session.open(PRESETS["circle"].document)
    xor.until(lambda: bool(shown))
    assert set(map(id, shown)) <= {id(xor.session.document)} or all(one == xor.session.document for one in shown)


def test_that_an_empty_canvas_has_no_plan_of_the_document_before(xor: Reader) -> None:
    xor.session.open(replace(two_four_one(), network=Network()))
    xor.until(lambda: xor.session.first_error is not None)
    assert xor.session.plan is None
    assert xor.session.snapshot is None


# --- what goes wrong -------------------------------------------------------------------------------


def test_that_too_large_a_rate_stops_on_finite_weights_that_can_be_saved(xor: Reader, tmp_path: Path) -> None:
    """A11 and D24."""
    linear = edits.set_field(PRESETS["single-neuron"].document, "loss", "function", "half_squared")
    xor.open(edits.set_training(linear, learning_rate=10.0, optimizer="sgd", momentum=0.0, epochs=ENDLESS, pace=None))
    xor.session.train()
    xor.until(lambda: bool(xor.ended))
    assert not xor.session.running
    assert xor.ended[0].stopped == "diverged"
    assert xor.ended[0].divergence.learning_rate == 10.0
    plan, state = xor.capture()
    assert np.isfinite(state.values).all()
    path = tmp_path / "운 run away.json"
    write_project_file(path, xor.session.document, plan.program, state)
    assert not {"NaN", "Infinity"} & set(path.read_text("utf-8").replace(",", " ").split())
    project = read_project_file(path)
    saved = state_from_project(project, plan.program)
    assert saved is not None
    np.testing.assert_array_equal(saved.values, state.values)
    xor.edit(lambda document: edits.set_training(document, learning_rate=1e-3))
    xor.session.reset()
    xor.train_a_while()
    assert np.isfinite(xor.state().values).all()


def test_that_a_failing_engine_says_why_and_the_next_train_works(xor: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """D04."""
    xor.session.step("epoch")
    before = xor.weights()
    with monkeypatch.context() as patch:
        patch.setattr("playground.engine.native.engine.NativeEngine.train", explode)
        xor.session.train()
        xor.until(lambda: bool(xor.said))
    assert "engine on fire" in xor.said[0]
    assert not xor.session.running
    assert xor.session.first_error is None
    assert same(xor.weights(), before)
    xor.train_a_while()


def test_that_a_plan_that_cannot_be_made_is_a_problem_until_the_document_changes(
    xor: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    xor.train_a_while()
    with monkeypatch.context() as patch:
        patch.setattr("playground.training.trainer.make_plan", explode)
        xor.edit(lambda document: edits.set_field(document, "h1", "units", 5))
        xor.until(lambda: bool(xor.said))
    assert xor.session.first_error is not None
    assert not xor.session.train(), "the network before is not trained in its stead"
    xor.edit(lambda document: edits.set_field(document, "h1", "units", 6))
    assert xor.session.first_error is None
    xor.train_a_while()
    assert xor.weights()["h1.weight"].shape == (2, 6)


def test_that_data_that_cannot_be_made_are_a_problem_until_they_change(
    xor: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("playground.training.trainer.table_of", explode)
        xor.edit(lambda document: edits.set_data(document, samples=50))
        xor.until(lambda: bool(xor.said))
    assert xor.session.first_error is not None
    xor.session.undo_stack.undo()
    xor.until(lambda: xor.session.first_error is None)
    assert xor.capture()[0].document == xor.session.document


# --- the end ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["new", "waiting for data", "idle", "training", "paced", "broken", "many orders"])
def test_that_it_closes_in_every_state(reader: Reader, state: str) -> None:
    """D01: without hanging and without a thread left."""
    session = reader.session
    if state == "waiting for data":
        session.open(PRESETS["spambase"].document)
    elif state != "new":
        reader.open(two_four_one(pace=0.001 if state == "paced" else None))
    if state in ("training", "paced"):
        session.train()
    if state == "broken":
        session.train()
        reader.edit(lambda document: edits.disconnect(document, "h1", "a1"))
    if state == "many orders":
        for seed in range(500):
            reader.edit(lambda document, seed=seed: edits.set_data(document, samples=10_000, seed=seed))
    session.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "trainer"]
