"""The canvas in words, for a screen reader: what a node is, what feeds it, and what is the matter with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from playground.document.catalog import kind_of, title, value
from playground.document.check import Problem
from playground.document.frozen import frozen_places
from playground.document.model import Document, Node
from playground.ui.canvas.face import Face, choice_label
from playground.ui.translation import tr

#: More selected cards than this are counted instead of described.
_DESCRIBED = 5


def description(
    document: Document,
    faces: Mapping[str, Face],
    selection: Iterable[str],
    problems: Iterable[Problem],
    words: Iterable[str],
) -> str:
    """What is selected, else what there is; `words` are those of the whole network."""
    chosen, found = set(selection), tuple(problems)
    if chosen:
        ids = [node.id for node in document.network.nodes if node.id in chosen]
        text = "; ".join(spoken(document, faces[id], found) for id in ids[:_DESCRIBED])
        return text if len(ids) <= 1 else tr("{count} cards selected: {names}", count=len(ids), names=text)
    if document.network.nodes:
        network = ", ".join(words)
        return tr("{network}. Nothing is selected.", network=network) if network else tr("Nothing is selected.")
    return tr("The canvas is empty. Type a name to add it, such as “dense 8”.")


def frozen_words(node: Node) -> list[str]:
    """Whether training leaves a layer as it is, or how many of its weights."""
    if node.kind != "dense":
        return []
    if value(node, "frozen") is True:
        return [tr("frozen")]
    count = len(frozen_places(node))
    return [tr("1 weight is frozen") if count == 1 else tr("{count} weights are frozen", count=count)] if count else []


def spoken(document: Document, face: Face, problems: Iterable[Problem] = ()) -> str:
    """A node in words, for a screen reader: title, units, activation, what feeds it, its problems."""
    node = document.network.node(face.id)
    parts = [face.title]
    kind = tr(kind_of(node).label)
    if kind != parts[0]:
        parts.append(kind)
    if face.width is not None:
        parts.append(tr("1 value") if face.width == 1 else tr("{count} values", count=face.width))
    if node.kind == "activation":
        parts += [choice_label(node, "function"), tr("on") if value(node, "enabled") is not False else tr("off")]
    if node.kind == "loss":
        parts.append(choice_label(node, "function"))
    parts += frozen_words(node)
    if kind_of(node).inputs[1] != 0:
        names = ", ".join(tr(title(document.network.node(source))) for source in document.network.sources(face.id))
        parts.append(tr("fed by {names}", names=names) if names else tr("nothing feeds it"))
    parts += [tr(one.message) for one in problems if one.node == face.id]
    return ". ".join(parts)
