"""What a canvas keeps of one document must be what it would show of the next anew; see `test_random_operations`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conftest import two_four_one

from playground.document import edits
from playground.document.model import Document
from playground.document.problem import Problem
from playground.messages import message
from playground.ui.canvas.scene import CanvasScene

pytestmark = pytest.mark.usefixtures("qapp")
SAID = (Problem("lone", message("This does not lead to the loss, so it is left out of training.")),)


@pytest.fixture
def document() -> Document:
    """Each card where somebody has put it, and one far below that leads nowhere."""
    places = {"in": (0.0, 0.0), "h1": (300.0, 0.0), "a1": (500.0, 0.0), "out": (700.0, 0.0), "loss": (900.0, 0.0)}
    return edits.move(edits.add_node(two_four_one(), "lone", "dense", (300.0, 600.0)), places)


def test_that_a_note_goes_along_with_its_card_and_then_to_where_there_is_room(document: Document) -> None:
    scene = CanvasScene()
    scene.show(document, SAID)
    target = scene.rects["h1"].topLeft()
    target.setY(target.y() - scene.rects["lone"].height() - 40.0)
    scene.preview({"lone": target})
    assert scene.notes["lone"].rect.intersects(scene.rects["h1"]), "while it is dragged"
    scene.show(edits.move(document, {"lone": (target.x(), target.y())}), SAID)
    assert not any(scene.notes["lone"].rect.intersects(rect) for rect in scene.rects.values())


def test_that_a_note_goes_with_its_card(document: Document) -> None:
    scene = CanvasScene()
    scene.show(document, SAID)
    assert set(scene.notes) == {"lone"}
    # While other rows are made the problems are those of the document before.
    scene.show(edits.remove(document, ["lone"]), SAID)
    assert not scene.notes


def test_that_the_drawing_stands_around_the_middles_that_the_cards_have_now(document: Document) -> None:
    scene = CanvasScene()
    scene.manner = replace(scene.manner, bare=1.0)
    scene.show(document, ())
    before = scene.rects["a1"].center().x()
    scene.show(edits.rename(document, "a1", "a name that is wider than the card"), ())
    anew = CanvasScene()
    anew.manner = scene.manner
    anew.show(scene.document, ())
    assert scene.rects == anew.rects
    assert scene.rects["a1"].center().x() > before
