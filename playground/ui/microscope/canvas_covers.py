"""What of the operations is covered: what is not reached yet, and wherever an asked number could be read."""

from __future__ import annotations

from collections.abc import Iterator

from playground.engine.asked import Asked
from playground.engine.passes import Known
from playground.engine.symbols import Place
from playground.ui.canvas.operations.graph import OF_DIFFERENCES, Edge, Graph, Operation
from playground.ui.canvas.operations.words import Cover


def covers(graph: Graph, known: Known) -> tuple[Cover, ...]:
    """What of a graph is not reached yet, each side for itself."""
    return tuple(_covers(graph, known))


def _covers(graph: Graph, known: Known) -> Iterator[Cover]:
    for operation in graph.operations:
        if not _has_value(operation, known):
            yield operation.key, "forward"
        if operation.kind not in ("given", "target") and not _has_gradient(operation, known):
            yield operation.key, "gradient"


def _has_value(operation: Operation, known: Known) -> bool:
    if operation.kind in ("given", "parameter", "target"):
        return True
    if operation.kind in ("loss", "minus"):
        return known.loss
    return operation.node in known.values


def _has_gradient(operation: Operation, known: Known) -> bool:
    if operation.parameter is not None:
        return operation.parameter[0] in known.parameters
    if operation.kind in ("times", "loss", "minus"):
        return operation.node in known.passed
    return operation.node in known.gradients


# --- what is asked for ------------------------------------------------------------------------------


def asked_covers(graph: Graph, hidden: frozenset[Asked]) -> tuple[Cover, ...]:
    """Where numbers that are asked for stand on a graph."""
    return tuple(cover for asked in hidden for cover in _places(graph, asked))


def _places(graph: Graph, asked: Asked) -> Iterator[Cover]:
    bottom, top = asked.bottom, asked.top
    if asked.sort == "loss":
        yield from ((one.key, "forward") for one in graph.operations if one.kind == "loss")
    if asked.sort == "share":
        yield from ((one.key, "gradient") for one in graph.operations if one.kind == "loss")
    if bottom is None:
        return
    name, inside = bottom
    if isinstance(inside, int):
        yield from _of_unit(graph, asked, (name, inside))
    elif asked.sort in ("gradient", "passed"):
        yield from ((one.key, "gradient") for one in graph.operations if one.parameter == bottom)
    elif asked.sort == "term" and top is not None:
        yield f"{top[0]}:{top[1]}:×{inside[0]}", "forward"


def _of_unit(graph: Graph, asked: Asked, bottom: Place) -> Iterator[Cover]:
    match asked.sort:
        case "value":
            yield from ((one.key, "forward") for one in graph.operations if _gives(one, bottom))
        case "arriving":
            found = (one for one in graph.operations if _gives(one, bottom) or _adds_to(one, bottom))
            yield from ((one.key, "gradient") for one in found)
        case "passed":
            yield from ((edge.key, "gradient") for edge in _between(graph, bottom, asked.top))
            if asked.top is None:
                ends = (one for one in graph.operations if one.kind in ("minus", "target"))
                yield from ((one.key, "gradient") for one in ends if one.unit == bottom[1])
        case "local" if asked.top is None and graph.program.loss in OF_DIFFERENCES:
            # The slope of half a square is the difference, which is an operation of its own.
            minus = (one for one in graph.operations if one.kind == "minus" and one.unit == bottom[1])
            yield from ((one.key, "forward") for one in minus)


def _gives(one: Operation, bottom: Place) -> bool:
    """Whether an operation has the value of a unit: its sum does, and what has its name."""
    if one.kind in ("times", "parameter", "target", "minus", "loss") or one.node != bottom[0]:
        return False
    return (one.unit or 0) == bottom[1] and (one.unit is not None or one.width == 1)


def _adds_to(one: Operation, bottom: Place) -> bool:
    """Whether it is a term of a unit's sum: the same gradient arrives there."""
    return one.kind == "times" and one.node == bottom[0] and one.unit == bottom[1]


def _between(graph: Graph, bottom: Place, top: Place | None) -> Iterator[Edge]:
    """The edges along which a unit, or the loss, passes a gradient on to another unit."""
    for edge in graph.edges:
        source, target = graph.by_key[edge.source], graph.by_key[edge.target]
        if source.kind in ("plus", "given") or not _gives(source, bottom):
            continue
        if top is None:
            passes = target.kind in ("minus", "loss")
        else:
            passes = target.node == top[0] and (target.unit or 0) == top[1]
        if passes:
            yield edge


def asked_of(graph: Graph, key: str, *, gradient: bool) -> Asked | None:
    """The number of an operation as it is asked for: its gradient, or its value; None where it is given."""
    one = graph.by_key[key]
    if one.parameter is not None:
        return Asked("gradient", one.parameter) if gradient else None
    if one.kind == "loss":
        return Asked("loss")
    if one.kind in ("given", "target", "minus") or (one.unit is None and one.width > 1):
        return None
    top = (one.node, one.unit or 0)
    weights = [graph.by_key[edge.source].parameter for edge in graph.into[key]]
    if one.kind == "times" and weights[0] is not None and not gradient:
        return Asked("term", weights[0], top)
    return Asked("arriving" if gradient else "value", top)
