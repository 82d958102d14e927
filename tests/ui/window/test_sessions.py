"""Whole sessions in the real window: the issue's own network built, trained and taken away."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from driving import CTRL, NONE, SHIFT, Desk, Key, spoken_names
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from playground.document.presets import PRESETS
from playground.formats.project import write_project_file
from playground.training.plan import make_plan
from playground.training.run import Run
from playground.ui.main_window import MainWindow
from playground.ui.translation import set_language

NETWORK = {("Input", "Dense 4"), ("Dense 4", "tanh"), ("tanh", "Dense 1"), ("Dense 1", "Loss")}


def empty(desk: Desk) -> None:
    """File ▸ New, by its key."""
    desk.key(Key.Key_N, CTRL)
    assert desk.session.document.network.nodes == ()
    desk.until(lambda: desk.session.first_error is not None and desk.scene.manner.bare == 0.0)


def train_until(desk: Desk, accuracy: float) -> None:
    """Space, until so many of the test points are right; then Space again."""
    desk.key(Key.Key_Space)
    assert desk.session.running
    desk.until(lambda: desk.accuracy() >= accuracy)
    if desk.session.running:
        desk.key(Key.Key_Space)
    assert not desk.session.running


def give_path(desk: Desk, path: Path) -> None:
    """Type a path into the file dialog that is open, and press Enter."""
    dialog = desk.dialog()
    assert isinstance(dialog, QFileDialog)
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    assert dialog.focusWidget() is field, "the name can be typed at once"
    # At once: the list of completions, which has no keyboard to take without a screen, stays away.
    field.setText(str(path))
    QTest.keyClick(field, Key.Key_Return)
    desk.until(lambda: not desk.dialogs())
    desk.window.activateWindow()


# --- by mouse --------------------------------------------------------------------------------------


def test_that_the_mouse_alone_builds_the_network_from_an_empty_canvas_and_trains_it(desk):
    empty(desk)
    desk.carry("input", QPointF(0.0, 0.0))
    desk.carry("dense", QPointF(300.0, 0.0))
    desk.drag(desk.out("Input"), desk.into("Dense 4"))
    assert desk.wires() == {("Input", "Dense 4")}
    desk.double_click(desk.row("loss"))
    assert ("Dense 4", "Loss") in desk.wires()
    desk.carry("dense", desk.middle("Dense 4", "Loss"))
    last = desk.session.document.network.sources(desk.id("Loss"))[0]
    desk.until(lambda: last in desk.scene.notes)
    desk.click_at(desk.scene.notes[last].button.center())
    assert desk.wires() == {("Input", "Dense 4"), ("Dense 4", "Dense 1"), ("Dense 1", "Loss")}
    desk.carry("tanh", desk.middle("Dense 4", "Dense 1"))
    assert desk.wires() == NETWORK
    desk.runs()
    assert desk.session.problems == ()
    desk.click(desk.window.transport.train)
    desk.until(lambda: desk.session.snapshot.epoch > 0)
    desk.click(desk.window.transport.train)
    assert not desk.session.running


def test_that_the_mouse_moves_bands_deletes_copies_and_every_step_can_be_undone(desk):
    desk.show_neurons()
    start = desk.session.document
    desk.drag(desk.grip("Dense 1"), desk.grip("Dense 1") + QPointF(40.0, 96.0))
    moved = desk.session.document
    assert moved.network.wires == start.network.wires
    rects = desk.scene.rects[desk.id("Dense 1")].united(desk.scene.rects[desk.id("Loss")])
    desk.drag(rects.bottomLeft() + QPointF(-12.0, 24.0), rects.topRight() + QPointF(12.0, -24.0))
    assert {desk.scene.faces[id].title for id in desk.session.selection} == {"Dense 1", "Loss"}
    desk.choose("&Edit", "Copy")
    desk.choose("&Edit", "Delete")
    assert desk.titles() == ["Input", "Dense 4", "tanh"]
    desk.choose("&Edit", "Paste")
    assert sorted(desk.titles()) == ["Dense 1", "Dense 4", "Input", "Loss", "tanh"]
    desk.click_at(desk.switch("tanh"))
    assert not desk.window.transport.switch.isChecked()
    while desk.session.undo_stack.canUndo():
        desk.key(Key.Key_Z, CTRL)
    assert desk.session.document == start
    while desk.session.undo_stack.canRedo():
        desk.key(Key.Key_Y, CTRL)
    assert sorted(desk.titles()) == ["Dense 1", "Dense 4", "Input", "Loss", "tanh"]
    assert not desk.window.transport.switch.isChecked()


# --- by keyboard alone -----------------------------------------------------------------------------


def test_that_the_keyboard_alone_builds_connects_names_and_trains_the_network(desk):
    empty(desk)
    for name in ("input", "dense", "tanh", "dense", "loss"):
        desk.key(Key.Key_Insert)
        assert isinstance(desk.focus, QLineEdit)
        desk.type(name)
        desk.key(Key.Key_Return)
        assert desk.canvas.hasFocus()
    desk.key(Key.Key_Left)
    assert desk.selected() == "Dense 4"
    # Enter goes to the settings, which are folded away until then; the first is the number of units.
    desk.key(Key.Key_Return)
    desk.until(lambda: desk.focus.accessibleName() == "Units")
    desk.key(Key.Key_A, CTRL)
    desk.type("1")
    desk.key(Key.Key_Return)
    assert desk.wires() == NETWORK
    desk.key(Key.Key_Escape)
    assert desk.canvas.hasFocus(), "Esc leads back to the canvas"
    desk.key(Key.Key_F2)
    desk.key(Key.Key_A, CTRL)
    desk.type("answer")
    desk.key(Key.Key_Return)
    assert ("answer", "Loss") in desk.wires()
    desk.key(Key.Key_Right)
    assert desk.selected() == "Loss"
    desk.key(Key.Key_Delete)
    assert "Loss" not in desk.titles()
    desk.key(Key.Key_Z, CTRL)
    desk.runs()
    desk.key(Key.Key_F7)
    train_until(desk, 0.97)


def test_that_ctrl_k_connects_a_layer_by_keyboard(desk):
    wire = ("tanh", "Dense 1")
    desk.canvas.select_wire(next(w for w in desk.session.document.network.wires if desk.named(w) == wire))
    desk.key(Key.Key_Delete)
    assert wire not in desk.wires()
    desk.canvas.go_to(desk.id("tanh"))
    desk.key(Key.Key_K, CTRL)
    desk.key(Key.Key_Return)
    assert wire in desk.wires()


# --- training --------------------------------------------------------------------------------------


def test_that_steps_reset_and_the_learning_rate_are_what_the_keys_say(desk):
    desk.key(Key.Key_F10)
    desk.until(lambda: desk.session.snapshot.updates == 1)
    desk.key(Key.Key_F10, SHIFT)
    desk.until(lambda: desk.session.snapshot.epoch == 1)
    weights = desk.session.snapshot.figures.train_loss
    desk.key(Key.Key_R, CTRL)
    desk.until(lambda: desk.session.snapshot.updates == 0)
    assert desk.session.snapshot.figures.train_loss != weights
    desk.key(Key.Key_M, CTRL)
    rate = desk.window.transport.rate
    assert rate.isVisible()
    rate.setFocus(Qt.FocusReason.TabFocusReason)
    for text, value in (("0,05", 0.05), ("1e-4", 1e-4)):
        desk.key(Key.Key_A, CTRL)
        desk.type(text)
        desk.key(Key.Key_Return)
        assert desk.session.document.training.learning_rate == value
    assert rate.text() == "0.0001"
    assert desk.session.undo_stack.undoText() == "set Learning rate η to 0.0001"
    desk.canvas.setFocus()
    desk.key(Key.Key_Z, CTRL)
    assert desk.session.document.training.learning_rate == 0.05
    assert rate.text() == "0.05"


def test_that_with_the_activations_off_it_stays_a_half_plane_and_on_again_it_bends(desk):
    desk.key(Key.Key_F7)
    desk.key(Key.Key_F6)
    desk.key(Key.Key_Space)
    desk.until(lambda: not desk.session.running)
    assert desk.session.snapshot.epoch == 200
    assert desk.accuracy() <= 0.8
    desk.key(Key.Key_F6)
    desk.runs()
    desk.key(Key.Key_Space)
    desk.until(lambda: not desk.session.running)
    assert desk.session.snapshot.epoch == 400
    assert desk.accuracy() >= 0.97


# --- files -----------------------------------------------------------------------------------------


def test_that_a_trained_network_is_saved_exported_and_comes_back_as_it_was(desk, tmp_path):
    desk.key(Key.Key_F7)
    train_until(desk, 0.9)
    desk.key(Key.Key_S, CTRL)
    give_path(desk, tmp_path / "mine")
    desk.until(lambda: "Saved: mine.json." in desk.said)
    assert desk.window.windowTitle() == "mine.json[*] — Backprop Playground"
    assert not desk.window.isWindowModified()
    loss, epoch = desk.session.snapshot.figures.train_loss, desk.session.snapshot.epoch
    document = desk.session.document
    desk.key(Key.Key_E, CTRL)
    give_path(desk, tmp_path / "mine.npz")
    desk.until(lambda: any(words.startswith("Exported mine.npz.") for words in desk.said))
    with np.load(tmp_path / "mine.npz") as arrays:
        assert any(array.shape == (2, 4) for array in arrays.values())
    desk.click(desk.window.data_panel.tiles["circle"])
    desk.until(lambda: desk.session.document.data.kind == "circle")
    desk.runs()
    desk.key(Key.Key_O, CTRL)
    give_path(desk, tmp_path / "mine.json")
    desk.until(lambda: desk.session.document.data.kind == "xor")
    desk.runs()
    assert desk.session.document == document
    assert desk.session.snapshot.epoch == epoch
    assert desk.session.snapshot.figures.train_loss == pytest.approx(loss, rel=1e-12)
    assert not desk.window.isWindowModified()


def test_that_an_empty_canvas_saved_after_a_run_holds_no_weights_of_that_run(desk, tmp_path):
    desk.key(Key.Key_F10)
    desk.until(lambda: desk.session.snapshot.updates == 1)
    empty(desk)
    desk.key(Key.Key_S, CTRL)
    give_path(desk, tmp_path / "empty.json")
    desk.until(lambda: "Saved: empty.json." in desk.said)
    desk.key(Key.Key_O, CTRL)
    give_path(desk, tmp_path / "empty.json")
    desk.until(lambda: not desk.window.files.errands.busy)
    assert desk.window.windowTitle() == "empty.json[*] — Backprop Playground"
    assert "layers" not in (tmp_path / "empty.json").read_text("utf-8")
    assert '"h1' not in (tmp_path / "empty.json").read_text("utf-8")


def test_that_an_empty_canvas_shows_no_figures_of_the_network_before(desk):
    desk.key(Key.Key_F10, SHIFT)
    desk.until(lambda: desk.session.snapshot.epoch == 1)
    empty(desk)
    assert {shown.text() for shown in desk.window.transport.figures.values()} == {"–"}
    assert desk.window.status.text() == ""


@pytest.mark.parametrize("answer", ["Save", "Discard", "Cancel"])
def test_that_unsaved_work_is_asked_for_before_the_window_closes(desk, tmp_path, answer):
    desk.window.canvas.select_all()
    desk.key(Key.Key_Delete)
    desk.key(Key.Key_Q, CTRL)
    box = desk.dialog()
    assert isinstance(box, QMessageBox)
    assert desk.window.isVisible()
    button = box.button(getattr(QMessageBox.StandardButton, answer))
    desk.click(button)
    if answer == "Save":
        give_path(desk, tmp_path / "kept.json")
        desk.until(lambda: (tmp_path / "kept.json").exists())
    if answer == "Cancel":
        desk.until(lambda: not desk.dialogs())
        assert desk.window.isVisible()
        assert desk.session.document.network.nodes == ()
        desk.key(Key.Key_Z, CTRL)
        desk.runs()
    else:
        desk.until(lambda: not desk.window.isVisible())


# --- text is text ----------------------------------------------------------------------------------


def test_that_keys_in_a_text_box_edit_text_only(desk):
    document = desk.session.document
    desk.canvas.go_to(desk.id("Dense 4"))
    desk.key(Key.Key_Return)
    desk.until(lambda: desk.focus.accessibleName() == "Units")
    name = desk.window.inspector.name
    name.setFocus()
    desk.type("wide")
    for key, modifiers in ((Key.Key_Backspace, NONE), (Key.Key_Space, NONE), (Key.Key_A, CTRL), (Key.Key_Delete, NONE)):
        desk.key(key, modifiers)
    assert name.text() == ""
    desk.type("ab cs")
    assert name.text() == "ab cs"
    desk.key(Key.Key_Z, CTRL)
    assert name.text() != "ab cs"
    assert desk.titles() == ["Input", "Dense 4", "tanh", "Dense 1", "Loss"]
    assert desk.session.document == document
    assert not desk.session.running


def test_that_korean_is_composed_in_every_text_field_and_never_taken_for_a_key(desk):
    desk.key(Key.Key_M, CTRL)
    desk.canvas.setFocus()
    desk.canvas.go_to(desk.id("Dense 1"))
    desk.key(Key.Key_F2)
    desk.key(Key.Key_A, CTRL)
    desk.compose("한")
    assert desk.focus.text() == "한"
    desk.key(Key.Key_Return)
    assert "한" in desk.titles()
    names = set()
    for field in desk.window.findChildren(QLineEdit):
        if not (field.isVisible() and field.isEnabled()) or field.isReadOnly():
            continue
        field.setFocus()
        before = field.text()
        field.selectAll()
        desk.compose("한")
        assert field.text() == "한", field.accessibleName()
        names.add(field.accessibleName())
        field.setText(before)
    assert {"Name", "Units", "Learning rate η"} <= names
    assert not desk.session.running


# --- reach -----------------------------------------------------------------------------------------


def test_that_tab_comes_to_every_control_and_each_has_a_name_in_words(desk):
    desk.key(Key.Key_M, CTRL)
    desk.canvas.go_to(desk.id("Dense 4"))
    wanted = [widget for widget in desk.window.findChildren(QWidget) if can_take_keys(widget)]
    assert len(wanted) > 40
    desk.window.transport.train.setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[QWidget] = []
    while desk.focus not in seen or desk.focus is desk.canvas:  # the canvas keeps Tab for its cards, then lets go
        assert len(seen) < 200, "Tab goes round in a circle that leaves something out"
        seen.append(desk.focus)
        desk.key(Key.Key_Tab)
    assert [named(widget) for widget in wanted if widget not in seen] == []


@pytest.mark.parametrize("language", ["en", "ko"])
def test_that_a_screen_reader_finds_a_name_in_words_for_everything_that_takes_keys(desk, language):
    set_language(language)
    desk.key(Key.Key_M, CTRL)
    desk.canvas.go_to(next(iter(desk.scene.cards)))
    names = spoken_names(desk.window)
    assert len(names) > 40
    assert [(kind, name) for kind, name in names if not in_words(name)] == []


def named(widget: QWidget) -> str:
    return f"{type(widget).__name__} “{widget.accessibleName()}” in {type(widget.parent()).__name__}"


def can_take_keys(widget: QWidget) -> bool:
    policy = widget.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
    return policy and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None


def in_words(name: str) -> bool:
    """Whether a voice can say it: "x₁·x₂" or "원" it can, "+" or "⌄" it cannot."""
    return sum(letter.isalnum() for letter in name) >= 2 or (len(name) == 1 and "가" <= name <= "힣")


# --- looks -----------------------------------------------------------------------------------------


def test_that_theme_and_language_change_while_it_trains_and_nothing_is_lost(desk):
    desk.key(Key.Key_Space)
    desk.choose("&View", "Theme", "Dark")
    desk.choose("&View", "Language", "한국어")
    assert desk.session.running
    assert desk.window.transport.train.text() == "일시 정지"
    assert desk.window.transport.switch.accessibleName() == "활성 함수"
    epoch = desk.session.snapshot.epoch
    desk.until(lambda: desk.session.snapshot.epoch > epoch)
    desk.key(Key.Key_Space)


@pytest.mark.parametrize(("language", "heading"), [("en", "File"), ("ko", "파일")])
def test_that_f1_lists_every_key_under_the_name_of_its_menu(desk, language, heading):
    set_language(language)
    desk.key(Key.Key_F1)
    words = [label.text() for label in desk.dialog().findChildren(QLabel)]
    assert heading in words
    assert {"Ctrl+N", "Ctrl+E", "F6", "Shift+F6"} <= set(words)
    QTest.keyClick(desk.dialog(), Key.Key_Escape)
    assert desk.dialogs() == []


def test_that_a_project_saved_the_moment_it_was_opened_keeps_what_it_had_learned(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    opened, saved = tmp_path / "trained.json", tmp_path / "again.json"
    plan = make_plan(PRESETS["xor"].document)
    run = Run(plan, plan.initial_state())
    run.advance(25)
    write_project_file(opened, plan.document, plan.program, run.state)
    window.files.open_file(opened)
    qtbot.waitUntil(lambda: window.files.path == opened, timeout=10_000)
    window.files._save_to(saved, None)
    qtbot.waitUntil(saved.exists, timeout=10_000)
    assert json.loads(saved.read_text())["progress"]["updates"] == 25
    assert json.loads(saved.read_text())["parameters"] == json.loads(opened.read_text())["parameters"]
