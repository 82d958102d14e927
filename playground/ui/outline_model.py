"""The outline as a model of rows that keeps up with the document: rows that stay keep their place, fold and selection.

Rows are made when somebody looks into their parent, so that a wide layer costs nothing until it is unfolded. `show`
compares what there is with what there should be, row by row, and tells the view of what differs.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont, QIcon

from playground.document.catalog import value
from playground.document.model import Document
from playground.training.snapshot import Snapshot
from playground.ui.icons import pixmap
from playground.ui.outline_rows import Content, Key
from playground.ui.theme import figure_font, themes
from playground.ui.translation import number_text, tr

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

_NOWHERE = QModelIndex()
_FIGURE, _ICON = 12, 16


class _Row:
    """One row. `below` is None until somebody has looked into it; `number` is how Qt knows it."""

    __slots__ = ("below", "folds", "key", "number", "parent", "place", "seen")

    def __init__(self, key: Key, parent: _Row | None, number: int) -> None:
        self.key, self.parent, self.number = key, parent, number
        self.place = 0
        self.below: list[_Row] | None = None
        self.folds = False
        self.seen: tuple[object, ...] = ()


class OutlineModel(QAbstractItemModel):
    """Two columns: what a row is, and its figure. `edit` is called with a row's key and what was typed or switched."""

    def __init__(self, edit: Callable[[Key, Any], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.content = Content(Document())
        self._edit = edit
        self._numbers = itertools.count(1)
        self._rows: dict[int, _Row] = {}
        self._root = self._made(Key("node"), None)
        self._root.below = []
        self._icons: dict[str, QIcon] = {}
        self._font: QFont | None = None

    # --- keeping up --------------------------------------------------------------------------------

    def show(self, content: Content) -> None:
        """Show another document, or another state of it."""
        before, self.content = self.content, content
        if before.document.network is content.document.network and before.problems == content.problems:
            return
        if self._match(self._root, content.top()):
            # What folds has changed where nobody had looked yet.
            self.layoutAboutToBeChanged.emit()
            self.layoutChanged.emit()

    def tell(self, snapshot: Snapshot) -> None:
        """Have figures read from a newer snapshot from now on."""
        self.content = replace(self.content, snapshot=snapshot)

    def restate(self) -> None:
        """The language or the theme has changed: the same rows, said anew."""
        self._icons, self._font = {}, None
        self._tell_all(self._root)

    def _tell_all(self, row: _Row) -> None:
        if row.below:
            first, last = self.createIndex(0, 0, row.below[0].number), row.below[-1]
            self.dataChanged.emit(first, self.createIndex(last.place, 1, last.number))
            for one in row.below:
                self._tell_all(one)

    def _match(self, parent: _Row, wanted: list[Key]) -> bool:
        """Let a row that was looked into hold these rows; returns whether one not looked into folds otherwise now."""
        rows = self._looked_into(parent)
        keys = set(wanted)
        for place in range(len(rows) - 1, -1, -1):
            if rows[place].key not in keys:
                self.beginRemoveRows(self._index(parent), place, place)
                self._forget(rows.pop(place))
                _count(rows, place)
                self.endRemoveRows()
        known = {row.key: row for row in rows}
        for place, key in enumerate(wanted):
            if key not in known:
                self.beginInsertRows(self._index(parent), place, place)
                rows.insert(place, self._made(key, parent))
                _count(rows, place)
                self.endInsertRows()
        if [row.key for row in rows] != wanted:
            self._reorder(rows, wanted)
        folds = False
        for row in rows:
            folds |= self._refresh(row)
        return folds

    def _reorder(self, rows: list[_Row], wanted: list[Key]) -> None:
        self.layoutAboutToBeChanged.emit()
        places = {key: place for place, key in enumerate(wanted)}
        rows.sort(key=lambda row: places[row.key])
        _count(rows, 0)
        for old in self.persistentIndexList():
            row = self._row(old)
            if old.row() != row.place:
                self.changePersistentIndex(old, self.createIndex(row.place, old.column(), row.number))
        self.layoutChanged.emit()

    def _refresh(self, row: _Row) -> bool:
        seen = self.content.seen(row.key)
        if seen == row.seen:
            # Nothing within it can differ either.
            return False
        row.seen = seen
        self.dataChanged.emit(self._index(row), self.createIndex(row.place, 1, row.number))
        before, row.folds = row.folds, self.content.has_below(row.key)
        if row.below is None:
            return before != row.folds
        return self._match(row, self.content.below(row.key))

    def _made(self, key: Key, parent: _Row | None) -> _Row:
        row = _Row(key, parent, next(self._numbers))
        self._rows[row.number] = row
        if parent is not None:
            row.seen, row.folds = self.content.seen(key), self.content.has_below(key)
            if not row.folds:
                row.below = []
        return row

    def _forget(self, row: _Row) -> None:
        del self._rows[row.number]
        for one in row.below or ():
            self._forget(one)

    # --- finding -----------------------------------------------------------------------------------

    def key(self, index: Index) -> Key | None:
        """Which row that is."""
        return self._row(index).key if index.isValid() else None

    def find(self, key: Key) -> QModelIndex:
        """Where a node is, or a row within rows that have been looked into; invalid where there is none."""
        id = key.node
        if key.part == "node" or (key.part == "problem" and not id):
            return self._within(self._root, key)
        above = Key("node", id) if key.part in ("problem", "wire", "unit") else Key("unit", id, "", key.at[-1:])
        parent = self.find(above)
        return self._within(self._row(parent), key) if parent.isValid() else QModelIndex()

    def _within(self, parent: _Row, key: Key) -> QModelIndex:
        row = next((row for row in self._looked_into(parent) if row.key == key), None)
        return self._index(row) if row is not None else QModelIndex()

    def _row(self, index: Index) -> _Row:
        return self._rows[index.internalId()] if index.isValid() else self._root

    def _index(self, row: _Row) -> QModelIndex:
        return self.createIndex(row.place, 0, row.number) if row is not self._root else QModelIndex()

    def _looked_into(self, row: _Row) -> list[_Row]:
        if row.below is None and not self.content.has(row.key):
            return []
        if row.below is None:
            row.below = []
            row.below += [self._made(key, row) for key in self.content.below(row.key)]
            _count(row.below, 0)
        return row.below

    # --- what Qt asks ------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        """The row of that number within another."""
        rows = self._looked_into(self._row(parent)) if parent.column() <= 0 else []
        if 0 <= row < len(rows) and 0 <= column < 2:
            return self.createIndex(row, column, rows[row].number)
        return QModelIndex()

    def parent(self, index: Index = _NOWHERE) -> QModelIndex:  # type: ignore[override]
        """The row within which a row is."""
        above = self._row(index).parent if index.isValid() else None
        return self._index(above) if above is not None else QModelIndex()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many rows there are within one."""
        return len(self._looked_into(self._row(parent))) if parent.column() <= 0 else 0

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """What it is, and its figure."""
        return 2

    def hasChildren(self, parent: Index = _NOWHERE) -> bool:
        """Whether a row can be unfolded; asking makes no rows."""
        if parent.column() > 0:
            return False
        row = self._row(parent)
        return bool(row.below) if row is self._root else row.folds

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """What the columns are, for a screen reader."""
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return tr("Part of the network") if section == 0 else tr("Value")
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Names, biases and weights can be typed; activations switched."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        key = self._row(index).key
        if not self.content.has(key):
            return flags
        typed = (key.part == "node") if index.column() == 0 else key.part in ("bias", "weight")
        if typed:
            flags |= Qt.ItemFlag.ItemIsEditable
        if index.column() == 0 and self.switches(key):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def switches(self, key: Key) -> bool:
        """Whether a row is an activation, which can be switched."""
        return key.part == "node" and self.content.nodes[key.node].kind == "activation"

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """What a row shows and says."""
        if not index.isValid():
            return None
        key = self._row(index).key
        if not self.content.has(key):
            return None
        return self._left(key, role) if index.column() == 0 else self._right(key, role)

    def _left(self, key: Key, role: int) -> Any:
        if role in (Role.DisplayRole, Role.EditRole):
            return self.content.text(key)
        if role in (Role.AccessibleTextRole, Role.ToolTipRole):
            return self.content.spoken(key)
        if role == Role.CheckStateRole and self.switches(key):
            on = value(self.content.nodes[key.node], "enabled") is not False
            return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        if role == Role.DecorationRole:
            return self.icon(self.content.icon(key))
        if role == Role.ForegroundRole and key.part == "problem":
            return themes.current().error if self.content.problem(key).severity == "error" else themes.current().warn
        return None

    def _right(self, key: Key, role: int) -> Any:
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            return self.content.figure(key)
        if role == Role.EditRole:
            number = self.content.number(key)
            return "" if number is None else number_text(number)
        if role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Role.ForegroundRole:
            return themes.current().muted if key.part in ("node", "wire") else None
        if role == Role.FontRole:
            self._font = self._font or figure_font(_FIGURE, bold=False)
            return self._font
        if role == Role.DecorationRole and key.part == "node":
            return self.icon(self.content.mark(key.node))
        return None

    def icon(self, name: str) -> QIcon | None:
        """An icon of a row or of a menu's entry, drawn once for each theme."""
        if name and name not in self._icons:
            self._icons[name] = _drawn(name)
        return self._icons.get(name)

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """What was typed into a row, or its switch: one edit of the session."""
        flags = self.flags(index)
        if role == Role.CheckStateRole and flags & Qt.ItemFlag.ItemIsUserCheckable:
            return self._edit(self._row(index).key, Qt.CheckState(value) == Qt.CheckState.Checked)
        if role == Role.EditRole and flags & Qt.ItemFlag.ItemIsEditable:
            return self._edit(self._row(index).key, str(value))
        return False


def _drawn(name: str) -> QIcon:
    """In the one size that rows and menus show, on plain and on dense screens."""
    theme, made = themes.current(), QIcon()
    for mode, color in ((QIcon.Mode.Normal, theme.text), (QIcon.Mode.Selected, theme.on_accent)):
        for ratio in (1.0, 2.0):
            made.addPixmap(pixmap(name, _ICON, ratio, color), mode)
    return made


def _count(rows: list[_Row], start: int) -> None:
    for place in range(start, len(rows)):
        rows[place].place = place
