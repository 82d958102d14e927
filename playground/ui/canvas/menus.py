"""The menus of the right button (and of the menu key): on cards, on a wire, on the empty canvas."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu

from playground.document.catalog import value
from playground.document.fragment import is_fragment
from playground.document.frozen import is_frozen
from playground.document.model import Wire
from playground.ui.canvas import actions
from playground.ui.canvas.hits import Hit
from playground.ui.canvas.numbers import parameter, signed
from playground.ui.canvas.ordering import move_input, order_entries
from playground.ui.canvas.placeable import PLACEABLES
from playground.ui.icons import keep_icon
from playground.ui.translation import tr

if TYPE_CHECKING:
    from playground.ui.canvas.view import CanvasView


def _entry(menu: QMenu, text: str, act: Callable[[], object], keys: str = "", enabled: bool = True) -> QAction:
    # The keys are shown, not bound: they act where the canvas has the focus.
    action = menu.addAction(f"{text}\t{keys}" if keys else text)
    action.triggered.connect(lambda: act())
    action.setEnabled(enabled)
    return action


def card_menu(view: CanvasView) -> QMenu:
    """For the selected cards."""
    menu, session = QMenu(view), view.session
    chosen = sorted(session.selection)
    if len(chosen) == 1:
        node = session.document.network.node(chosen[0])
        for problem in session.problems:
            if problem.node == node.id and problem.remedy is not None:
                remedy = problem.remedy
                entry = _entry(menu, tr(remedy.label), partial(session.edit, remedy.label, remedy.apply))
                keep_icon(entry, "check")
        if menu.actions():
            menu.addSeparator()
        if node.kind == "activation":
            on = value(node, "enabled") is not False
            text = tr("Switch off: pass values through") if on else tr("Switch on")
            _entry(menu, text, lambda: actions.toggle(session, node.id))
        _entry(menu, tr("Rename…"), view.rename, "F2")
        _entry(menu, tr("Settings"), view.inspect_wanted.emit, tr("Enter"))
        _entry(menu, tr("Connect to…"), view.connect_by_key, "Ctrl+K", node.kind != "loss")
        menu.addSeparator()
    _entry(menu, tr("Cut"), view.cut, "Ctrl+X")
    _entry(menu, tr("Copy"), view.copy, "Ctrl+C")
    _entry(menu, tr("Duplicate"), view.duplicate, "Ctrl+D")
    keep_icon(_entry(menu, tr("Delete"), view.delete, tr("Del")), "trash")
    return menu


def number_menu(view: CanvasView, hit: Hit, point: QPointF) -> QMenu:
    """For one weight or bias; the wire that it belongs to has its own below."""
    menu, session = QMenu(view), view.session
    name, index = parameter(hit)
    initial = session.initial_value(name, index)
    _entry(menu, tr("Show where its gradient comes from"), lambda: view.weight_wanted.emit((name, index)))
    menu.addSeparator()
    _entry(menu, tr("Type a value…"), lambda: view.type_number(hit, point))
    _entry(menu, tr("Set to 0"), lambda: session.set_parameter(name, index, 0.0))
    text = (
        tr("Back to its initial value")
        if initial is None
        else tr("Back to its initial value, {value}", value=signed(initial))
    )
    _entry(menu, text, lambda: initial is not None and session.set_parameter(name, index, initial),
           enabled=initial is not None)  # fmt: skip
    if hit.part == "weight":
        frozen = is_frozen(session.document.network.node(hit.node), index[0], index[1])
        text = tr("Unfreeze: training changes it") if frozen else tr("Freeze: training leaves it as it is")
        _entry(menu, text, lambda: actions.freeze_weight(session, hit.node, index[0], index[1], not frozen))
    if hit.wire is not None:
        menu.addSeparator()
        fill_wire_menu(menu, view, hit.wire)
    return menu


def wire_menu(view: CanvasView, wire: Wire) -> QMenu:
    """For one wire."""
    menu = QMenu(view)
    fill_wire_menu(menu, view, wire)
    return menu


def fill_wire_menu(menu: QMenu, view: CanvasView, wire: Wire) -> None:
    """What can be done with a wire."""
    session = view.session
    insert = menu.addMenu(tr("Insert"))
    for row in PLACEABLES.values():
        if actions.can_insert(row.kind):
            keep_icon(_entry(insert, tr(row.label), partial(actions.insert, session, row, wire)), row.name)
    for text, step, enabled in order_entries(session.document.network, wire):
        _entry(menu, text, partial(move_input, session, wire, step), "", enabled)
    keep_icon(_entry(menu, tr("Remove the wire"), lambda: actions.disconnect(session, wire), tr("Del")), "trash")


def canvas_menu(view: CanvasView, point: QPointF) -> QMenu:
    """For the canvas itself."""
    menu = QMenu(view)
    filled = bool(view.session.document.network.nodes)
    keep_icon(_entry(menu, tr("Add…"), lambda: view.quick_add(point), tr("Ins")), "plus")
    pastable = is_fragment(QGuiApplication.clipboard().text())
    _entry(menu, tr("Paste"), view.paste, "Ctrl+V", pastable)
    _entry(menu, tr("Select all"), view.select_all, "Ctrl+A", filled)
    menu.addSeparator()
    _entry(menu, tr("Tidy up"), lambda: actions.tidy(view.session), "Ctrl+T", filled)
    keep_icon(_entry(menu, tr("Show the whole network"), view.fit, tr("Home"), filled), "fit")
    return menu
