"""A real session with its trainer, and a reader that somebody looks at, closed after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from looking import Looker
from pytestqt.qtbot import QtBot

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
