"""The menus of the outline: what can be done with a row, added after it, and to which nodes it can be connected."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu

from playground.document import edits
from playground.document.catalog import title, value
from playground.document.fragment import is_fragment
from playground.document.frozen import is_frozen
from playground.document.model import Node, Wire
from playground.messages import message
from playground.ui.canvas import actions, templates
from playground.ui.canvas.ordering import move_input, order_entries
from playground.ui.canvas.placeable import PLACEABLES, TEMPLATES, rows_for
from playground.ui.outline_rows import Key
from playground.ui.session import Session
from playground.ui.translation import tr

if TYPE_CHECKING:
    from playground.ui.outline import Outline


def _entry(menu: QMenu, text: str, act: Callable[[], object], keys: str = "", enabled: bool = True) -> QAction:
    # The keys are shown, not bound: they act where the outline has the focus.
    action = menu.addAction(f"{text}\t{keys}" if keys else text)
    action.triggered.connect(lambda: act())
    action.setEnabled(enabled)
    return action


def _iconed(outline: Outline, action: QAction, name: str) -> None:
    """Give an entry its icon; a menu is too short-lived to follow the theme."""
    icon = outline.model.icon(name)
    if icon is not None:
        action.setIcon(icon)


def _filled_late(menu: QMenu, fill: Callable[[QMenu], object]) -> None:
    """Fill a menu when it is about to be shown: one of many entries costs nothing until then."""

    def once() -> None:
        if menu.isEmpty():
            fill(menu)

    menu.aboutToShow.connect(once)


def row_menu(outline: Outline, key: Key | None) -> QMenu:
    """What can be done with a row; without one, with the document."""
    menu = QMenu(outline)
    if key is not None:
        _FILL[key.part](outline, menu, key)
        menu.addSeparator()
    _document(outline, menu, adds=key is None)
    return menu


def add_menu(outline: Outline) -> QMenu:
    """What can be added after the selected node, or put on the selected wire."""
    menu, key = QMenu(outline), outline.current
    if key is not None and key.part == "wire":
        _insertable(outline, key.wire, menu)
    else:
        _addable(outline, menu)
    return menu


def connect_menu(outline: Outline) -> QMenu | None:
    """Where the current node may lead: only what would not be refused."""
    key = outline.current
    if key is None or not key.node:
        return None
    menu = QMenu(outline)
    _connectable(outline, key.node, menu)
    return menu


def freeze(session: Session, id: str, frozen: bool) -> bool:
    """Have training leave a layer as it is, or change it again."""
    name = title(session.document.network.node(id))
    text = message("freeze {node}", node=name) if frozen else message("unfreeze {node}", node=name)
    return session.edit(text, lambda document: edits.set_field(document, id, "frozen", frozen))


def _addable(outline: Outline, menu: QMenu) -> None:
    for row in rows_for(set(), more=True):
        _iconed(outline, _entry(menu, tr(row.label), partial(outline.canvas.add, row)), row.name)


def _insertable(outline: Outline, wire: Wire, menu: QMenu) -> None:
    session = outline.session
    for row in PLACEABLES.values():
        if actions.can_insert(row.kind):
            _iconed(outline, _entry(menu, tr(row.label), partial(actions.insert, session, row, wire)), row.name)
    for template in TEMPLATES.values():
        if template.hidden is None:
            use = partial(templates.use, session, template, None, wire)
            _iconed(outline, _entry(menu, tr(template.label), use), template.name)


def _connectable(outline: Outline, id: str, menu: QMenu) -> None:
    session, content = outline.session, outline.model.content
    for key in content.top():
        if key.part == "node" and edits.refusal(session.document, id, key.node) is None:
            _entry(menu, content.name(key.node), partial(actions.connect, session, id, key.node))
    if menu.isEmpty():
        _entry(menu, tr("No node can take this wire"), lambda: None, enabled=False)


# --- rows ------------------------------------------------------------------------------------------


def _problem(outline: Outline, menu: QMenu, key: Key) -> None:
    remedy = outline.model.content.problem(key).remedy
    if remedy is not None:
        _iconed(outline, _entry(menu, tr(remedy.label), partial(outline.mend, key), tr("Enter")), "check")


def _node(outline: Outline, menu: QMenu, key: Key) -> None:
    session, content, id = outline.session, outline.model.content, key.node
    node = content.nodes[id]
    for problem in content.told.get(id, ()):
        if problem.remedy is not None:
            remedy = problem.remedy
            _iconed(outline, _entry(menu, tr(remedy.label), partial(session.edit, remedy.label, remedy.apply)), "check")
    _entry(menu, tr("Rename…"), outline.type_over, "F2")
    _entry(menu, tr("Settings"), outline.enter, tr("Enter"))
    if node.kind == "activation":
        on = value(node, "enabled") is not False
        _entry(menu, tr("Switch off: pass values through") if on else tr("Switch on"), outline.toggle, tr("Space"))
    if node.kind == "dense":
        _layer(outline, menu, node)
    menu.addSeparator()
    _filled_late(menu.addMenu(tr("Add after")), partial(_addable, outline))
    connect = menu.addMenu(tr("Connect to"))
    connect.setEnabled(node.kind != "loss")
    _filled_late(connect, partial(_connectable, outline, id))
    menu.addSeparator()
    _entry(menu, tr("Cut"), partial(actions.cut, session, session.selection), "Ctrl+X")
    _entry(menu, tr("Copy"), partial(actions.copy, session, session.selection), "Ctrl+C")
    _entry(menu, tr("Duplicate"), partial(actions.duplicate, session, session.selection), "Ctrl+D")
    _iconed(outline, _entry(menu, tr("Delete"), outline.delete, tr("Del")), "trash")


def _layer(outline: Outline, menu: QMenu, node: Node) -> None:
    frozen = value(node, "frozen") is True
    _iconed(outline, _entry(menu, tr("Add a unit"), partial(outline.change_units, 1), "+"), "plus")
    _iconed(outline, _entry(menu, tr("Take a unit away"), partial(outline.change_units, -1), "−"), "minus")
    _entry(menu, tr("Unfreeze: training changes it") if frozen else tr("Freeze: training leaves it as it is"),
           partial(freeze, outline.session, node.id, not frozen))  # fmt: skip


def _wire(outline: Outline, menu: QMenu, key: Key) -> None:
    _filled_late(menu.addMenu(tr("Insert")), partial(_insertable, outline, key.wire))
    for text, step, enabled in order_entries(outline.session.document.network, key.wire):
        _entry(menu, text, partial(move_input, outline.session, key.wire, step), "", enabled)
    _iconed(outline, _entry(menu, tr("Remove the wire"), outline.delete, tr("Del")), "trash")


def _unit(outline: Outline, menu: QMenu, key: Key) -> None:
    _layer(outline, menu, outline.model.content.nodes[key.node])


def _weight(outline: Outline, menu: QMenu, key: Key) -> None:
    session, (input, unit) = outline.session, key.at
    frozen = is_frozen(outline.model.content.nodes[key.node], input, unit)
    _number(outline, menu, key)
    _entry(menu, tr("Unfreeze: training changes it") if frozen else tr("Freeze: training leaves it as it is"),
           partial(actions.freeze_weight, session, key.node, input, unit, not frozen))  # fmt: skip


def _number(outline: Outline, menu: QMenu, key: Key) -> None:
    session, number = outline.session, outline.model.content.number(key)
    _entry(menu, tr("Type a value…"), outline.type_over, "F2", number is not None)
    initial = session.initial_value(key.parameter, key.at)
    if initial is not None:
        _iconed(outline,
            _entry(menu, tr("Reset to its initial value"),
                   partial(session.set_parameter, key.parameter, key.at, initial), "", number != initial),
            "reset",
        )  # fmt: skip


def _document(outline: Outline, menu: QMenu, *, adds: bool) -> None:
    session = outline.session
    filled = bool(session.document.network.nodes)
    if adds:
        _filled_late(menu.addMenu(tr("Add")), partial(_addable, outline))
    _entry(
        menu, tr("Paste"), partial(actions.paste, session), "Ctrl+V", is_fragment(QGuiApplication.clipboard().text())
    )
    _entry(menu, tr("Select all"), outline.canvas.select_all, "Ctrl+A", filled)
    _entry(menu, tr("Tidy up"), partial(actions.tidy, session), "Ctrl+T", filled)


_FILL: dict[str, Callable[[Outline, QMenu, Key], None]] = {
    "problem": _problem,
    "node": _node,
    "wire": _wire,
    "unit": _unit,
    "bias": _number,
    "weight": _weight,
}
