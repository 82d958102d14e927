"""The network at work on the canvas: maps, weights and biases of the latest snapshot, and what is the matter."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from playground.document.problem import Problem
from playground.engine.program import Program
from playground.training.plan import Plan
from playground.training.snapshot import Snapshot
from playground.ui.canvas.card import CardItem
from playground.ui.canvas.face import Face
from playground.ui.canvas.lasting import READINGS, Lasting
from playground.ui.canvas.scene import CanvasScene
from playground.ui.canvas.state_words import words_of
from playground.ui.translation import figure

#: States that are the matter with single units, which are marked.
_OF_UNITS = ("dead", "saturated")


class AtWork:
    """Brings snapshots to the cards and wires of a scene."""

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self._states = Lasting()
        self._plan: Plan | None = None
        self._plane = 0

    def wanted(self, visible: QRectF) -> tuple[str, ...]:
        """The nodes of which every unit is seen in that part of the scene."""
        if self._scene.manner.bare >= 1.0:
            return ()
        cards = self._scene.cards.items()
        return tuple(id for id, card in cards if _has_maps(card.face) and visible.intersects(card.rect))

    def show_frame(self, snapshot: Snapshot) -> None:
        """Pictures and lines, at the display's rate. A picture is made of its numbers only where it is painted."""
        views = snapshot.plan.program.views(snapshot.values)
        wires = self._scene.document.network.wires
        self._scene.wires.show_weights({wire: views.get(f"{wire.target}.weight") for wire in wires})
        # Without maps: nobody has asked for them yet, or there is no such plane any more.
        other_plane = self._plan is not snapshot.plan or self._plane != snapshot.plane_number
        if snapshot.maps:
            self._plan, self._plane = snapshot.plan, snapshot.plane_number
        for id, card in self._scene.cards.items():
            if card.face.folded:
                card.live.show_weights(views.get(f"{id}.weight"))
            elif _has_maps(card.face):
                pictures = snapshot.maps.get(id)
                if pictures is not None and len(pictures) == card.face.width:
                    card.live.show_maps(pictures)
                elif other_plane:
                    card.live.show_maps(None)

    def show_reading(self, snapshot: Snapshot) -> None:
        """Numbers and states, slowly enough to be read."""
        program = snapshot.plan.program
        views = program.views(snapshot.values)
        for id, card in self._scene.cards.items():
            if card.face.kind == "dense":
                bias = views.get(f"{id}.bias")
                if bias is not None and len(bias) == card.face.width:
                    card.live.show_biases(bias, tuple(map(_bias_words, bias.tolist())))
                else:
                    card.live.show_biases(None, ())
        self._states.read(snapshot.states, READINGS if snapshot.running else 1)
        self._mark(program)

    def _mark(self, program: Program) -> None:
        """Mark the units with something the matter, at the layer whose units they are."""
        marked: dict[str, frozenset[int]] = {}
        for state in self._states.told:
            if state.kind in _OF_UNITS:
                owner = _layer_of(state.node, program)
                marked[owner] = marked.get(owner, frozenset()) | frozenset(state.units)
        for id, card in self._scene.cards.items():
            card.live.show_marked(marked.get(id, frozenset()))

    def problems(self) -> tuple[Problem, ...]:
        """What is the matter, as warnings of the nodes; the one that is said first hides the others of its node."""
        known = {id: card.face for id, card in self._scene.cards.items()}
        return tuple(
            Problem(state.node, words_of(state, known[state.node].title), severity="warning")
            for state in self._states.told
            if state.node in known
        )

    def forget(self) -> None:
        """Another document: nothing of the one before is shown."""
        self._states.forget()
        self._plan = None
        for card in self._scene.cards.values():
            forget(card)
        self._scene.wires.show_weights({})


def forget(card: CardItem) -> None:
    """Show circles again: what was learned is not this card's any more."""
    card.live.show_maps(None)
    card.live.show_weights(None)
    card.live.show_biases(None, ())
    card.live.show_marked(frozenset())


def _has_maps(face: Face) -> bool:
    return face.kind in ("input", "dense") and not face.folded and not face.hidden and face.width is not None


def _layer_of(node: str, program: Program) -> str:
    """The layer whose units an activation's are: back over whatever takes each unit for itself."""
    made = {one.node: one for one in program.instructions}
    while node in made and not made[node].parameters and len(made[node].inputs) == 1:
        node = made[node].inputs[0]
    return node


def _bias_words(number: float) -> str:
    """A bias as it is written below its map."""
    rounded = round(number, 2)
    return f"b {'−' if rounded < 0 else '+'}{figure(abs(rounded), decimals=2)}"
