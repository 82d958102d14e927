"""The pages of the microscope, and what its foot can have done on them: one line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playground.messages import Message, message
from playground.ui.microscope.chain_page import ChainPage
from playground.ui.microscope.check_page import CheckPage
from playground.ui.microscope.descent_page import DescentPage
from playground.ui.microscope.ledger_page import LedgerPage
from playground.ui.microscope.numbers_page import NumbersPage
from playground.ui.microscope.page import Page
from playground.ui.microscope.reader import Reader
from playground.ui.microscope.steps_page import StepsPage


@dataclass(frozen=True)
class PageKind:
    """A page: its key, the words of its tab, what it is for, what makes it, and whether it needs a pass to show."""

    key: str
    label: Message
    meaning: Message
    make: Callable[[Reader], Page]
    needs_pass: bool = True


@dataclass(frozen=True)
class Deed:
    """A button of the foot: it acts on the page in front where that is one of `pages`, else on their first."""

    key: str
    label: Message
    meaning: Message
    pages: tuple[str, ...]
    do: Callable[[Any], object]


PAGES: tuple[PageKind, ...] = (
    PageKind("steps", message("Steps"), message("The present step, with its formula and numbers"), StepsPage),
    PageKind("chain", message("Chain rule"), message("One gradient, factor by factor"), ChainPage),
    PageKind("ledger", message("Ledger"), message("Every number at this moment, to be copied"), LedgerPage),
    PageKind("numbers", message("By hand"), message("Type the numbers yourself, and compare with paper"), NumbersPage),
    PageKind("descent", message("Descent"), message("The loss around one weight, and the step it takes"), DescentPage),
    PageKind("check", message("Check"), message("The gradient against small differences"), CheckPage, needs_pass=False),
)

DEEDS: tuple[Deed, ...] = (
    Deed("ask", message("Ask me"), message("Cover a number, and guess it"), ("steps", "chain", "ledger"),
         lambda page: page.ask()),
    Deed("nudge", message("Nudge"), message("Move a weight by 0.01, and see what follows"), ("chain",),
         lambda page: page.nudge()),
    Deed("check", message("Gradient check"), message("Compare every gradient with a small difference"), ("check",),
         lambda page: page.check()),
)  # fmt: skip
