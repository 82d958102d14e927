from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from experiments import preset
from PySide6.QtCore import QPoint, Qt

from playground.document.model import Document
from playground.ui import theme
from playground.ui.plots.loss import LossPlot
from playground.ui.theme import DARK
from playground.ui.translation import set_language


@pytest.fixture
def plot(session, qtbot):
    made = LossPlot(session)
    qtbot.addWidget(made)
    made.resize(420, 240)
    made.show()
    return made


@pytest.fixture
def history(plot, opened):
    """Shows a made-up history through a real snapshot."""
    session = opened(preset("xor"))

    def show(*rows: list[float], running: bool = False) -> LossPlot:
        array = np.array(rows, dtype=np.float64).reshape(3, -1)
        shown = replace(session.snapshot, history=array, running=running)
        session.frame.emit(shown)
        session.reading.emit(shown)
        plot.grab()
        return plot

    return show


def curve(item) -> list[tuple[float, float]]:
    x, y = item.getData()
    return [] if x is None else list(zip(x.tolist(), y.tolist(), strict=True))


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_that_no_one_and_two_points_draw(history, count):
    rows = [[float(k) for k in range(count)], [0.7] * count, [0.8] * count]
    plot = history(*rows)
    assert len(curve(plot.view.train)) == count
    assert plot.view.hint.isVisible() == (count < 2)


def test_that_curves_hold_what_the_run_noted(history):
    plot = history([0.0, 1.0, 2.0], [0.7, 0.5, 0.25], [0.8, 0.6, 0.5])
    assert curve(plot.view.train) == [(0.0, 0.7), (1.0, 0.5), (2.0, 0.25)]
    assert curve(plot.view.test) == [(0.0, 0.8), (1.0, 0.6), (2.0, 0.5)]
    pens = [item.opts["pen"] for item in (plot.view.train, plot.view.test)]
    assert pens[0].style() == Qt.PenStyle.SolidLine
    assert pens[1].dashPattern()
    assert pens[0].color() != pens[1].color()


def test_that_losses_that_are_no_number_never_reach_the_curves(history):
    with np.errstate(all="raise"):
        plot = history([0.0, 1.0, 2.0], [0.7, 0.6, 0.5], [np.nan] * 3)
    assert curve(plot.view.test) == []
    assert [entry.text for entry in plot.key.entries] == ["train"]
    assert plot.reading() == "epoch 2  train 0.5000"


def test_that_a_logarithmic_axis_takes_a_loss_of_zero(history):
    plot = history([0.0, 1.0, 2.0], [1.0, 0.1, 0.0], [1.0, 0.5, 0.5])
    with np.errstate(all="raise"):
        plot.log_chip.click()
        plot.grab()
    heights = [y for _, y in curve(plot.view.train)]
    assert heights[:2] == pytest.approx([0.0, -1.0])
    assert heights[2] == plot.view.ranges.losses[0]
    plot.log_chip.click()
    assert [y for _, y in curve(plot.view.train)] == [1.0, 0.1, 0.0]


def test_that_the_cursor_reads_both_losses_of_an_epoch(history, qtbot):
    epochs = [float(k) for k in range(101)]
    plot = history(epochs, [1.0 / (1 + k) for k in epochs], [2.0 / (2 + k) for k in epochs])
    assert plot.reading() == "epoch 100  train 0.0099  test 0.0196"
    area = plot.view.box.sceneBoundingRect()
    middle = QPoint(round(area.left() + 0.5 * area.width()), round(area.center().y()))
    qtbot.mouseMove(plot.view.viewport(), middle)
    epoch = plot.view.ranges.epochs[1] / 2
    assert plot.reading().startswith(f"epoch {round(epoch)}  train {1 / (1 + round(epoch)):.4f}")
    assert plot.view.cursor.isVisible()
    assert len(plot.view.dots.getData()[0]) == 2
    assert plot.view.accessibleDescription() == plot.reading()
    plot.view.leaveEvent(None)
    assert plot.reading().startswith("epoch 100 ")
    assert not plot.view.cursor.isVisible()


def test_that_arrow_keys_read_epochs(history, qtbot):
    plot = history([0.0, 1.0, 2.0], [0.7, 0.5, 0.25], [0.8, 0.6, 0.5])
    qtbot.keyClick(plot.view, Qt.Key.Key_Left)
    assert plot.reading() == "epoch 1  train 0.5000  test 0.6000"
    qtbot.keyClick(plot.view, Qt.Key.Key_Escape)
    assert plot.reading() == "epoch 2  train 0.2500  test 0.5000"


def test_that_a_reset_forgets_the_cursor_of_a_longer_history(history, qtbot):
    plot = history([0.0, 1.0, 2.0], [0.7, 0.5, 0.25], [0.8, 0.6, 0.5])
    qtbot.keyClick(plot.view, Qt.Key.Key_Left)
    plot = history([0.0], [0.7], [0.8])
    assert plot.reading() == "epoch 0  train 0.7000  test 0.8000"
    assert not plot.view.cursor.isVisible()


def test_that_another_document_starts_with_an_empty_plot(plot, opened, qtbot):
    session = opened(preset("xor", epochs=5))
    with qtbot.waitSignal(session.ended, timeout=20_000):
        session.train()
    qtbot.waitUntil(lambda: plot.history.shape[1] == 6, timeout=5000)
    session.open(Document())
    assert plot.history.shape[1] == 0
    assert curve(plot.view.train) == curve(plot.view.test) == []
    assert plot.reading() == ""
    assert plot.view.hint.isVisible()


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("size", [(420, 240), (240, 150), (300, 130)])
def test_that_the_hint_lies_inside_the_plots_area_with_all_its_words(plot, language, size):
    set_language(language)
    plot.resize(*size)
    plot.grab()
    hint = plot.view.hint
    assert plot.view.box.sceneBoundingRect().toAlignedRect().contains(hint.geometry())
    assert hint.height() >= hint.heightForWidth(hint.width())


def test_that_a_real_run_arrives_and_no_item_is_added_on_the_way(plot, opened, qtbot):
    session = opened(preset("xor", epochs=25))
    items = len(plot.view.scene().items())
    with qtbot.waitSignal(session.ended, timeout=20_000):
        session.train()
    qtbot.waitUntil(lambda: plot.history.shape[1] == 26, timeout=5000)
    x, y = plot.view.train.getData()
    assert x.tolist() == list(range(26))
    assert y[-1] == session.snapshot.figures.train_loss
    assert len(plot.view.scene().items()) == items


def test_that_pens_are_thin_while_it_runs_and_two_wide_when_it_stands(history):
    plot = history([0.0, 1.0, 2.0], [0.7, 0.5, 0.25], [0.8, 0.6, 0.5])
    assert plot.view.train.opts["pen"].width() == 2
    plot.view.set_live(True)
    assert plot.view.train.opts["pen"].width() == 1
    plot.view.set_live(False)
    assert plot.view.train.opts["pen"].width() == 2


def test_that_theme_and_language_reach_the_plot(history):
    plot = history([0.0, 1.0], [0.7, 0.5], [0.8, 0.6])
    theme.themes.choose("dark")
    assert plot.view.train.opts["pen"].color() == DARK.accent
    assert plot.key.entries[1].color == DARK.forward
    set_language("ko")
    for name in (plot.accessibleName(), plot.view.accessibleName(), plot.log_chip.accessibleName()):
        assert name
