from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from playground.document.model import Document
from playground.ui import theme
from playground.ui.session import Session
from playground.ui.translation import set_language

Opened = Callable[[Document], Session]


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    theme.themes.choose("light")
    made = Session()
    yield made
    made.close()
    theme.themes.choose("light")
    set_language("en")


@pytest.fixture
def opened(session: Session, qtbot: QtBot) -> Opened:
    """Opens a document and waits until its first snapshot, with the plane where a plot has asked for one, is there."""

    def open_document(document: Document) -> Session:
        session.snapshot = None
        session.open(document)
        qtbot.waitUntil(lambda: session.snapshot is not None and session.plan is not None, timeout=10_000)
        return session

    return open_document
