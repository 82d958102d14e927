"""The outline: the document as a tree, in which a screen reader and a keyboard can do all that the canvas can.

Rows are nodes as values flow, within them their problems, the wires that feed them, units, biases and weights. It
changes nothing of itself: every edit is one of the canvas' actions, the selection is the session's, and while nobody
sees it, it does no work.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from playground.messages import message
from playground.training.snapshot import Snapshot
from playground.ui.canvas import actions
from playground.ui.canvas.view import CanvasView
from playground.ui.outline_model import OutlineModel
from playground.ui.outline_rows import Content, Key
from playground.ui.outline_tree import OutlineTree
from playground.ui.session import Session
from playground.ui.theme import themes
from playground.ui.translation import language_changed, tr
from playground.ui.widgets.number_field import read_number

_Select = QItemSelectionModel.SelectionFlag


class Outline(QWidget):
    """The tree, and what its keys and menus do."""

    session: Session
    canvas: CanvasView
    model: OutlineModel
    tree: OutlineTree

    def __init__(self, session: Session, canvas: CanvasView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self.canvas = session, canvas
        self.model = OutlineModel(self._typed, self)
        self.tree = OutlineTree(self)
        self._busy = False
        self._unit: tuple[str, int] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tree)
        self.setFocusProxy(self.tree)
        session.document_changed.connect(self._keep_up)
        session.problems_changed.connect(self._keep_up)
        session.plan_changed.connect(self._keep_up)
        session.selection_changed.connect(self._show_selection)
        session.reading.connect(self._show_reading)
        self.tree.selectionModel().selectionChanged.connect(self._selected)
        themes.changed.connect(self._restate)
        language_changed.connect(self._restate)
        self._restate()

    # --- keeping up --------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while nobody looked."""
        super().showEvent(event)
        self._keep_up()

    def _keep_up(self, *changes: object) -> None:
        if not self.isVisible():
            return
        session = self.session
        self._busy, before = True, self.current
        self.model.show(Content(session.document, session.problems, session.snapshot))
        if before is not None and self.current is None:
            # The last of the rows within a node has gone: the keys go on from the node.
            self.tree.selectionModel().setCurrentIndex(self.model.find(Key("node", before.node)), _Select.NoUpdate)
        self._busy = False
        self._show_selection()

    def _show_reading(self, snapshot: Snapshot) -> None:
        """Figures are read when they are painted or spoken: nothing else to do than to have them painted."""
        if self.isVisible():
            self.model.tell(snapshot)
            self.tree.viewport().update()

    def _restate(self, *changes: object) -> None:
        self.tree.setAccessibleName(tr("Outline of the network"))
        self.tree.setAccessibleDescription(
            tr(
                "Right unfolds a row. Enter opens its settings, F2 renames it or types its number, Insert adds after "
                "it, Ctrl+K connects it, Delete removes it, Space switches it, + and − change its units. "
                "The menu key lists the rest."
            )
        )
        self.model.restate()
        self.tree.viewport().update()

    # --- the selection -----------------------------------------------------------------------------

    def chosen(self) -> list[Key]:
        """The selected rows."""
        keys = map(self.model.key, self.tree.selectionModel().selectedRows(0))
        return [key for key in keys if key is not None]

    @property
    def current(self) -> Key | None:
        """The row that the keys are at."""
        return self.model.key(self.tree.currentIndex())

    def _selected(self, *changes: object) -> None:
        if self._busy:
            return
        self._busy = True
        chosen = self.chosen()
        if len(chosen) == 1 and chosen[0].part == "wire":
            self.canvas.select_wire(chosen[0].wire)
        else:
            self.session.select(_nodes(chosen))
        self._busy = False
        self._look_at(_unit(chosen[0]) if len(chosen) == 1 else None)

    def _look_at(self, unit: tuple[str, int] | None) -> None:
        """Have the plot show a unit large, as the pointer has it on the canvas; None: no longer."""
        if unit != self._unit:
            self._unit = unit
            self.canvas.unit_hovered.emit(unit)

    def hideEvent(self, event: QHideEvent) -> None:
        """What was shown of a unit goes with its row."""
        super().hideEvent(event)
        self._look_at(None)

    def _show_selection(self, *changes: object) -> None:
        """Select the rows of the selected nodes, unless rows within them are what is selected."""
        if self._busy or not self.isVisible():
            return
        wanted = self.session.selection
        if _nodes(self.chosen()) == wanted:
            return
        self._busy = True
        rows, last = QItemSelection(), QModelIndex()
        for id in wanted:
            index = self.model.find(Key("node", id))
            if index.isValid():
                rows.select(index, index)
                last = index if not last.isValid() or index.row() < last.row() else last
        model = self.tree.selectionModel()
        if last.isValid():
            model.setCurrentIndex(last, _Select.NoUpdate)
            self.tree.scrollTo(last)
        model.select(rows, _Select.ClearAndSelect | _Select.Rows)
        self._busy = False

    def go_to(self, key: Key) -> None:
        """Select one row, unfolding what it is in."""
        index = self.model.find(key)
        if index.isValid():
            self.tree.setCurrentIndex(index)
            self.tree.scrollTo(index)

    # --- commands ----------------------------------------------------------------------------------

    def enter(self) -> None:
        """Mend a problem, open the settings of a node, type a number."""
        key = self.current
        if key is None:
            return
        if key.part == "problem":
            self.mend(key)
        elif key.part in ("bias", "weight"):
            self.type_over()
        else:
            self.session.select([key.node])
            self.canvas.inspect_wanted.emit()

    def mend(self, key: Key) -> None:
        """Apply the remedy of a problem, where there is one."""
        remedy = self.model.content.problem(key).remedy
        if remedy is not None:
            self.session.edit(remedy.label, remedy.apply)

    def type_over(self) -> None:
        """Type a node's name, or a number."""
        index, key = self.tree.currentIndex(), self.current
        if key is not None and key.part == "node":
            self.tree.edit(index.siblingAtColumn(0))
        elif key is not None and key.part in ("bias", "weight"):
            self.tree.edit(index.siblingAtColumn(1))

    def _typed(self, key: Key, typed: Any) -> bool:
        session, content = self.session, self.model.content
        if isinstance(typed, bool):
            return actions.toggle(session, key.node)
        if key.part == "node":
            return typed != content.text(key) and actions.rename(session, key.node, typed)
        number = read_number(typed)
        if number is None:
            session.noticed.emit(message("“{text}” is not a number. Write one such as {example}.",
                                         text=typed.strip()[:20], example="0.5"))  # fmt: skip
            return False
        return number != content.number(key) and session.set_parameter(key.parameter, key.at, float(number))

    def toggle(self) -> None:
        """Switch the activation that the keys are at."""
        key = self.current
        if key is not None and self.model.switches(key):
            actions.toggle(self.session, key.node)

    def change_units(self, step: int) -> None:
        """Give the selected layers a unit more or less."""
        actions.change_units(self.session, self.session.selection, step)

    def delete(self) -> None:
        """Delete the selected nodes, or take the selected wires away; the keys go on at the row before."""
        chosen = self.chosen()
        wires = [key.wire for key in chosen if key.part == "wire"]
        nodes = {key.node for key in chosen if key.part == "node"}
        if not wires and not nodes:
            self.session.noticed.emit(message("Only a node or a wire can be deleted: go to its row first."))
            return
        following = self._after(nodes)
        for wire in wires:
            if wire.target not in nodes:
                actions.disconnect(self.session, wire)
        if nodes and actions.delete(self.session, nodes) and following is not None:
            self.session.select([following])
        elif wires and not nodes:
            self._take_current()

    def _after(self, gone: set[str]) -> str | None:
        """The node before the first of those that go, else the one after the last."""
        ids = [key.node for key in self.model.content.top() if key.part == "node"]
        places = [place for place, id in enumerate(ids) if id in gone]
        if not places:
            return None
        if places[0]:
            return ids[places[0] - 1]
        return next((id for id in ids if id not in gone), None)

    def _take_current(self) -> None:
        index = self.tree.currentIndex()
        if index.isValid():
            self.tree.selectionModel().select(index, _Select.ClearAndSelect | _Select.Rows)

    def open_menu(self, menu: QMenu | None, where: QPoint | None = None) -> QMenu | None:
        """Open a menu at the current row, or at a point of the screen."""
        if menu is None:
            return None
        if where is None:
            rect = self.tree.visualRect(self.tree.currentIndex())
            where = self.tree.viewport().mapToGlobal(rect.bottomLeft() if rect.isValid() else QPoint(8, 8))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)
        return menu


def _unit(key: Key) -> tuple[str, int] | None:
    """The unit that a row is, or is part of."""
    return (key.node, key.at[-1]) if key.part in ("unit", "bias", "weight") else None


def _nodes(keys: list[Key]) -> frozenset[str]:
    """The nodes that rows are, or are part of; a wire is part of none."""
    return frozenset(key.node for key in keys if key.part != "wire" and key.node)
