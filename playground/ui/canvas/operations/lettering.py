"""Which numbers and words stand beside a computation graph, and where exactly."""

from __future__ import annotations

from PySide6.QtGui import QFontMetricsF

from playground.ui.canvas.operations.graph import Graph, Operation
from playground.ui.canvas.operations.items import Text
from playground.ui.canvas.operations.layout import Anchor, Layout, Point
from playground.ui.canvas.operations.words import Numbers, Side, caption_of
from playground.ui.projector import WORDS
from playground.ui.theme import CAPTION, figure_font

#: Between a line and the number at it.
_GAP = 3.0
#: Up to so many inputs every one says that it is given; of more the first alone does.
_FEW = 3


def captions(graph: Graph, layout: Layout, off: frozenset[str], *, aside: bool) -> list[Text]:
    """The small words at the first operation of each sort. `off`: nodes whose activation is switched off.

    `aside`: gradients stand above operations, so that words have to keep away from there.
    """
    size = min(max(CAPTION + 1, layout.measures.number - 2), WORDS)
    given = [operation for operation in graph.operations if operation.kind == "given"]
    texts, said = [], set()
    for operation in graph.operations:
        sort = "parameter" if operation.kind == "parameter" else f"{operation.kind} {operation.node}"
        words = caption_of(operation, off=operation.node in off and operation.function == "identity")
        if not words or (sort in said and not (operation.kind == "given" and len(given) <= _FEW)):
            continue
        if operation.kind == "activation" and operation.lines:
            words = operation.title if operation.title != operation.label else ""
        said.add(sort)
        (x, y), (width, height) = layout.places[operation.key], layout.sizes[operation.key]
        free = graph.level == "single" and len(graph.out_of[operation.key]) == 1
        if operation.kind == "parameter":
            texts.append(Text(words, (x - width / 2.0 - 8.0, y), "muted", size, across=-1.0, bold=False))
        elif operation.kind == "given" and free:
            texts.append(Text(words, (x, y + height / 2.0 + 4.0), "muted", size, down=1.0, bold=False))
        else:
            numbered = aside and graph.level == "units" and operation.kind not in ("given", "target")
            gap = 4.0 + (layout.measures.number + 6.0 if numbered else 0.0)
            texts.append(Text(words, (x, y - height / 2.0 - gap), "muted", size, down=-1.0, bold=False))
    return texts


def numbers_of(graph: Graph, layout: Layout, numbers: Numbers, *, forward: bool, gradient: bool) -> list[Text]:
    """The numbers of the sample: on every edge, or where too many lines run together at the operations.

    A value that goes several ways is written once, below the operation that gives it.
    """
    wanted: tuple[tuple[Side, bool], ...] = (("forward", forward), ("gradient", gradient))
    sides = [side for side, is_wanted in wanted if is_wanted]
    size = layout.measures.number
    texts = []
    spread = graph.level == "units"
    for edge in () if spread else graph.edges:
        for side in sides:
            if side == "gradient" or len(graph.out_of[edge.source]) == 1:
                words = numbers.on(edge, side)
                texts += [_on_edge(words, layout.anchors[edge.key], side, size, both=len(sides) > 1)] if words else []
    for operation in graph.operations:
        several = len(graph.out_of[operation.key]) > 1
        for side in sides:
            shown = spread or (several and side == "forward")
            if (
                shown
                and operation.kind != "loss"
                and not (side == "gradient" and operation.kind in ("given", "target"))
            ):
                texts.append(_at_operation(numbers.beside(operation.key, side), operation, layout, side, size))
    return texts


def _on_edge(words: str, anchor: Anchor, side: Side, size: int, *, both: bool) -> Text:
    """Gradient above the line or left of it, forward value below or right: clear of the line at any slope."""
    x, y = anchor.at
    metrics = QFontMetricsF(figure_font(size))
    half_wide, half_high = metrics.horizontalAdvance(words) / 2.0 + 1.0, metrics.capHeight() / 2.0 + 1.0
    sign = -1.0 if side == "gradient" else 1.0
    if anchor.side == "beside":
        return Text(words, (x + _GAP, y + (sign * 0.56 * size if both else 0.0)), side, size, across=1.0)
    if anchor.side == "stem":
        return Text(words, (x + sign * (12.0 + half_wide), y), side, size)
    if anchor.side in ("over", "under"):
        out = -1.0 if anchor.side == "over" else 1.0
        # As for a number of usual width, so that both stand in line.
        nearest = half_high + _GAP + 2.0 + 1.5 * size * abs(anchor.down) / max(abs(anchor.across), 1.0)
        further = 1.06 * size if both and sign == out else 0.0
        return Text(words, (x, y + out * (nearest + further)), side, size)
    climb = abs(anchor.down) / max(abs(anchor.across), 1e-9)
    if climb <= 1.4:
        return Text(words, (x, y + sign * (half_high + _GAP + 2.0 + half_wide * climb)), side, size)
    away = half_wide + _GAP + 1.0 + half_high / climb
    # Above a falling line is right of it.
    falling = anchor.down * anchor.across > 0.0
    return Text(words, (x + away * (-sign if falling else sign), y), side, size)


def _at_operation(words: str, operation: Operation, layout: Layout, side: Side, size: int) -> Text:
    x, y = layout.places[operation.key]
    half: Point = (layout.sizes[operation.key][0] / 2.0, layout.sizes[operation.key][1] / 2.0)
    if side == "gradient":
        return Text(words, (x, y - half[1] - 2.0), side, size, down=-1.0)
    return Text(words, (x, y + half[1] + 2.0), side, size, down=1.0)
