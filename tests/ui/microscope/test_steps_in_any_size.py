"""The page of steps at any width and height: one layout each, whatever its scroll bar takes of the width."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from playground.document.presets import PRESETS


def needed(area) -> bool:
    return area.widget().heightForWidth(area.width()) > area.height()


@pytest.mark.parametrize("preset", ["xor", "lecture"])
def test_that_every_step_has_one_layout_in_a_panel_of_any_size(bench, preset):
    made = bench(PRESETS[preset].document)
    made.reader.begin()
    made.bot.waitUntil(lambda: made.reader.found is not None and not made.reader.waiting, timeout=5000)
    page = made.steps
    bar = page.area.verticalScrollBar()
    for done in range(1, len(made.reader.found.steps) + 1):
        made.reader.go_to(done)
        made.reader.typesetter.settle()
        for width in range(560, 900, 24):
            for height in (230, 270, 310):
                made.panel.resize(width, height)
                QApplication.processEvents()
                # An equation that is typeset meanwhile may need another height.
                made.until(lambda: bar.isVisible() == needed(page.area))
