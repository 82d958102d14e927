"""Two small dialogs: every key, and what this program is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from playground.messages import Message
from playground.ui.command import MORE_KEY, Command
from playground.ui.theme import GRID, title_font
from playground.ui.translation import tr


class KeysDialog(QDialog):
    """Every command with its key, then the keys of the canvas and of the microscope."""

    def __init__(self, parent: QWidget, commands: Mapping[str, tuple[Message, Sequence[Command | None]]]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keys"))
        sheet = QWidget()
        grid = QGridLayout(sheet)
        grid.setHorizontalSpacing(6 * GRID)
        self._row = 0
        for name, (title, entries) in commands.items():
            self._heading(grid, re.sub(r"\(&\w\)|&", "", tr(title)))  # "&File" and "파일(&F)" without their key
            for keys, what in _of_qt(name):
                self._line(grid, keys, what)
            for entry in entries:
                if entry is not None and entry.key is not None:
                    keys = QKeySequence(entry.key).toString(QKeySequence.SequenceFormat.NativeText)
                    self._line(grid, keys, tr(entry.name))
        self._heading(grid, tr("On the canvas"))
        for keys, what in _canvas_keys():
            self._line(grid, keys, what)
        self._heading(grid, tr("In the microscope"))
        for keys, what in _microscope_keys():
            self._line(grid, keys, what)
        area = QScrollArea()
        area.setWidget(sheet)
        area.setWidgetResizable(True)
        column = QVBoxLayout(self)
        column.addWidget(area)
        column.addWidget(_closing(self))
        self.resize(min(sheet.sizeHint().width() + 60, 760), 640)

    def _heading(self, grid: QGridLayout, text: str) -> None:
        label = QLabel(text)
        label.setFont(title_font())
        grid.addWidget(label, self._row, 0, 1, 2)
        self._row += 1

    def _line(self, grid: QGridLayout, keys: str, what: str) -> None:
        grid.addWidget(QLabel(what), self._row, 0)
        grid.addWidget(QLabel(keys), self._row, 1)
        self._row += 1


class AboutDialog(QDialog):
    """Name, version, engine."""

    def __init__(self, parent: QWidget, version: str, engine: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("About Backprop Playground"))
        column = QVBoxLayout(self)
        heading = QLabel(f"Backprop Playground {version}")
        heading.setFont(title_font())
        column.addWidget(heading)
        engines = {
            "compiled": tr("Training engine: machine code, compiled for this network and processor"),
            "walk": tr("Training engine: the numpy walk"),
        }
        column.addWidget(QLabel(engines.get(engine, engine)))
        column.addWidget(QLabel(tr("Real mail: Spambase, UCI Machine Learning Repository, CC BY 4.0.")))
        column.addWidget(QLabel("M. Hopkins, E. Reeber, G. Forman, J. Suermondt (1999), doi 10.24432/C53G6X"))
        column.addWidget(_closing(self))


def _of_qt(menu: str) -> list[tuple[str, str]]:
    """The keys in a menu of what is no command of ours."""
    standard = QKeySequence.StandardKey
    found = {
        "edit": [(QKeySequence(standard.Undo), tr("Undo")), (QKeySequence(standard.Redo), tr("Redo"))],
        "view": [(QKeySequence(MORE_KEY), tr("Everything (More)"))],
    }
    return [(keys.toString(QKeySequence.SequenceFormat.NativeText), what) for keys, what in found.get(menu, [])]


def _microscope_keys() -> list[tuple[str, str]]:
    return [
        (tr("Page Down, Page Up"), tr("One step on, one step back")),
        (tr("Home"), tr("Back to the first value")),
        (tr("Space or Enter on a number"), tr("Ask for this number")),
        ("+  −  0", tr("Equations larger, smaller, as before")),
        (tr("Esc"), tr("Back to the canvas")),
    ]


def _canvas_keys() -> list[tuple[str, str]]:
    return [
        (tr("Space"), tr("Train or pause")),
        (tr("A letter, or Ins"), tr("Search for what to add: “dense 8”, “tanh”, “dropout 0.3”")),
        ("+  −", tr("A unit more or less in the selected layers")),
        (tr("Arrows, Tab"), tr("Go from node to node")),
        (tr("Shift+arrows"), tr("Take the next node into the selection")),
        (tr("Ctrl+arrows"), tr("Move the selection, with Shift in larger steps")),
        (tr("Enter"), tr("Settings of the selected node")),
        (tr("Alt+arrows"), tr("Go over the weights and biases of the selected layer; Enter types a value")),
        ("Shift+F6", tr("Switch the selected activation")),
        (tr("Home"), tr("Show the whole network")),
        (tr("Esc"), tr("Give up what is under way")),
        (tr("Alt and drag a card"), tr("Drag a copy of it")),
        (tr("Ctrl while dragging"), tr("Leave guides and neighbours alone")),
        (tr("Wheel"), tr("Zoom at the pointer")),
        (tr("Middle button, or Alt and drag beside the cards"), tr("Move the view")),
    ]


def _closing(dialog: QDialog) -> QDialogButtonBox:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    box.rejected.connect(dialog.reject)
    return box
