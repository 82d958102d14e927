"""Whose keys are whose: none means two things, every one is listed under F1, and text stays text."""

from __future__ import annotations

import re

from driving import CTRL, NONE, SHIFT, Desk, Key
from PySide6.QtCore import QKeyCombination
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel

from playground.ui.canvas import keys
from playground.ui.canvas.quick_add import QuickAdd
from playground.ui.keys_dialog import KeysDialog

#: The same thing by two ways, and keys of which F1 names one for both.
ALSO = {
    *("Alt+Down", "Alt+Left", "Alt+Right", "Alt+Up"),
    *("Backspace", "Return", "Enter"),
    *("Shift++", "=", "Ctrl+=", "Ctrl+Shift++", "Ctrl+Shift+="),
}


def canvas_keys() -> set[str]:
    table = (QKeySequence(QKeyCombination(modifiers, key)) for modifiers, key in keys._TABLE)
    return {sequence.toString(QKeySequence.SequenceFormat.PortableText) for sequence in table}


def window_keys(desk: Desk) -> dict[str, bool]:
    """Each key of the menus, and whether it acts only where the canvas has the focus."""
    commands = (one for _, group in desk.window.menus.commands.values() for one in group if one is not None)
    return {
        QKeySequence(one.key).toString(QKeySequence.SequenceFormat.PortableText): one.on_canvas
        for one in commands
        if one.key is not None
    }


def test_that_no_key_means_one_thing_on_the_canvas_and_another_in_the_window(desk):
    window = window_keys(desk)
    assert len(window) > 20
    clashing = {key for key in canvas_keys() if window.get(key) is False}
    assert clashing == {"Ctrl++", "Ctrl+-", "Ctrl+0"}, "these zoom the canvas from anywhere"


def test_that_f1_lists_every_key_of_the_canvas(desk):
    desk.key(Key.Key_F1)
    dialog = desk.window.findChild(KeysDialog)
    words = {label.text() for label in dialog.findChildren(QLabel)}
    listed = {part for text in words for part in re.split(r", or |, |  ", text)}
    native = {"-": "−"}
    for key in canvas_keys() - ALSO:
        assert native.get(key, key) in listed, f"{key} is not listed"
    dialog.close()


def test_that_f1_lists_every_key_of_the_window_and_of_the_microscope(desk):
    desk.key(Key.Key_F1)
    dialog = desk.window.findChild(KeysDialog)
    words = {label.text() for label in dialog.findChildren(QLabel)}
    actions = [*desk.window.findChildren(QAction), *desk.canvas.actions()]
    native = QKeySequence.SequenceFormat.NativeText
    keys = {action.shortcut().toString(native) for action in actions if not action.shortcut().isEmpty()}
    assert {"Ctrl+M", "Ctrl+Z", "F8", "Ctrl+Shift+L"} <= keys
    assert keys <= words
    assert "Page Down, Page Up" in words
    dialog.close()


def test_that_a_letter_in_the_window_searches_where_the_canvas_has_the_focus_and_writes_where_text_has(desk):
    desk.canvas.setFocus()
    desk.key(Key.Key_T)
    assert isinstance(desk.focus.parent(), QuickAdd)
    desk.type("anh")
    assert desk.focus.text() == "tanh"
    desk.key(Key.Key_Escape)
    document = desk.session.document
    desk.key(Key.Key_M, CTRL)
    rate = desk.window.transport.rate
    rate.setFocus()
    for key, modifiers in ((Key.Key_Delete, NONE), (Key.Key_Insert, NONE), (Key.Key_K, CTRL), (Key.Key_F6, SHIFT)):
        desk.key(key, modifiers)
    assert desk.session.document is document
    assert not any(one.isVisible() for one in desk.canvas.viewport().findChildren(QuickAdd))


def test_that_a_syllable_begun_on_the_canvas_is_finished_in_the_search(desk):
    desk.canvas.setFocus()
    desk.compose("한")
    assert isinstance(desk.focus.parent(), QuickAdd)
    assert desk.focus.text() == "한"
    desk.key(Key.Key_Escape)
    assert desk.canvas.hasFocus()
