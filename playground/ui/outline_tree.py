"""The view of the outline's rows: its keys, and the fields in which names and numbers are typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from playground.document.edits import LONGEST_NAME
from playground.ui import outline_menu
from playground.ui.canvas import actions
from playground.ui.icons import draw_icon
from playground.ui.theme import GRID, themes
from playground.ui.translation import tr

if TYPE_CHECKING:
    from playground.ui.outline import Outline

Index = QModelIndex | QPersistentModelIndex

_FIGURES = 92
_K, _M = Qt.Key, Qt.KeyboardModifier
_NONE, _CTRL, _SHIFT = _M.NoModifier, _M.ControlModifier, _M.ShiftModifier

#: What the keys do here; arrows, Home, End and letters walk the tree as in any other.
_KEYS: Mapping[tuple[Qt.KeyboardModifier, Qt.Key], Callable[[Outline], object]] = {
    (_NONE, _K.Key_Return): lambda outline: outline.enter(),
    (_NONE, _K.Key_Enter): lambda outline: outline.enter(),
    (_NONE, _K.Key_F2): lambda outline: outline.type_over(),
    (_NONE, _K.Key_Delete): lambda outline: outline.delete(),
    (_NONE, _K.Key_Backspace): lambda outline: outline.delete(),
    (_NONE, _K.Key_Insert): lambda outline: outline.open_menu(outline_menu.add_menu(outline)),
    (_CTRL, _K.Key_K): lambda outline: outline.open_menu(outline_menu.connect_menu(outline)),
    (_CTRL, _K.Key_X): lambda outline: actions.cut(outline.session, outline.session.selection),
    (_CTRL, _K.Key_C): lambda outline: actions.copy(outline.session, outline.session.selection),
    (_CTRL, _K.Key_V): lambda outline: actions.paste(outline.session),
    (_CTRL, _K.Key_D): lambda outline: actions.duplicate(outline.session, outline.session.selection),
    (_CTRL, _K.Key_A): lambda outline: outline.canvas.select_all(),
    (_CTRL, _K.Key_T): lambda outline: actions.tidy(outline.session),
    (_SHIFT, _K.Key_F6): lambda outline: outline.toggle(),
    (_NONE, _K.Key_Plus): lambda outline: outline.change_units(1),
    (_SHIFT, _K.Key_Plus): lambda outline: outline.change_units(1),
    (_NONE, _K.Key_Equal): lambda outline: outline.change_units(1),
    (_NONE, _K.Key_Minus): lambda outline: outline.change_units(-1),
    # Unfolding everything below would make a row for every weight of every layer.
    (_NONE, _K.Key_Asterisk): lambda outline: outline.tree.expand(outline.tree.currentIndex()),
    (_SHIFT, _K.Key_Asterisk): lambda outline: outline.tree.expand(outline.tree.currentIndex()),
    (_NONE, _K.Key_Escape): lambda outline: outline.canvas.setFocus(Qt.FocusReason.OtherFocusReason),
}


class OutlineTree(QTreeView):
    """The view of the rows. Keys that mean nothing here go on to the window, so that Space trains from here too."""

    def __init__(self, outline: Outline) -> None:
        super().__init__(outline)
        self._outline = outline
        self.setModel(outline.model)
        self.setItemDelegate(_Editors(self))
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(1, _FIGURES)
        self.doubleClicked.connect(self._double_clicked)

    def _double_clicked(self, index: QModelIndex) -> None:
        key = self._outline.model.key(index)
        if key is not None and key.part in ("bias", "weight", "problem"):
            self._outline.enter()

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A selected row in one flat colour, and a frame around the one that the keys are at."""
        theme = themes.current()
        selected = self.selectionModel().isSelected(index)
        if selected:
            painter.fillRect(option.rect, theme.accent)
            option = QStyleOptionViewItem(option)
            option.palette.setColor(QPalette.ColorRole.Highlight, Qt.GlobalColor.transparent)
        super().drawRow(painter, option, index)
        if (
            self.hasFocus()
            and index.row() == self.currentIndex().row()
            and index.parent() == self.currentIndex().parent()
        ):
            painter.save()
            painter.setPen(QPen(theme.text if selected else theme.accent, 2.0))
            painter.drawRect(QRectF(option.rect).adjusted(1.0, 1.0, -1.0, -1.0))
            painter.restore()

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Our own arrow before what folds."""
        if self.model().hasChildren(index):
            theme = themes.current()
            box = QRectF(rect.right() - self.indentation() + 1.0, rect.top(), self.indentation(), rect.height())
            draw_icon(
                painter,
                "down" if self.isExpanded(index) else "right",
                box.adjusted(3.0, 0.0, -3.0, 0.0),
                theme.on_accent if self.selectionModel().isSelected(index) else theme.muted,
            )

    def event(self, event: QEvent) -> bool:
        """The keys of the outline are its own where it has the focus, whatever shortcuts the window has."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and _combination(event) in _KEYS
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key means here, or walk."""
        if self.state() == QAbstractItemView.State.EditingState:
            # What a field leaves alone, such as the Enter that ends it, is none of the row's.
            return
        act = _KEYS.get(_combination(event))
        key = self._outline.current
        if act is not None:
            act(self._outline)
        elif event.key() == _K.Key_Space and not (key is not None and self._outline.model.switches(key)):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with a row, or with the document."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        menu = outline_menu.row_menu(self._outline, self._outline.model.key(index))
        self._outline.open_menu(menu, None if by_key else event.globalPos())


def _combination(event: QKeyEvent) -> tuple[Qt.KeyboardModifier, Qt.Key]:
    return event.modifiers() & ~_M.KeypadModifier, _K(event.key())


class _Editors(QStyledItemDelegate):
    """Fields for names and numbers: they are filled once, so that training never types over the user."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The switch of an activation as a box that can be seen in both themes, on and off."""
        super().paint(painter, option, index)
        own = QStyleOptionViewItem(option)
        self.initStyleOption(own, index)
        if own.features & QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator:
            part = QStyle.SubElement.SE_ItemViewItemCheckIndicator
            place = QRectF(own.widget.style().subElementRect(part, own, own.widget))
            selected = bool(own.state & QStyle.StateFlag.State_Selected)
            _paint_switch(painter, place, own.checkState == Qt.CheckState.Checked, selected)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """High enough to be pressed with ease."""
        return super().sizeHint(option, index).expandedTo(QSize(0, 6 * GRID))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A field that says what is typed into it."""
        field = QLineEdit(parent)
        field.setMaxLength(LONGEST_NAME)
        spoken = index.sibling(index.row(), 0).data(Qt.ItemDataRole.AccessibleTextRole)
        field.setAccessibleName(tr("Name of {node}", node=spoken) if index.column() == 0 else spoken)
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Begin with what there is."""
        if isinstance(editor, QLineEdit) and not editor.property("filled"):
            editor.setProperty("filled", True)
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:
        """Hand over what was typed, where something was."""
        if isinstance(editor, QLineEdit) and editor.isModified():
            model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)


def _paint_switch(painter: QPainter, place: QRectF, on: bool, selected: bool) -> None:
    theme = themes.current()
    ground, mark = (theme.accent, theme.on_accent) if selected else (theme.surface, theme.accent)
    painter.save()
    painter.fillRect(place.adjusted(-1.0, -1.0, 1.0, 1.0), ground)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(mark if on or selected else theme.edge, 1.5))
    painter.drawRoundedRect(place.adjusted(1.0, 1.0, -1.0, -1.0), 3.0, 3.0)
    if on:
        draw_icon(painter, "check", place.adjusted(1.0, 1.0, -1.0, -1.0), mark)
    painter.restore()
