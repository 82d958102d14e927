"""What holds for every test with a window."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _collected_in_one_thread() -> Iterator[None]:
    """As in the program (`playground.ui.collecting`): what belongs to Qt is not freed by a thread that trains."""
    gc.disable()
    yield
    gc.collect(1)  # what this test has made
    gc.enable()
