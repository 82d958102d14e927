"""Every way in which a network cannot be trained, said in the user's words before training is tried.

A problem names both nodes, both numbers and the way out, and most carry that way out as one edit. Errors come before
warnings and causes before their effects, so that the first one is the one to mend first.
"""

from __future__ import annotations

from collections.abc import Mapping

from playground.data.table import Table
from playground.document.check_fields import field_problems
from playground.document.check_path import fitting_loss, path_problems
from playground.document.check_shapes import expected_outputs, shape_problems
from playground.document.check_start import start_problems
from playground.document.check_wires import wire_problems
from playground.document.model import Document
from playground.document.problem import Problem, Remedy, names
from playground.document.shapes import node_widths

__all__ = [
    "Problem",
    "Remedy",
    "expected_outputs",
    "fitting_loss",
    "problems",
    "widths",
]


def problems(document: Document, table: Table | None) -> tuple[Problem, ...]:
    """What keeps the document from being trained on these rows, and what would make it train badly.

    Args:
        document: any document, from a hand-edited file too; nothing here raises.
        table: the raw rows of its data; None where there are none yet: then the data are not judged.
    """
    called = names(document.network)
    found = [
        *wire_problems(document.network, called),
        *path_problems(document, table, called),
        *field_problems(document, table, called),
        *shape_problems(document, table, called),
        *start_problems(document, called),
    ]
    return tuple(sorted(found, key=lambda problem: problem.severity != "error"))


def widths(document: Document) -> Mapping[str, int | None]:
    """How many values the wires that leave each node carry (a loss: that enter it), by node id; None: not known.

    The input's width is the number of its features, whatever the table has.
    """
    return node_widths(document.network)
