"""The language of a running window: every word changes at once, and back, wherever the window may be."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator

import pytest
from babel.messages.pofile import read_po
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QComboBox, QDockWidget, QMenu, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from playground.document import edits
from playground.document.model import Document
from playground.messages import message
from playground.resources import resource
from playground.ui.main_window import MainWindow
from playground.ui.translation import language, set_language

GETTERS = ("text", "title", "windowTitle", "toolTip", "statusTip", "placeholderText")
GETTERS += ("accessibleName", "accessibleDescription")
SPOKEN = (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value)
HANGUL = re.compile("[가-힣]")
#: What stands between sentences that are shown in one text.
JOINTS = re.compile(r"\n| {2,}| · |: |(?<=[.!?]) ")


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Callable[[], MainWindow]]:
    """Opens windows as a newcomer meets them, with everything (More) shown; they are closed after the test."""
    set_language("en")
    windows: list[MainWindow] = []

    def new() -> MainWindow:
        window = MainWindow()
        windows.append(window)
        window.resize(1440, 900)
        window.choose_language(language())
        window.set_more(True)
        window.show()
        qtbot.waitUntil(lambda: window.session.snapshot is not None and window.session.snapshot.plane is not None)
        return window

    yield new
    for window in windows:
        window.shut_down()
        window.close()
        window.deleteLater()
    set_language("en")


def hidden_for_now(widget: QWidget, window: QWidget) -> bool:
    """Whether it was put away with its old words; menus and panels behind a tab can be opened and count as shown."""
    while widget is not None and widget is not window:
        if widget.isHidden() and not isinstance(widget, (QDockWidget, QMenu)):
            return True
        widget = widget.parentWidget()
    return False


def texts_of(item: QObject) -> Iterator[str]:
    for getter in GETTERS:
        # Some kinds have a method of that name that wants arguments.
        method = getattr(item, getter, None)
        if callable(method):
            try:
                yield method()
            except TypeError:
                continue
    if isinstance(item, QComboBox):
        yield from (item.itemText(index) for index in range(item.count()))
    if isinstance(item, QTabBar):
        yield from (item.tabText(index) for index in range(item.count()))
    interface = QAccessible.queryAccessibleInterface(item) if isinstance(item, QWidget) else None
    if interface is not None:
        yield from (interface.text(kind) for kind in SPOKEN)
        children = [interface.child(index) for index in range(interface.childCount())]
        yield from (child.text(kind) for child in children if child and child.object() is None for kind in SPOKEN)


def said(window: MainWindow) -> set[str]:
    """Every text that a person can see or hear in this window now."""
    # Menus of the other language are deleted when Qt comes round to it.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    stack = window.session.undo_stack
    found = {stack.undoText(), stack.redoText()}
    for item in (window, *window.findChildren(QObject)):
        if item.objectName().startswith("qt_dockwidget"):
            continue  # Qt's own buttons, which our panels never show
        if not isinstance(item, QWidget) or not hidden_for_now(item, window):
            found.update(text for text in texts_of(item) if isinstance(text, str))
    return found - {"", "English", "한국어"}


def english_sentences() -> re.Pattern[str]:
    """Matches what is said in English although there is Korean for it."""
    with resource("languages/ko.po").open("rb") as file:
        entries = [entry for entry in read_po(file, locale="ko") if entry.id and entry.string not in ("", entry.id)]
    patterns = []
    for entry in entries:
        parts = list(string.Formatter().parse(entry.id))
        if any(re.search("[A-Za-z]", literal) for literal, *_ in parts):
            patterns.append("".join(re.escape(literal) + (".+?" if name else "") for literal, name, *_ in parts))
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def still_english(window: MainWindow) -> set[str]:
    english = english_sentences()
    pieces = {piece.strip(" ") for text in said(window) for piece in (text, *JOINTS.split(text))}
    return {piece for piece in pieces if not HANGUL.search(piece) and english.fullmatch(piece)}


def fresh(window: MainWindow, qtbot: QtBot) -> None:
    """As a newcomer meets it."""


def after_work(window: MainWindow, qtbot: QtBot) -> None:
    """Trained, with a notice, something to undo and to redo, and a card in the inspector."""
    session = window.session
    session.train_for(2)
    qtbot.waitUntil(lambda: bool(window.toast.text()))
    session.edit(
        message("rename {node}", node=message("Dense")), lambda document: edits.rename(document, "h1", "first")
    )
    session.edit(message("tidy up"), lambda document: edits.set_training(document, epochs=321))
    session.undo_stack.undo()
    session.select(["h1"])


def wait_for_problems(window: MainWindow, qtbot: QtBot) -> None:
    """Until the inspector has listed them where they can be seen."""
    qtbot.waitUntil(lambda: any(row.isVisible() for row in window.inspector.problem_rows()))


def broken(window: MainWindow, qtbot: QtBot) -> None:
    """A network with a gap, its card selected: problem, remedy and warning are told at four places."""
    window.session.edit(message("tidy up"), lambda document: edits.disconnect(document, "a1", "out"))
    window.session.select(["out"])
    wait_for_problems(window, qtbot)


def empty(window: MainWindow, qtbot: QtBot) -> None:
    """Nothing on the canvas."""
    window.files.open_document(Document())
    wait_for_problems(window, qtbot)


@pytest.mark.parametrize("prepare", [fresh, after_work, broken, empty])
def test_that_a_running_window_says_every_word_in_the_new_language_and_back(opened, qtbot, prepare):
    window = opened()
    prepare(window, qtbot)
    before = said(window)
    assert {text for text in before if HANGUL.search(text)} == set()
    assert still_english(window), "the search for English must find what is there"
    set_language("ko")
    assert still_english(window) == set()
    set_language("en")
    assert said(window) == before


def test_that_menus_do_not_pile_up(opened):
    window = opened()
    counts = []
    for spoken in ("ko", "en", "ko", "en"):
        set_language(spoken)
        said(window)
        counts.append(len(window.findChildren(QMenu)))
    assert len(set(counts)) == 1


#: Where words are painted rather than set. The docks below them get their heights when they are first shown.
PAINTED = ("transport", "data_panel", "palette_panel", "canvas", "region")


def pictures(window: MainWindow) -> list[QImage]:
    return [getattr(window, name).grab().toImage() for name in PAINTED]


def test_that_a_window_that_changed_its_language_looks_like_one_that_began_with_it(opened, qtbot):
    switched = opened()
    set_language("ko")
    begun = opened()
    for window in (switched, begun):
        window.canvas.clearFocus()
        # Cards are as wide as their words; the view stays where it was, as it should.
        window.canvas.fit()
    qtbot.waitUntil(lambda: pictures(switched) == pictures(begun))
