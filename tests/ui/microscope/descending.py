"""Somebody on the descent page: the page in front of a reader, and waiting for what its thread works out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from looking import PATIENCE, Looker

from playground.engine.descent import Plane
from playground.ui.microscope.descent_page import DescentPage


@contextmanager
def descent_page(looker: Looker) -> Iterator[DescentPage]:
    """The page, seen, until its thread is joined."""
    page = DescentPage(looker.reader)
    looker.bot.addWidget(page)
    page.resize(740, 260)
    page.show()
    try:
        yield page
    finally:
        page.end_work()
        page.hide()


def settled(page: DescentPage, looker: Looker) -> None:
    """Until nothing more comes of what was asked for so far."""
    looker.bot.waitUntil(lambda: page.idle, timeout=PATIENCE)


def surface(page: DescentPage, looker: Looker) -> Plane:
    """The finest surface of the numbers that are chosen."""
    page.show_surface()
    settled(page, looker)
    found = page.plane._found
    assert found is not None
    return found
