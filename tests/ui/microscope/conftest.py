"""A real session with its trainer, and a reader that somebody looks at, closed after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from bench import Bench
from descending import descent_page
from looking import Looker, lecture
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from playground.document.model import Document
from playground.ui.microscope.descent_page import DescentPage
from playground.ui.session import Session
from playground.ui.theme import themes
from playground.ui.translation import set_language


@pytest.fixture
def looker(qtbot: QtBot) -> Iterator[Looker]:
    themes.choose("light")
    set_language("en")
    session = Session()
    looker = Looker(session, qtbot)
    yield looker
    session.close()
    looker.close()
    themes.choose("light")
    set_language("en")


@pytest.fixture
def bench(looker: Looker, qtbot: QtBot) -> Callable[[Document], Bench]:
    looker.reader.set_active(False)

    def made(document: Document, size: QSize = QSize(760, 270)) -> Bench:  # noqa: B008
        bench = Bench(looker, size)
        looker.closing.append(bench.close)
        bench.open(document)
        return bench

    return made


@pytest.fixture
def descent(looker: Looker) -> Iterator[DescentPage]:
    """The descent page over the first row of the lecture's network."""
    looker.open(lecture())
    looker.begin((0,))
    with descent_page(looker) as page:
        yield page
