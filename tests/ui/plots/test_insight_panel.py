from __future__ import annotations

import pytest
from experiments import preset
from PySide6.QtWidgets import QApplication

from playground.document import edits
from playground.document.problem import Remedy
from playground.messages import message
from playground.ui.insight import Insight, InsightPanel
from playground.ui.translation import set_language


@pytest.fixture
def panel(session, qtbot):
    made = InsightPanel(session)
    qtbot.addWidget(made)
    made.resize(360, 260)
    made.show()
    return made


def test_that_a_run_is_followed_from_its_start_to_its_end(panel, opened, qtbot):
    session = opened(preset("xor"))
    qtbot.waitUntil(lambda: len(panel.texts()) > 0, timeout=5000)
    assert panel.texts()[0].startswith("Not trained yet")
    with qtbot.waitSignal(session.ended, timeout=60_000):
        session.train()
    qtbot.waitUntil(lambda: panel.texts()[0].startswith("Solved: "), timeout=5000)
    assert panel.accessibleDescription() == " ".join(panel.texts())


def test_that_a_remedy_is_one_press_and_one_undo_step(panel, opened, qtbot):
    session = opened(preset("xor", activations=False))
    qtbot.waitUntil(lambda: len(panel.texts()) > 1, timeout=5000)
    place = next(place for place, insight in enumerate(panel.insights) if insight.remedy is not None)
    button = panel._rows[place].button
    assert button.isVisible()
    assert button.text() == "Switch activations on"
    button.click()
    assert session.document.network.node("a1").fields["enabled"] is True
    assert session.undo_stack.count() == 1
    qtbot.waitUntil(lambda: all("activations off" not in text for text in panel.texts()), timeout=5000)


def test_that_a_run_that_runs_away_is_explained(panel, opened, qtbot):
    session = opened(preset("single-neuron", learning_rate=3.0, epochs=1000))
    with qtbot.waitSignal(session.ended, timeout=20_000):
        session.train()
    qtbot.waitUntil(lambda: panel.texts()[0].startswith("The loss ran away at update "), timeout=5000)
    assert panel.texts()[1] == "The learning rate was 3. Try a lower one."
    panel._rows[1].button.click()
    assert session.document.training.learning_rate == 1.0
    qtbot.waitUntil(lambda: "Try a lower one" not in " ".join(panel.texts()), timeout=5000)


def test_that_a_problem_is_said_with_what_mends_it(panel, opened, qtbot):
    session = opened(preset("xor"))
    session.edit(message("delete"), lambda document: edits.remove(document, ["loss"]))
    assert panel.texts()[0] == str(session.problems[0].message)
    assert panel.insights[0].tone == "error"
    panel._rows[0].button.click()
    assert session.first_error is None
    qtbot.waitUntil(lambda: panel.texts()[0].startswith("Not trained yet"), timeout=5000)


def test_that_the_title_speaks_the_language_of_the_window(panel, opened):
    opened(preset("xor"))
    english = panel.title()
    set_language("ko")
    assert panel.title()
    set_language("en")
    assert panel.title() == english == "What is going on"


@pytest.fixture
def three(panel, qtbot, request):
    """Three long sentences, the last with a remedy."""

    def say(language):
        set_language(language)
        request.addfinalizer(lambda: set_language("en"))
        moved = message("The loss has moved less than 1 % in {epochs} epochs.", epochs="299")
        limit = message("{moved} Training longer will not help: the model is the limit.", moved=moved)
        off = message("With the activations off this network is {what}.", what=message("one straight line"))
        xor = message("{said} On XOR a line gets at most about 75 % right.", said=off)
        mend = Remedy(message("Switch activations on"), lambda document: document)
        panel._show((Insight("warn", limit), Insight("info", xor), Insight("info", xor, mend)))
        QApplication.processEvents()
        return panel

    return say


def rows_in(panel):
    return [row for row in panel._rows if not row.isHidden()]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("width", [240, 330, 360, 480])
def test_that_the_panel_asks_for_the_height_at_which_every_line_and_the_remedy_are_whole(three, language, width):
    panel = three(language)
    panel.resize(width, 150)
    QApplication.processEvents()
    panel.resize(width, panel.sizeHint().height())
    QApplication.processEvents()
    room = panel.area.viewport().rect()
    assert not panel.area.verticalScrollBar().isVisible()
    for row in rows_in(panel):
        assert room.contains(row.geometry().translated(panel._inner.pos()))
        assert row.words.height() >= row.words.heightForWidth(row.words.width())
        assert row.button.isHidden() or row.button.y() >= row.words.geometry().bottom()
    tall = panel.sizeHint().height()
    assert panel.minimumSizeHint().height() == min(tall, 264)


def test_that_where_there_is_less_room_everything_can_be_scrolled_to(three):
    panel = three("en")
    panel.resize(330, 150)
    QApplication.processEvents()
    bar = panel.area.verticalScrollBar()
    assert bar.isVisible()
    bar.setValue(bar.maximum())
    button = rows_in(panel)[-1].button
    seen = button.mapTo(panel.area.viewport(), button.rect().bottomLeft())
    assert panel.area.viewport().rect().contains(seen)
    panel._show(panel.insights[:1])
    QApplication.processEvents()
    assert bar.value() == 0
    assert not bar.isVisible()
