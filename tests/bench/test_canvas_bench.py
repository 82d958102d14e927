"""The bench of the canvas makes each edit and takes it back; how long that takes is no matter of tests."""

from __future__ import annotations

import pytest

from playground.bench.canvas import table
from playground.document.check import widths
from playground.ui.edit_costs import EDITS, crowd, measured, opened


def test_that_the_crowd_has_two_hundred_nodes_and_two_thousand_weights() -> None:
    network = crowd().network
    kinds, gives = {node.id: node.kind for node in network.nodes}, widths(crowd())
    lines = [
        (gives[wire.source] or 0) * ((gives[wire.target] or 0) if kinds[wire.target] == "dense" else 1)
        for wire in network.wires
    ]
    assert len(network.nodes) == 202
    assert sum(lines) == 1981


@pytest.mark.usefixtures("qapp")
def test_that_every_edit_is_made_and_undone_and_painted() -> None:
    document = crowd(lanes=3, depth=6, units=2)
    with opened(document) as window:
        found = measured(window, 1)
        assert window.session.document == document
        assert not window.session.problems
    assert list(found) == list(EDITS)
    selecting = {"select a card", "select all"}
    for name, costs in found.items():
        assert len(costs.edit) == len(costs.paint) == 1, name
        assert len(costs.undo) == len(costs.paint_undo) == (0 if name in selecting else 1), name
    assert all(f"| {name} |" in table(found) for name in EDITS)
