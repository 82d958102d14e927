"""What is shown of one step, as plain data: a title, equations, a table, and which number stands where."""

from __future__ import annotations

from dataclasses import dataclass

from playground.engine.asked import Asked
from playground.engine.formulas import Number
from playground.ui.microscope.equations import Ink, Piece


@dataclass(frozen=True)
class Row:
    """A row of the table: the weight or bias that it is about, and which number of the pass each cell is."""

    cells: tuple[str, ...]
    number: Number | None = None
    asks: tuple[Asked | None, ...] = ()

    def asked(self, column: int) -> Asked | None:
        """The number of a cell that can be asked for; None for names and for what is given."""
        return self.asks[column] if column < len(self.asks) else None


@dataclass(frozen=True)
class Shown:
    """All that is said of one step.

    `chosen` is the row that the equations are about, `inks` are the columns'; `asks` is what the step comes to, number
    by number, as it is asked for.
    """

    title: str
    note: str = ""
    equations: tuple[tuple[Piece, ...], ...] = ()
    columns: tuple[str, ...] = ()
    inks: tuple[Ink, ...] = ()
    rows: tuple[Row, ...] = ()
    chosen: int | None = None
    asks: tuple[Asked, ...] = ()

    def text(self) -> str:
        """The equations as plain text, one a line."""
        return "\n".join(" ".join(piece.text for piece in pieces) for pieces in self.equations)
