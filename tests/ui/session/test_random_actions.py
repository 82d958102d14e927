"""E04: whatever is done while it trains, in any order, nothing raises and no weight is that of another network."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from watching import ENDLESS, Reader

from playground.document import edits
from playground.document.model import Document
from playground.document.presets import PRESETS

REPEATS = 100
OPENED = ("xor", "circle", "spam-linear", "spam-nonlinear", "single-neuron", "lecture")


def preset(name: str) -> Document:
    return edits.set_training(PRESETS[name].document, pace=None, epochs=ENDLESS)


class Player:
    """Somebody who presses everything; one seed, one sequence of actions."""

    def __init__(self, reader: Reader, seed: int) -> None:
        self.reader, self.session = reader, reader.session
        self.dice = random.Random(seed)
        self.actions: list[Callable[[], object]] = [
            self.delete, self.insert, self.resize, self.switch, self.data, self.settings, self.undo, self.redo,
            self.another, self.session.train, self.session.pause, self.session.reset, self.session.new_seed,
            lambda: self.session.step(self.dice.choice(["batch", "epoch"])), self.session.tick, self.wait, self.plane,
            self.number, self.number, self.look,
        ]  # fmt: skip

    def act(self) -> None:
        self.dice.choice(self.actions)()

    def _ids(self, kind: str) -> list[str]:
        return [node.id for node in self.session.document.network.nodes if node.kind == kind]

    def delete(self) -> None:
        nodes = self.session.document.network.nodes
        if nodes:
            gone = self.dice.choice(nodes).id
            self.reader.edit(lambda document: edits.remove(document, (gone,)))

    def insert(self) -> None:
        wires = self.session.document.network.wires
        if wires:
            wire, kind = self.dice.choice(wires), self.dice.choice(["dense", "activation"])
            id = self.session.fresh_id(kind)
            self.reader.edit(lambda document: edits.insert_on_wire(document, wire, id, kind))

    def resize(self) -> None:
        ids = self._ids("dense")
        if ids:
            id, units = self.dice.choice(ids), self.dice.randint(1, 6)
            self.reader.edit(lambda document: edits.set_field(document, id, "units", units))

    def switch(self) -> None:
        on = self.dice.random() < 0.5
        self.reader.edit(lambda document: edits.set_all_enabled(document, on))

    def data(self) -> None:
        kind, samples = self.dice.choice(["xor", "circle", "moons"]), self.dice.choice([20, 50, 90])
        self.reader.edit(lambda document: edits.set_data(document, kind=kind, samples=samples))

    def settings(self) -> None:
        rate, size = self.dice.choice([1e-3, 0.1, 10.0]), self.dice.choice([1, 7, 32])
        optimizer = self.dice.choice(["sgd", "adam"])
        self.reader.edit(
            lambda document: edits.set_training(document, learning_rate=rate, batch_size=size, optimizer=optimizer)
        )

    def undo(self) -> None:
        self.session.undo_stack.undo()

    def redo(self) -> None:
        self.session.undo_stack.redo()

    def another(self) -> None:
        self.session.open(preset(self.dice.choice(OPENED)))

    def wait(self) -> None:
        self.reader._bot.wait(self.dice.randint(1, 20))

    def plane(self) -> None:
        cells = np.linspace(-1.0, 1.0, 40).reshape(20, 2)
        self.session.set_plane(cells, cells[::2])

    def look(self) -> None:
        ids = [node.id for node in self.session.document.network.nodes]
        self.session.show_maps(tuple(self.dice.sample(ids, self.dice.randint(0, len(ids)))))
        self.session.show_unit((self.dice.choice(ids), self.dice.randint(0, 5)) if ids else None)

    def number(self) -> None:
        """Set one number of what is shown; one time of three it stands for a drag."""
        snapshot = self.session.snapshot
        if snapshot is not None:
            parameter = self.dice.choice(snapshot.plan.program.parameters)
            index = tuple(self.dice.randrange(size) for size in parameter.shape)
            drag = self.dice.choice([None, None, self])
            self.session.set_parameter(parameter.name, index, self.dice.choice([0.0, 0.5, -3.0, 1e6, np.nan]), drag)


@pytest.mark.parametrize("seed", range(4))
def test_that_no_sequence_of_actions_fails_or_leaves_weights_of_another_network(reader: Reader, seed: int) -> None:
    session = reader.session
    reader.open(preset("xor"))
    session.train()
    player = Player(reader, seed)
    for _ in range(REPEATS):
        player.act()
        assert session.plan is None or session.snapshot is None or session.snapshot.run <= session._run
    reader.until(lambda: not session._tabulating)
    assert all("stopped:" not in text for text in reader.said), "the trainer itself never failed"
    if session.first_error is None:
        reader.until(lambda: session.plan is not None and session._loading is None)
        plan, state = reader.capture()
        assert plan.document.network == session.document.network
        assert plan.document.data == session.document.data
        assert state.values.shape == (plan.program.size,)
        assert np.isfinite(state.values).all()
    elif session.plan is not None:
        plan, state = reader.capture()
        assert state.values.shape == (plan.program.size,)
    _a_fresh_document_is_as_if_nothing_had_been(reader)


def _a_fresh_document_is_as_if_nothing_had_been(reader: Reader) -> None:
    reader.open(preset("circle"))
    plan, state = reader.capture()
    np.testing.assert_array_equal(state.values, plan.initial_state().values)
    reader.session.train()
    reader.until(lambda: reader.session.snapshot is not None and reader.session.snapshot.updates > 20)
    assert reader.session.running


@pytest.mark.parametrize("seed", range(2))
def test_that_undoing_everything_returns_to_the_start_and_redoing_to_the_end(reader: Reader, seed: int) -> None:
    session = reader.session
    start = preset("xor")
    reader.open(start)
    session.train()
    player = Player(reader, 100 + seed)
    player.actions = [player.delete, player.insert, player.resize, player.switch, player.data, player.settings]
    for _ in range(REPEATS):
        player.act()
    end = session.document
    while session.undo_stack.canUndo():
        session.undo_stack.undo()
    assert session.document == start
    while session.undo_stack.canRedo():
        session.undo_stack.redo()
    assert session.document == end
