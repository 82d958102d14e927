from __future__ import annotations

import pytest
from experiments import preset
from PySide6.QtCore import QPoint, Qt

from playground.data import spam
from playground.document.model import DataSpec
from playground.document.presets import PRESETS
from playground.ui.data_panel import FIRST, DataPanel, presets_of, settings_of
from playground.ui.translation import set_language


@pytest.fixture
def panel(session, qtbot):
    made = DataPanel(session)
    qtbot.addWidget(made)
    made.resize(230, 640)
    return made


def shown(panel: DataPanel) -> list[str]:
    return [name for name, tile in panel.tiles.items() if not tile.isHidden()]


def test_that_a_newcomer_meets_six_experiments_and_more_shows_all(panel):
    assert shown(panel) == list(PRESETS)[:FIRST]
    assert panel.settings.isHidden()
    panel.set_more(True)
    assert shown(panel) == list(PRESETS)
    assert not panel.settings.isHidden()


def test_that_an_experiment_that_is_open_is_shown_to_a_newcomer_too(panel, opened):
    opened(preset("spiral"))
    assert shown(panel) == [*list(PRESETS)[:FIRST], "spiral"]
    assert panel.group.choice() == "spiral"


def test_that_a_press_asks_for_the_experiment_and_shows_it_once_it_is_open(panel, opened, qtbot):
    session = opened(preset("xor"))
    panel.preset_chosen.connect(lambda name: session.open(PRESETS[name].document))
    with qtbot.waitSignal(panel.preset_chosen) as asked:
        panel.tiles["circle"].click()
    assert asked.args == ["circle"]
    assert session.document.data.kind == "circle"
    assert panel.group.choice() == "circle"


def test_that_a_refused_press_leaves_the_choice_where_it_was(panel, opened):
    opened(preset("xor"))
    panel.tiles["circle"].click()
    assert panel.group.choice() == "xor"


def test_that_pictures_come_after_the_window_and_read_no_large_file(panel, qtbot, monkeypatch):
    def read():
        raise AssertionError("the real mails were read for a thumbnail")

    monkeypatch.setattr(spam, "real_mails", read)
    assert all(tile._cloud is None for tile in panel.tiles.values())
    panel.set_more(True)
    panel.show()
    qtbot.waitUntil(lambda: all(tile._cloud is not None for tile in panel.tiles.values()), timeout=5000)
    assert not panel._drawing.isActive()


def test_that_open_mail_is_shown_by_its_own_points(panel, opened, qtbot):
    panel.show()
    qtbot.waitUntil(lambda: panel.tiles["spambase"]._cloud is not None, timeout=5000)
    drawing = panel.tiles["spambase"]._cloud
    opened(preset("spambase"))
    assert panel.tiles["spambase"]._cloud is not drawing
    assert panel.group.choice() == "spambase"


def test_that_overfitting_and_moons_are_told_apart_and_stay_when_tuned(panel, opened):
    session = opened(preset("overfit"))
    assert panel.group.choice() == "overfit"
    panel.settings.editors["noise"].set_value(0.2)
    panel.settings.editors["noise"].value_changed.emit(0.2)
    assert session.document.data.noise == 0.2
    assert panel.group.choice() == "overfit"
    opened(preset("moons"))
    assert presets_of(session.document.data)[0] == "moons"


def test_that_only_settings_that_change_something_are_offered(panel, opened):
    panel.set_more(True)
    for name, hidden in (("xor", set()), ("spambase", {"samples", "noise"}), ("lecture", {"samples", "noise"})):
        opened(preset(name))
        settings = panel.settings
        assert {key for key, editor in settings.editors.items() if editor.isHidden()} == hidden
        assert settings.sliders["noise"].isHidden() == ("noise" in hidden)
    assert settings_of(DataSpec("xor-corners")) == {"test_fraction", "seed", "scaling"}


def test_that_a_drag_of_the_noise_is_one_undo_step(panel, opened, qtbot):
    session = opened(preset("xor"))
    panel.set_more(True)
    panel.show()
    slider = panel.settings.sliders["noise"]
    middle = slider.height() // 2
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(20, middle))
    for x in range(24, slider.width() - 10, 4):
        qtbot.mouseMove(slider, QPoint(x, middle))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 10, middle))
    assert session.document.data.noise > 0.4
    assert panel.settings.editors["noise"].value() == session.document.data.noise
    assert session.undo_stack.count() == 1
    assert session.undo_stack.undoText() == "change Noise"
    session.undo_stack.undo()
    assert session.document.data.noise == 0.12
    assert slider.amount() == pytest.approx(0.12)
    assert panel.settings.editors["noise"].value() == 0.12


def test_that_two_drags_are_two_undo_steps(panel, opened, qtbot):
    session = opened(preset("xor"))
    panel.set_more(True)
    panel.show()
    slider = panel.settings.sliders["test_fraction"]
    for x in (15, slider.width() - 15):
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(x, slider.height() // 2))
    assert session.undo_stack.count() == 2


def test_that_keys_move_a_slider(panel, opened, qtbot):
    session = opened(preset("xor"))
    slider = panel.settings.sliders["test_fraction"]
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert session.document.data.test_fraction == pytest.approx(0.55)


def test_that_a_value_out_of_range_is_refused_in_words(panel, opened):
    session = opened(preset("xor"))
    panel.set_more(True)
    editor = panel.settings.editors["test_fraction"]
    editor.setText("1.5")
    editor.commit()
    assert session.document.data.test_fraction == 0.5
    assert "1.5" in panel.settings._reason.text()
    assert not panel.settings._reason.isHidden()


def test_that_the_dice_take_the_next_seed(panel, opened):
    session = opened(preset("xor"))
    panel.settings.dice.click()
    assert session.document.data.seed == 1
    assert session.document.training.seed == 0


def test_that_every_control_has_a_name_in_both_languages(panel, opened):
    opened(preset("xor"))
    for language in ("ko", "en"):
        set_language(language)
        settings = panel.settings
        controls = [*panel.tiles.values(), *settings.editors.values(), *settings.sliders.values(), settings.dice]
        assert all(control.accessibleName() for control in controls)
        assert panel.title()
