"""The thread: its orders, its one snapshot, its events, and its end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from playground.document.model import Document
from playground.training import orders
from playground.training.plan import Plan, make_plan, rules_of, table_of
from playground.training.run import Run
from playground.training.snapshot import Captured, Ended, Event, Examined, Failed, Loaded, Snapshot
from playground.training.trainer import Trainer

Documents = Callable[..., Document]
PATIENCE = 20.0


def load(trainer: Trainer, document: Document, run: int = 1, fresh: bool = True) -> Loaded:
    trainer.tell(orders.Load(run, document, table_of(document.data), fresh))
    event = next_event(trainer)
    assert isinstance(event, Loaded)
    return event


def next_event(trainer: Trainer) -> Event:
    return trainer.events.get(timeout=PATIENCE)


def snapshot_when(trainer: Trainer, ready: Callable[[Snapshot], bool]) -> Snapshot:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        snapshot = trainer.snapshots.take()
        if snapshot is not None and ready(snapshot):
            return snapshot
    raise AssertionError("no such snapshot came")


def captured(trainer: Trainer) -> Captured:
    trainer.tell(orders.Capture(7))
    event = next_event(trainer)
    assert isinstance(event, Captured)
    return event


def straight(plan: Plan) -> np.ndarray:
    run = Run(plan, plan.initial_state())
    while run.stopped is None:
        run.advance(1000)
    return run.state.values


def test_that_it_gives_the_weights_of_a_run_without_a_thread(trainer: Trainer, document: Documents) -> None:
    made = document(epochs=20)
    load(trainer, made)
    trainer.tell(orders.Go())
    assert isinstance(next_event(trainer), Ended)
    np.testing.assert_array_equal(captured(trainer).state.values, straight(make_plan(made)))


def test_that_pace_pauses_and_steps_change_no_weight(trainer: Trainer, document: Documents) -> None:
    made = document(epochs=6, pace=200.0)
    load(trainer, made)
    trainer.tell(orders.Step("batch"))
    trainer.tell(orders.Step("epoch"))
    trainer.tell(orders.Go())
    trainer.tell(orders.Pause())
    state = captured(trainer).state
    assert state.epoch < 6
    trainer.tell(orders.Change(rules_of(document(epochs=6 - state.epoch, pace=None).training)))
    trainer.tell(orders.Go())
    assert isinstance(next_event(trainer), Ended)
    state = captured(trainer).state
    assert state.epoch == 6
    np.testing.assert_array_equal(state.values, straight(make_plan(made)))


def test_that_reset_restores_the_same_initial_weights(trainer: Trainer, document: Documents) -> None:
    plan = load(trainer, document(epochs=5)).plan
    trainer.tell(orders.Step("epoch"))
    trainer.tell(orders.Reset())
    state = captured(trainer).state
    np.testing.assert_array_equal(state.values, plan.initial_state().values)
    assert (state.epoch, state.updates, state.batch) == (0, 0, 0)


def test_that_a_step_to_the_end_of_the_epoch_ends_there(trainer: Trainer, document: Documents) -> None:
    load(trainer, document())
    trainer.tell(orders.Step("batch"))
    trainer.tell(orders.Step("batch"))
    trainer.tell(orders.Step("epoch"))
    state = captured(trainer).state
    assert (state.epoch, state.batch, state.updates) == (1, 0, 5)


def test_that_a_reader_who_sleeps_finds_one_snapshot_and_then_the_latest(trainer: Trainer, document: Documents) -> None:
    """D02: nothing queues up, and after a pause the shown epoch is the engine's."""
    load(trainer, document(epochs=2000))
    trainer.tell(orders.Go())
    assert isinstance(next_event(trainer), Ended)
    assert trainer.snapshots.take() is not None
    assert trainer.snapshots.take() is None
    trainer.tell(orders.Go())
    trainer.tell(orders.Pause())
    shown = snapshot_when(trainer, lambda snapshot: not snapshot.running)
    assert shown.updates == captured(trainer).state.updates


def test_that_the_plane_is_read_through_the_same_network(trainer: Trainer, document: Documents) -> None:
    made = document()
    load(trainer, made)
    inputs = np.array([[0.5, 0.5], [-0.5, 0.5], [0.0, 0.0]])
    trainer.tell(orders.SetPlane(3, inputs))
    shown = snapshot_when(trainer, lambda snapshot: snapshot.plane_number == 3)
    assert shown.plane is not None
    assert shown.plane.dtype == np.float32
    plan = make_plan(made)
    views = plan.program.views(plan.initial_state().values)
    logits = np.tanh(inputs @ views["h1.weight"] + views["h1.bias"]) @ views["out.weight"] + views["out.bias"]
    np.testing.assert_allclose(shown.plane, 1.0 / (1.0 + np.exp(-logits)), atol=1e-6)


def test_that_weights_are_shown_more_often_than_costly_pictures_and_a_pause_shows_both_of_one_moment(
    trainer: Trainer, document: Documents
) -> None:
    made = document(epochs=1_000_000)
    load(trainer, made)
    inputs = np.random.default_rng(0).uniform(-1.0, 1.0, (100_000, 2))
    trainer.tell(orders.SetPlane(3, inputs))
    trainer.tell(orders.Go())
    seen: list[Snapshot] = []

    def again(snapshot: Snapshot) -> bool:
        seen.append(snapshot)
        return len(seen) > 1 and snapshot.plane is seen[-2].plane

    lean = snapshot_when(trainer, again)
    assert lean.updates > seen[-2].updates
    snapshot_when(trainer, lambda snapshot: snapshot.running and snapshot.plane is not lean.plane)
    trainer.tell(orders.Pause())
    shown = snapshot_when(trainer, lambda snapshot: not snapshot.running)
    assert shown.plane is not None
    views = make_plan(made).program.views(shown.values)
    logits = np.tanh(inputs @ views["h1.weight"] + views["h1.bias"]) @ views["out.weight"] + views["out.bias"]
    np.testing.assert_allclose(shown.plane, 1.0 / (1.0 + np.exp(-logits)), atol=1e-5)


