"""A real session with its trainer, closed after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot
from watching import Reader, two_four_one

from playground.ui.session import Session


@pytest.fixture
def reader(qtbot: QtBot) -> Iterator[Reader]:
    session = Session()
    yield Reader(session, qtbot)
    session.close()


@pytest.fixture
def xor(reader: Reader) -> Reader:
    """That network, loaded."""
    reader.open(two_four_one())
    return reader
