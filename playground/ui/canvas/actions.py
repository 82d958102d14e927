"""What can be done on the canvas, each a named edit of the session, for mouse, keyboard, menu and palette alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtGui import QGuiApplication

from playground.document import chain, edits, fragment
from playground.document.catalog import field_of, nearest, title, value
from playground.document.check import expected_outputs, fitting_loss
from playground.document.model import Document, Node, Wire
from playground.messages import Message, message
from playground.ui.canvas.placeable import Placeable
from playground.ui.canvas.standing import NOWHERE, Place, pinned, roomy, settled
from playground.ui.session import Session


def starting_fields(session: Session, row: Placeable) -> dict[str, Any]:
    """The fields with which a row starts on this data: an Input has its columns, a Loss is the one that suits."""
    fields = dict(row.fields)
    if row.kind == "input" and session.table is not None:
        fields["features"] = session.table.columns
    if row.kind == "loss":
        fields["function"] = fitting_loss(session.table)
    return fields


def add(session: Session, row: Placeable, after: str | None = None) -> str | None:
    """Put a row where a press on its name expects it (see `edits.append_node`); returns the new id, selected."""
    id, fields = session.fresh_id(row.kind), starting_fields(session, row)
    wanted = outputs(session)

    def edit(document: Document) -> Document:
        return roomy(edits.append_node(document, id, row.kind, after, wanted, **fields), id)

    return _added(session, message("add {node}", node=_name(row, fields)), edit, id)


def outputs(session: Session) -> int:
    """How many units an output layer has that suits the data and the loss; 1 where that cannot be said."""
    return (expected_outputs(session.document, session.table) if session.table is not None else None) or 1


def place(session: Session, row: Placeable, at: Place, shown: Mapping[str, Place] = NOWHERE) -> str | None:
    """Put a row, unconnected, with its top left corner at a place of the canvas."""
    id, fields = session.fresh_id(row.kind), starting_fields(session, row)

    def edit(document: Document) -> Document:
        return edits.add_node(pinned(document, shown), id, row.kind, at, **fields)

    return _added(session, message("add {node}", node=_name(row, fields)), edit, id)


def insert(session: Session, row: Placeable, wire: Wire, at: Place | None = None) -> str | None:
    """Put a row on a wire; where cards stand by hand, those after it make room."""
    id, fields = session.fresh_id(row.kind), starting_fields(session, row)

    def edit(document: Document) -> Document:
        where = at if any(node.position is not None for node in document.network.nodes) else None
        return roomy(edits.insert_on_wire(document, wire, id, row.kind, where, **fields), id)

    return _added(session, message("insert {node}", node=_name(row, fields)), edit, id)


def put_on_wire(
    session: Session, ids: Iterable[str], wire: Wire, places: Mapping[str, Place], shown: Mapping[str, Place] = NOWHERE
) -> bool:
    """Put free cards of the canvas on a wire, one after the other."""
    chosen = list(ids)

    def edit(document: Document) -> Document:
        document = edits.put_on_wire(edits.move(pinned(document, shown), places), wire, *chosen)
        for id in chosen:
            document = roomy(document, id)
        return document

    return session.edit(
        _counted(session, chosen, message("insert {node}", node=_title(session, chosen[0])),
                 message("insert {count} cards", count=len(chosen))), edit
    )  # fmt: skip


def can_insert(kind: str) -> bool:
    """Whether values pass through such a node, so that it may stand on a wire."""
    return kind not in ("input", "loss")


def connect(session: Session, source: str, target: str) -> bool:
    """Carry the output of one node to another."""
    text = message("connect {source} to {target}", source=_title(session, source), target=_title(session, target))
    return session.edit(text, lambda document: edits.connect(document, source, target))


def disconnect(session: Session, wire: Wire) -> bool:
    """Take one wire away."""
    text = message(
        "remove the wire from {source} to {target}",
        source=_title(session, wire.source),
        target=_title(session, wire.target),
    )
    return session.edit(text, lambda document: edits.disconnect(document, wire.source, wire.target))


def delete(session: Session, ids: Iterable[str], text: Message | None = None) -> bool:
    """Take nodes away; a chain closes over them."""
    chosen = sorted(ids)
    if not chosen:
        return False
    named = text or _counted(session, chosen, message("delete {node}", node=_title(session, chosen[0])),
                             message("delete {count} cards", count=len(chosen)))  # fmt: skip
    return session.edit(named, lambda document: edits.remove(document, chosen))


def move(
    session: Session, places: Mapping[str, Place], gesture: object | None = None, shown: Mapping[str, Place] = NOWHERE
) -> bool:
    """Put cards at places; all others stay where they are shown (see `pinned`), placed by hand from now on."""
    ids = sorted(places)
    if not ids:
        return False
    text = _counted(session, ids, message("move {node}", node=_title(session, ids[0])),
                    message("move {count} cards", count=len(ids)))  # fmt: skip
    return session.edit(text, lambda document: edits.move(pinned(document, shown), places), gesture)


def tidy(session: Session) -> bool:
    """Let the layout place all cards again."""

    def edit(document: Document) -> Document:
        nodes = tuple(node.placed(None) for node in document.network.nodes)
        return replace(document, network=replace(document.network, nodes=nodes))

    return session.edit(message("tidy up"), edit)


def toggle(session: Session, id: str) -> bool:
    """Switch an activation on or off; its layers keep their weights."""
    on = value(session.document.network.node(id), "enabled") is False
    name = _title(session, id)
    text = message("switch {node} on", node=name) if on else message("switch {node} off", node=name)
    return session.edit(text, lambda document: edits.set_enabled(document, id, on))


def change_units(session: Session, ids: str | Iterable[str], step: int) -> bool:
    """Give dense layers units more or fewer, within the catalog's limits; at a limit a word says so."""
    network = session.document.network
    chosen = [ids] if isinstance(ids, str) else sorted(ids)
    layers = [id for id in chosen if network.node(id).kind == "dense"]
    if not layers:
        session.noticed.emit(message("Select a dense layer: + and − change how many units it has."))
        return False
    field = field_of(network.node(layers[0]), "units")
    wanted = {id: value(network.node(id), "units") + step for id in layers if _is_count(network.node(id))}
    wanted = {id: units for id, units in wanted.items() if nearest(field, units) == units}
    if not wanted:
        name = _title(session, layers[0])
        session.noticed.emit(
            message("{node} is as wide as a layer can be.", node=name) if step > 0
            else message("{node} keeps its last unit; delete the layer itself with Del.", node=name)
        )  # fmt: skip
        return False

    def edit(document: Document) -> Document:
        before = document
        for id, units in wanted.items():
            document = edits.set_field(document, id, "units", units)
        return settled(before, document)

    return session.edit(_units_text(session, list(wanted), step), edit)