def test_that_a_plane_of_another_width_is_not_drawn(trainer: Trainer, document: Documents) -> None:
    load(trainer, document())
    trainer.tell(orders.SetPlane(4, np.zeros((5, 3))))
    assert snapshot_when(trainer, lambda snapshot: snapshot.plane_number == 4).plane is None


def test_that_an_engine_that_raises_leaves_the_trainer_idle_and_usable(
    trainer: Trainer, document: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D04: the reason is told, the weights of the last good update are kept, and the next Go works."""
    load(trainer, document(epochs=5))
    trainer.tell(orders.Step("epoch"))
    before = captured(trainer).state
    with monkeypatch.context() as patch:
        patch.setattr("playground.engine.native.engine.NativeEngine.train", _explode)
        trainer.tell(orders.Go())
        event = next_event(trainer)
    assert isinstance(event, Failed)
    assert "engine on fire" in str(event.reason)
    np.testing.assert_array_equal(captured(trainer).state.values, before.values)
    trainer.tell(orders.Go())
    assert isinstance(next_event(trainer), Ended)


def _explode(*arguments: object, **named: object) -> None:
    raise RuntimeError("engine on fire")


def test_that_a_network_that_cannot_be_compiled_is_refused_and_the_last_one_stays(
    trainer: Trainer, document: Documents
) -> None:
    made = document()
    load(trainer, made)
    broken = type(made)(made.data, type(made.network)(made.network.nodes, ()), made.training)
    trainer.tell(orders.Load(2, broken, table_of(made.data), False))
    event = next_event(trainer)
    assert isinstance(event, Failed)
    assert captured(trainer).plan.document == made


def test_that_closing_ends_the_thread_while_it_trains(document: Documents) -> None:
    """D01."""
    trainer = Trainer()
    load(trainer, document(epochs=1_000_000))
    trainer.tell(orders.Go())
    snapshot_when(trainer, lambda snapshot: snapshot.running)
    trainer.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "trainer"]


def examined(trainer: Trainer, rows: tuple[int, ...] | None) -> Examined:
    trainer.tell(orders.Examine(9, rows))
    event = next_event(trainer)
    assert isinstance(event, Examined)
    return event


def test_that_steps_with_a_look_at_each_and_ways_back_leave_the_weights_of_a_run(
    trainer: Trainer, document: Documents
) -> None:
    plan = load(trainer, document(epochs=50)).plan
    run = Run(plan, plan.initial_state())
    dice = np.random.default_rng(3)
    for _ in range(50):
        found = examined(trainer, None).found
        assert found is not None
        assert found.by_engine
        before = captured(trainer).state
        np.testing.assert_array_equal(found.before.values, before.values)
        trainer.tell(orders.Step("batch"))
        np.testing.assert_array_equal(captured(trainer).state.values, found.after.values)
        if dice.random() < 0.4:
            trainer.tell(orders.Back())
            np.testing.assert_array_equal(captured(trainer).state.values, before.values)
            again = examined(trainer, None).found
            assert again is not None
            np.testing.assert_array_equal(again.after.values, found.after.values)
            trainer.tell(orders.Step("batch"))
        run.advance(1)
    state = captured(trainer).state
    np.testing.assert_array_equal(state.values, run.state.values)
    assert (state.updates, state.epoch, state.batch) == (run.state.updates, run.state.epoch, run.state.batch)


def test_that_the_way_back_leads_to_the_first_value_and_forgets_the_losses_since(
    trainer: Trainer, document: Documents
) -> None:
    plan = load(trainer, document(epochs=50)).plan
    for _ in range(3):
        trainer.tell(orders.Step("epoch"))
    assert snapshot_when(trainer, lambda one: one.epoch == 3).steps_back == 3
    for _ in range(4):
        trainer.tell(orders.Back())
    snapshot = snapshot_when(trainer, lambda one: one.epoch == 0 and one.steps_back == 0)
    np.testing.assert_array_equal(snapshot.values, plan.initial_state().values)
    assert snapshot.history[0].tolist() == [0.0]


def test_that_one_order_takes_back_all_steps_to_the_bit(trainer: Trainer, document: Documents) -> None:
    plan = load(trainer, document(epochs=50)).plan
    start = captured(trainer).state
    for what in ("batch", "epoch", "batch"):
        trainer.tell(orders.Step(what))
    assert captured(trainer).state.updates > start.updates + 2
    trainer.tell(orders.Back(all_steps=True))
    state = captured(trainer).state
    np.testing.assert_array_equal(state.values, start.values)
    assert (state.updates, state.epoch, state.batch) == (0, 0, 0)
    snapshot = snapshot_when(trainer, lambda one: one.updates == 0 and one.steps_back == 0)
    assert snapshot.history[0].tolist() == [0.0]
    trainer.tell(orders.Back(all_steps=True))
    np.testing.assert_array_equal(captured(trainer).state.values, plan.initial_state().values)
    run = Run(plan, plan.initial_state())
    run.advance(1)
    trainer.tell(orders.Step("batch"))
    np.testing.assert_array_equal(captured(trainer).state.values, run.state.values)


def test_that_a_row_that_is_not_there_is_no_pass(trainer: Trainer, document: Documents) -> None:
    load(trainer, document())
    assert examined(trainer, (10**6,)).found is None
    found = examined(trainer, (3,)).found
    assert found is not None
    assert (found.samples, found.by_engine) == (1, False)
