"""The network at work on the canvas: maps, weights and biases of the latest snapshot, and what is the matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from playground.document.problem import Problem
from playground.engine.health import UnitState
from playground.engine.program import Program
from playground.training.snapshot import Snapshot
from playground.ui.canvas.card import CardItem
from playground.ui.canvas.face import MOST_UNFOLDED, Face
from playground.ui.canvas.scene import CanvasScene
from playground.ui.canvas.state_words import words_of
from playground.ui.canvas.tiles import color_table, map_image, matrix_image
from playground.ui.theme import themes
from playground.ui.translation import figure

#: A state is told when it has been seen so many times in a row, so that words do not come and go.
_LASTING = 2

_Key = tuple[str, str]


class AtWork:
    """Brings snapshots to the cards and wires of a scene."""

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self._seen: Counter[_Key] = Counter()
        self._states: dict[_Key, UnitState] = {}

    def wanted(self) -> tuple[str, ...]:
        """The nodes of which every unit is seen."""
        if self._scene.manner.bare >= 1.0:
            return ()
        return tuple(id for id, card in self._scene.cards.items() if _has_maps(card.face))

    def show_frame(self, snapshot: Snapshot) -> None:
        """Pictures and lines, at the display's rate."""
        views = snapshot.plan.program.views(snapshot.values)
        wires = self._scene.wires
        wires.show_weights({wire: views.get(f"{wire.target}.weight") for wire in wires.courses})
        if not snapshot.maps:
            return
        table = color_table(themes.current())
        for id, pictures in snapshot.maps.items():
            card = self._scene.cards.get(id)
            if card is not None and _has_maps(card.face) and len(pictures) == card.face.width:
                card.live.maps = map_image(pictures[:MOST_UNFOLDED], table)
                card.live.update()

    def show_reading(self, snapshot: Snapshot) -> bool:
        """Numbers and states, slowly enough to be read; returns whether other states are to be told."""
        program = snapshot.plan.program
        views = program.views(snapshot.values)
        for id, card in self._scene.cards.items():
            live, bias = card.live, views.get(f"{id}.bias")
            fits = bias is not None and len(bias) == card.face.width
            live.biases = bias if fits else None
            live.words = tuple(f"b {_signed(number)}" for number in bias) if bias is not None and fits else ()
            weight = views.get(f"{id}.weight")
            if card.face.folded:
                live.matrix = matrix_image(weight, themes.current()) if weight is not None else None
            if card.face.kind == "dense":
                live.update()
        return self._note_states(snapshot.states, program, lasting=1 if not snapshot.running else _LASTING)

    def _note_states(self, states: Iterable[UnitState], program: Program, lasting: int) -> bool:
        found: dict[_Key, UnitState] = {(state.node, state.kind): state for state in states}
        self._seen = Counter({key: self._seen[key] + 1 for key in found})
        told = {key: state for key, state in found.items() if self._seen[key] >= lasting}
        if {(key, state.units) for key, state in told.items()} == {
            (key, state.units) for key, state in self._states.items()
        }:
            return False
        self._states = told
        marked = {id: frozenset[int]() for id in self._scene.cards}
        for state in told.values():
            owner = _layer_of(state.node, program)
            for id in {state.node, owner} & marked.keys():
                if state.kind in ("dead", "saturated"):
                    marked[id] |= frozenset(state.units)
        for id, card in self._scene.cards.items():
            if card.live.marked != marked[id]:
                card.live.marked = marked[id]
                card.live.update()
        return True

    def problems(self) -> tuple[Problem, ...]:
        """What is the matter, as warnings of the nodes; the one that is said first hides the others of its node."""
        known = {id: card.face for id, card in self._scene.cards.items()}
        return tuple(
            Problem(state.node, words_of(state, known[state.node].title), severity="warning")
            for state in self._states.values()
            if state.node in known
        )

    def forget(self) -> None:
        """Another document: nothing of the one before is shown."""
        self._seen.clear()
        self._states = {}
        for card in self._scene.cards.values():
            forget(card)
        self._scene.wires.show_weights({})


def forget(card: CardItem) -> None:
    """Show circles again: what was learned is not this card's any more."""
    live = card.live
    live.maps, live.matrix, live.biases, live.words, live.marked = None, None, None, (), frozenset()
    live.update()


def _has_maps(face: Face) -> bool:
    return face.kind in ("input", "dense") and not face.folded and not face.hidden and face.width is not None


def _layer_of(node: str, program: Program) -> str:
    """The layer whose units an activation's are."""
    return next((one.inputs[0] for one in program.instructions if one.node == node), node)


def _signed(number: float) -> str:
    text = figure(abs(float(np.round(number, 2))), decimals=2)
    return ("−" if number < 0 else "+") + text