def _is_count(node: Node) -> bool:
    units = value(node, "units")
    return isinstance(units, int) and not isinstance(units, bool)


def _units_text(session: Session, ids: list[str], step: int) -> Message:
    name, count = _title(session, ids[0]), len(ids)
    if step > 0:
        return _counted(session, ids, message("add a unit to {node}", node=name),
                        message("add a unit to {count} layers", count=count))  # fmt: skip
    return _counted(session, ids, message("take a unit from {node}", node=name),
                    message("take a unit from {count} layers", count=count))  # fmt: skip


def freeze_weight(session: Session, id: str, input: int, unit: int, frozen: bool) -> bool:
    """Have training leave one weight as it is, or change it again."""
    name = _title(session, id)
    text = (
        message("freeze a weight of {node}", node=name) if frozen else message("unfreeze a weight of {node}", node=name)
    )
    return session.edit(text, lambda document: edits.freeze_weight(document, id, input, unit, frozen))


def rename(session: Session, id: str, name: str) -> bool:
    """Give a node a name of its own; an empty one returns to that of its kind."""
    return session.edit(
        message("rename {node}", node=_title(session, id)), lambda document: edits.rename(document, id, name)
    )


def copy(session: Session, ids: Iterable[str]) -> bool:
    """Copy nodes to the clipboard, as text."""
    chosen = list(ids)
    if not chosen:
        return False
    QGuiApplication.clipboard().setText(fragment.copy(session.document, chosen))
    return True


def cut(session: Session, ids: Iterable[str]) -> bool:
    """Copy nodes and take them away."""
    chosen = sorted(ids)
    if not copy(session, chosen):
        return False
    text = _counted(session, chosen, message("cut {node}", node=_title(session, chosen[0])),
                    message("cut {count} cards", count=len(chosen)))  # fmt: skip
    return delete(session, chosen, text)


def paste(session: Session, text: str | None = None) -> tuple[str, ...]:
    """Paste what was copied, selected; anything else is refused with a word."""
    return _paste(session, QGuiApplication.clipboard().text() if text is None else text, "paste")


def duplicate(session: Session, ids: Iterable[str]) -> tuple[str, ...]:
    """Copies of nodes beside them, selected; the clipboard is left alone."""
    chosen = list(ids)
    return _paste(session, fragment.copy(session.document, chosen), "duplicate") if chosen else ()


def duplicate_at(
    session: Session, ids: Iterable[str], by: Place, wire: Wire | None = None, shown: Mapping[str, Place] = NOWHERE
) -> tuple[str, ...]:
    """Copies of nodes, that far from where these are shown, or on a wire; selected. One undo step."""
    chosen = [node.id for node in session.document.network.nodes if node.id in set(ids)]
    new: tuple[str, ...] = ()

    def edit(document: Document) -> Document:
        nonlocal new
        placed = pinned(document, shown)
        after, new = fragment.paste(placed, fragment.copy(placed, chosen), by, session.used_ids)
        row = chain.row_of(after.network, new, _places(after)) if wire is not None else ()
        if wire is not None and row:
            after = edits.put_on_wire(after, wire, *row)
            for id in row:
                after = roomy(after, id)
        return after

    text = _counted(session, chosen, message("duplicate {node}", node=_title(session, chosen[0])),
                    message("duplicate {count} cards", count=len(chosen)))  # fmt: skip
    if not session.edit(text, edit):
        return ()
    session.select(new)
    return new


def _places(document: Document) -> dict[str, Place]:
    return {node.id: node.position for node in document.network.nodes if node.position is not None}


def _paste(session: Session, text: str, how: str) -> tuple[str, ...]:
    new: tuple[str, ...] = ()

    def edit(document: Document) -> Document:
        nonlocal new
        pasted, new = fragment.paste(document, text, used=session.used_ids)
        return pasted

    named = message("duplicate") if how == "duplicate" else message("paste")
    if not session.edit(named, edit):
        return ()
    session.select(new)
    return new


# --- words -----------------------------------------------------------------------------------------


def _added(session: Session, text: Message, edit: Any, id: str) -> str | None:
    if not session.edit(text, edit):
        return None
    session.select([id])
    return id


def _name(row: Placeable, fields: Mapping[str, Any]) -> Message:
    return title(Node("", row.kind, fields))


def _title(session: Session, id: str) -> Message:
    return title(session.document.network.node(id))


def _counted(session: Session, ids: list[str], one: Message, several: Message) -> Message:
    return one if len(ids) == 1 else several
