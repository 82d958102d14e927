"""Problems of single values: out of range, features that the data do not have, given weights of another shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from playground.data.features import available
from playground.data.table import Table
from playground.document import edits
from playground.document.catalog import DATA_FIELDS, NODE_KINDS, TRAINING_FIELDS, Field, fit, nearest, shown, value
from playground.document.frozen import FROZEN_MASK, mask_misfit, weight_shape
from playground.document.given import misfit
from playground.document.model import Document, Node
from playground.document.problem import Names, Problem, Remedy
from playground.document.shapes import node_widths, nodes_of, sources_of, trained
from playground.messages import Message, UserError, message


def field_problems(document: Document, table: Table | None, called: Names) -> Iterator[Problem]:
    """Everything that a hand-edited file may have set wrongly, and what changed with the data."""
    nodes = nodes_of(document.network)
    for id in trained(document.network):
        node = nodes[id]
        if not _sound(node):
            yield from _node_fields(node, called)
        if node.kind == "dense" and FROZEN_MASK in node.fields:
            yield from _frozen(document, node, called)
        if node.kind == "input" and table is not None:
            yield from _features(node, table, called)
    yield from _given(document, called)
    yield from _settings(TRAINING_FIELDS, document.training, edits.set_training)
    yield from _settings(DATA_FIELDS, document.data, edits.set_data)
    if table is not None:
        yield from _rows(table)


def _refused(field: Field, given: Any) -> Message | None:
    try:
        fit(field, given)
    except UserError as error:
        return error.message
    return None


def _sound(node: Node) -> bool:
    """Whether the kind's fields have nothing but values that they may have."""
    sound: bool | None = node.known.get("sound")
    if sound is None:
        fields = NODE_KINDS[node.kind].fields if node.kind in NODE_KINDS else ()
        own = [field for field in fields if field.key in node.fields]
        sound = node.known["sound"] = all(_refused(field, value(node, field.key)) is None for field in own)
    return sound


def _node_fields(node: Node, called: Names) -> Iterator[Problem]:
    if node.kind not in NODE_KINDS:
        return
    for field in NODE_KINDS[node.kind].fields:
        refused = _refused(field, value(node, field.key)) if field.key in node.fields else None
        if refused is None:
            continue
        better = nearest(field, node.fields[field.key])
        text = message("{node}: {refused}", node=called[node.id], refused=refused)
        yield Problem(node.id, text, remedy=_set_node(node.id, field, better))


def _set_node(id: str, field: Field, better: Any) -> Remedy:
    return Remedy(_set_label(field, better), lambda document: edits.set_field(document, id, field.key, better))


def _set_label(field: Field, better: Any) -> Message:
    if field.type == "features":
        return message("Use {features}", features=", ".join(better))
    label = field.choice_label(better) if field.choices else shown(better)
    return message("Set {field} to {value}", field=field.label, value=label)


def _frozen(document: Document, node: Node, called: Names) -> Iterator[Problem]:
    """A mask that a file gives must have the weight's shape, or it would freeze others than were meant."""
    wrong = mask_misfit(node, weight_shape(document.network, node.id))
    if wrong is not None:
        text = message("{node} cannot train: {wrong}. Free all of them.", node=called[node.id], wrong=wrong)
        remedy = Remedy(message("Free all weights"), lambda document: edits.forget_frozen(document, node.id))
        yield Problem(node.id, text, remedy=remedy)


def _features(node: Node, table: Table, called: Names) -> Iterator[Problem]:
    features = value(node, "features")
    if not isinstance(features, tuple):
        return
    offered = set(available(table.columns))
    missing = [name for name in features if isinstance(name, str) and name not in offered]
    if not missing:
        return
    kept = tuple(name for name in features if name in offered) or table.columns
    if kept == table.columns:
        label = message("Use {features}", features=_listed(table.columns))
    else:
        label = message("Leave out {features}", features=_listed(missing))
    text = message(
        "{node} uses {missing}, but the data have {columns}. {advice}.",
        node=called[node.id],
        missing=_listed(missing),
        columns=_listed(table.columns),
        advice=label,
    )
    yield Problem(
        node.id, text, remedy=Remedy(label, lambda document: edits.set_field(document, node.id, "features", kept))
    )


def _listed(columns: Iterable[str], most: int = 4) -> Message:
    listed = [shown(name) for name in columns]
    if len(listed) <= most:
        return message("{names}", names=", ".join(listed))
    return message("{count} columns ({names}, …)", count=len(listed), names=", ".join(listed[: most - 1]))


def _given(document: Document, called: Names) -> Iterator[Problem]:
    """Numbers that a file gives for a dense node must have its shape, or it would silently start from others."""
    if not document.parameters:
        return
    widths, sources = node_widths(document.network), sources_of(document.network)
    for node in document.network.nodes:
        numbers = document.parameters.get(node.id)
        if node.kind != "dense" or numbers is None:
            continue
        inputs = widths[sources[node.id][0]] if len(sources[node.id]) == 1 else None
        units = widths[node.id]
        if inputs is None or units is None:
            continue
        wrong: Message | None = message("its given weights are not a table of numbers")
        if isinstance(numbers, Mapping):
            wrong = misfit(numbers, inputs, units, value(node, "bias") is True)
        if wrong is not None:
            text = message("{node} cannot start: {wrong}. Start from the seed.", node=called[node.id], wrong=wrong)
            yield Problem(node.id, text, remedy=Remedy(message("Start from the seed"), _forgetting(node.id)))


def _forgetting(id: str) -> Callable[[Document], Document]:
    def apply(document: Document) -> Document:
        kept = {other: numbers for other, numbers in document.parameters.items() if other != id}
        return replace(document, parameters=kept)

    return apply


def _settings(fields: Iterable[Field], spec: object, change: Callable[..., Document]) -> Iterator[Problem]:
    for field in fields:
        given = getattr(spec, field.key)
        refused = _refused(field, given)
        if refused is not None:
            yield Problem(None, refused, remedy=_set_spec(field, nearest(field, given), change))


def _set_spec(field: Field, better: Any, change: Callable[..., Document]) -> Remedy:
    return Remedy(_set_label(field, better), lambda document: change(document, **{field.key: better}))


def _rows(table: Table) -> Iterator[Problem]:
    if len(table.features) == 0:
        yield Problem(None, message("The data have no rows. Add some before training."))
        return
    if table.task == "regression":
        return
    found = [table.classes[int(index)] for index in sorted(set(table.targets.tolist()))]
    if len(found) < 2:
        text = message(
            "Training needs at least 2 classes, found {count} ({names}). Add rows of another class.",
            count=len(found),
            names=_listed(found),
        )
        yield Problem(None, text)
