"""A computation graph as a scene: it keeps up with numbers, looks and places, and says what lies at a point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QGraphicsScene

from playground.ui.canvas.operations.graph import Edge, Graph
from playground.ui.canvas.operations.items import EdgesItem, OperationItem, Text, TextsItem, text_rect
from playground.ui.canvas.operations.layout import Layout, arrange
from playground.ui.canvas.operations.lettering import captions, numbers_of
from playground.ui.canvas.operations.words import Numbers
from playground.ui.theme import title_font

#: How near to a line the pointer has to be, in pixels.
_NEAR = 6.0
#: So many lines are thin and faint.
_TEXTURE = 80


class OperationsScene(QGraphicsScene):
    """Shows one graph.

    Attributes:
        graph, layout: what is shown; None before the first.
        items_by_key: the item of every operation.
        played: the operation at which the play head is, and `played_words` what is written below it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.graph: Graph | None = None
        self.layout: Layout | None = None
        self.items_by_key: dict[str, OperationItem] = {}
        self.edges, self.texts = EdgesItem(), TextsItem()
        self.addItem(self.edges)
        self.addItem(self.texts)
        self.numbers: Numbers | None = None
        self.forward, self.gradient = True, False
        self.off: frozenset[str] = frozenset()
        self.played: str | None = None
        self.played_words = ""
        self._marked: frozenset[str] = frozenset()
        self._path_from: tuple[str, tuple[int, ...]] | None = None
        self._moving = False
        self._held, self._wanted = False, False
        self._contents = QRectF()

    def show(self, graph: Graph | None) -> None:
        """Show another graph, without numbers yet."""
        for item in self.items_by_key.values():
            self.removeItem(item)
        self.items_by_key = {}
        self.graph, self.numbers, self._moving = graph, None, False
        self.layout = arrange(graph, _width) if graph is not None else None
        self._marked = frozenset()
        if graph is not None and self.layout is not None:
            for operation in graph.operations:
                item = OperationItem(operation, self.layout.sizes[operation.key], self.layout.measures)
                item.setPos(*self.layout.places[operation.key])
                self.items_by_key[operation.key] = item
                self.addItem(item)
            self.numbers = Numbers(graph, None)
        self._draw_lines()
        self.write()

    def contents(self) -> QRectF:
        """The rectangle around all that is drawn; empty where there is nothing."""
        return self._contents

    # --- numbers and words -------------------------------------------------------------------------

    @contextmanager
    def written_once(self) -> Iterator[None]:
        """Write but once, at the end, however often something changes meanwhile."""
        self._held, self._wanted = True, False
        try:
            yield
        finally:
            self._held = False
            if self._wanted:
                self.write()

    def write(self) -> None:
        """Write all numbers and words again."""
        self._wanted = True
        if self._held:
            return
        graph, layout, numbers = self.graph, self.layout, self.numbers
        texts: list[Text] = []
        if graph is not None and layout is not None and numbers is not None:
            if not self._moving:
                texts += captions(graph, layout, self.off, aside=self.gradient)
                texts += numbers_of(graph, layout, numbers, forward=self.forward, gradient=self.gradient)
                texts += self._played_text(layout)
            for item in self.items_by_key.values():
                if item.operation.kind == "loss":
                    item.set_value(numbers.loss(item.operation) if self.forward else "")
        self.texts.show_texts(texts)
        if not self._moving:
            self._measure(texts)

    def _measure(self, texts: Iterable[Text]) -> None:
        around = QRectF()
        for item in self.items_by_key.values():
            around |= item.rect
        for text in texts:
            # What changes with every sample must not move the view.
            if text.color == "muted":
                around |= text_rect(text)
        self._contents = around.adjusted(-10.0, -18.0, 10.0, 18.0) if self.items_by_key else QRectF()

    def _played_text(self, layout: Layout) -> list[Text]:
        if self.played is None or not self.played_words or self.played not in layout.places:
            return []
        (x, y), half = layout.places[self.played], layout.sizes[self.played][1] / 2.0
        flow = "gradient" if self.gradient else "forward"
        # Where numbers stand at operations, one is between.
        size = layout.measures.number
        below = 22.0 if self.graph is not None and self.graph.level == "single" else max(22.0, 1.5 * size)
        return [Text(self.played_words, (x, y + half + below), flow, size, down=1.0)]

    # --- how it is looked at -----------------------------------------------------------------------

    def mark(self, *, selection: frozenset[str], current: str | None, hovered: str | None) -> None:
        """Mark what belongs to the selected cards, where the keyboard is, and what is under the pointer."""
        for key, item in self.items_by_key.items():
            item.set_look(
                selected=item.operation.node in selection,
                current=key == current,
                hovered=key == hovered,
                played=key == self.played,
            )
        shown = hovered if hovered is not None else current
        graph = self.graph
        marked: frozenset[str] = frozenset()
        if graph is not None and shown is not None and shown in graph.by_key:
            marked = frozenset(edge.key for edge in (*graph.into[shown], *graph.out_of[shown]))
        elif graph is not None and shown is not None:
            marked = frozenset({shown})
        if marked != self._marked:
            self._marked = marked
            self._draw_lines()

    def show_path(self, number: tuple[str, tuple[int, ...]] | None) -> None:
        """Light every way from the loss to a weight or bias (its parameter and index); None: no longer."""
        if number != self._path_from:
            self._path_from = number
            self._draw_lines()

    def path(self) -> frozenset[str]:
        """The edges that are lit."""
        graph = self.graph
        if graph is None or self._path_from is None:
            return frozenset()
        waiting = [one.key for one in graph.operations if one.parameter == self._path_from]
        seen, edges = set(waiting), set()
        while waiting:
            for edge in graph.out_of[waiting.pop()]:
                edges.add(edge.key)
                if edge.target not in seen:
                    seen.add(edge.target)
                    waiting.append(edge.target)
        return frozenset(edges)

    # --- places ------------------------------------------------------------------------------------

    def move(self, origins: Mapping[str, QPointF], share: float) -> None:
        """Put every operation `share` of its way from its origin to its own place; 1: all are where they belong."""
        if self.layout is None:
            return
        self._moving = share < 1.0
        for key, item in self.items_by_key.items():
            place = QPointF(*self.layout.places[key])
            origin = origins.get(key, place)
            item.setPos(origin + (place - origin) * share if self._moving else place)
        self._draw_lines()

    def _draw_lines(self) -> None:
        graph, layout = self.graph, self.layout
        lines: dict[str, list[QLineF]] = {}
        if graph is not None and layout is not None:
            for edge in graph.edges:
                if self._moving:
                    ends = (self.items_by_key[edge.source].pos(), self.items_by_key[edge.target].pos())
                    lines[edge.key] = [QLineF(*ends)]
                else:
                    points = [QPointF(*point) for point in layout.courses[edge.key]]
                    lines[edge.key] = [QLineF(a, b) for a, b in pairwise(points)]
        many = graph is not None and len(graph.edges) > _TEXTURE
        wide = layout is not None and layout.measures.radius >= 22.0
        self.edges.show_lines(lines, self._marked, 1.0 if many else 1.8 if wide else 1.4, path=self.path(), faint=many)

    # --- what lies where ---------------------------------------------------------------------------

    def operation_at(self, point: QPointF) -> str | None:
        """The operation at a point of the scene."""
        for key, item in self.items_by_key.items():
            if item.rect.contains(point) and item.shape().contains(point - item.pos()):
                return key
        return None

    def edge_at(self, point: QPointF, scale: float) -> Edge | None:
        """The edge that runs nearest to a point, where it is near enough."""
        if self.graph is None or self.layout is None:
            return None
        best, nearest = None, _NEAR / scale
        for edge in self.graph.edges:
            course = self.layout.courses[edge.key]
            for start, end in pairwise(course):
                distance = _distance(point, QPointF(*start), QPointF(*end))
                if distance < nearest:
                    best, nearest = edge, distance
        return best


def _distance(point: QPointF, start: QPointF, end: QPointF) -> float:
    """From a point to a stretch of a line."""
    way = end - start
    length = way.x() ** 2 + way.y() ** 2
    share = QPointF.dotProduct(point - start, way) / length if length else 0.0
    return QLineF(point, start + way * min(max(share, 0.0), 1.0)).length()


def _width(text: str) -> float:
    """How wide a label is in the font of labels, one unit high."""
    return QFontMetricsF(title_font(20)).horizontalAdvance(text) / 20.0
