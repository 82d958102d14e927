"""What a computation graph is drawn with: circles and boxes, all lines as one item, all numbers and words as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from playground.ui.canvas.operations.graph import Operation
from playground.ui.canvas.operations.layout import Measures, line_height
from playground.ui.curves import SPANS, axes_path, curve_path
from playground.ui.theme import CORNER, Theme, figure_font, mix, themes, title_font

#: Words and numbers lower than this, in pixels, cannot be read and are not drawn.
LEGIBLE = 6.2
#: Of the large letters inside circles.
_LEGIBLE_INSIDE = 5.5
_ROOM = 9.0
#: What numbers are written with.
_NUMBER = frozenset("0123456789.−?e/")


@dataclass(frozen=True)
class Look:
    """How an operation is being looked at: `played` is the play head, `current` where the keyboard is."""

    selected: bool = False
    hovered: bool = False
    current: bool = False
    played: bool = False


class OperationItem(QGraphicsItem):
    """One operation; its position is its middle. `value` is the last line of a loss."""

    def __init__(self, operation: Operation, size: tuple[float, float], measures: Measures) -> None:
        super().__init__()
        self.operation, self._size, self._measures = operation, size, measures
        self.look = Look()
        self.value = ""
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(10.0)

    @property
    def rect(self) -> QRectF:
        """Its own shape's rectangle, in the scene."""
        return self._own().translated(self.pos())

    def _own(self) -> QRectF:
        width, height = self._size
        return QRectF(-width / 2.0, -height / 2.0, width, height)

    @property
    def boxed(self) -> bool:
        """Whether it is a box, not a circle."""
        return bool(self.operation.lines) or self.operation.kind in ("loss", "layer")

    def set_look(self, **changes: bool) -> None:
        """Be looked at in another way."""
        changed = replace(self.look, **changes)
        if changed != self.look:
            self.look = changed
            self.update()

    def set_value(self, text: str) -> None:
        """The value of the loss."""
        if text != self.value:
            self.value = text
            self.update()

    def boundingRect(self) -> QRectF:
        """The shape with its rings."""
        return self._own().adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM)

    def shape(self) -> QPainterPath:
        """The circle or the box."""
        path, rect = QPainterPath(), self._own()
        radius = CORNER if self.boxed else rect.height() / 2.0
        path.addRoundedRect(rect, radius, radius)
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint in the theme of this moment."""
        theme, rect, look = themes.current(), self._own(), self.look
        radius = CORNER if self.boxed else rect.height() / 2.0
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        if look.played:
            painter.setPen(QPen(mix(theme.surface, theme.accent, 0.35), 3.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(-4.0, -4.0, 4.0, 4.0), radius + 4.0, radius + 4.0)
        if look.current:
            painter.setPen(QPen(theme.accent, 1.4, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(-6.0, -6.0, 6.0, 6.0), radius + 6.0, radius + 6.0)
        ground, outline, width = self._colors(theme)
        dashed = self.operation.frozen and not look.played
        painter.setPen(QPen(outline, width, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, radius, radius)
        if self._measures.letter * scale >= _LEGIBLE_INSIDE:
            self._paint_words(painter, rect, theme)
        elif self.operation.kind == "activation":
            self._paint_curve(painter, rect, theme)

    def _colors(self, theme: Theme) -> tuple[QColor, QColor, float]:
        """Ground, outline and its width."""
        kind, look = self.operation.kind, self.look
        width = 1.8 if self._measures.radius >= 22.0 else 1.4
        ground = {"given": theme.chip, "target": theme.chip, "parameter": mix(theme.surface, theme.accent, 0.05)}.get(
            kind, theme.surface
        )
        outline = (
            theme.accent if kind == "parameter" and not self.operation.frozen else mix(theme.surface, theme.text, 0.9)
        )
        if look.hovered:
            ground = theme.hover(ground)
        if look.selected:
            ground, outline, width = mix(theme.surface, theme.accent, 0.16), theme.accent, width + 0.8
        if look.played:
            outline, width = theme.accent, 3.0
        return ground, outline, width

    def _paint_words(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        operation, letter = self.operation, self._measures.letter
        painter.setPen(theme.text)
        if operation.kind == "activation" and not operation.lines:
            self._paint_curve(painter, rect, theme)
            return
        if not self.boxed:
            sign = operation.kind in ("times", "plus", "minus", "add", "multiply")
            painter.setFont(title_font(letter + (2 if sign else 0)))
            paint_symbol(painter, rect, operation.label, operation.sub)
            return
        lines = [operation.label, *operation.lines]
        count = len(lines) + (1 if operation.kind == "loss" else 0)
        height = line_height(letter)
        top = rect.center().y() - height / 2.0 * count
        for index, line in enumerate(lines):
            painter.setFont(
                title_font(letter) if index == 0 or operation.kind == "loss" else figure_font(letter - 1, bold=False)
            )
            painter.setPen(theme.text if index == 0 or operation.kind == "loss" else theme.muted)
            if index and operation.kind == "activation":
                self._paint_curve(painter, rect, theme)
                continue
            place = QRectF(rect.left(), top + height * index, rect.width(), height)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, line)
        if operation.kind == "loss":
            painter.setFont(figure_font(letter))
            painter.setPen(theme.forward)
            last = QRectF(rect.left(), top + height * len(lines), rect.width(), height)
            painter.drawText(last, Qt.AlignmentFlag.AlignCenter, self.value)

    def _paint_curve(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        function = self.operation.function
        if function not in SPANS and function != "softmax":
            return
        half = 0.52 * min(rect.width(), rect.height()) / 2.0
        # In a box it stands where other boxes have their shape.
        curve = (
            QRectF(-half, 1.0, 2.0 * half, 0.36 * rect.height())
            if self.boxed
            else QRectF(-half, -half, 2 * half, 2 * half)
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.strokePath(axes_path(function, curve), QPen(theme.line, 1.0))
        color = theme.muted if function == "identity" else theme.accent
        painter.strokePath(curve_path(function, curve), QPen(color, 2.0, c=Qt.PenCapStyle.RoundCap))


def paint_symbol(painter: QPainter, rect: QRectF, label: str, sub: str) -> None:
    """A label in the middle of a circle, with its subscript; cut short where it is too long."""
    font = painter.font()
    metrics = QFontMetricsF(font)
    room = rect.width() - 8.0
    if not sub:
        text = metrics.elidedText(label, Qt.TextElideMode.ElideRight, room + 0.5)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
        return
    small = QFont(font)
    small.setPixelSize(max(round(0.68 * font.pixelSize()), 7))
    below = QFontMetricsF(small)
    wide = below.horizontalAdvance(sub)
    text = metrics.elidedText(label, Qt.TextElideMode.ElideRight, max(room - wide, 6.0))
    left = rect.center().x() - (metrics.horizontalAdvance(text) + wide) / 2.0
    baseline = rect.center().y() + metrics.xHeight() / 2.0
    painter.drawText(QPointF(left, baseline), text)
    painter.setFont(small)
    painter.drawText(QPointF(left + metrics.horizontalAdvance(text) + 0.5, baseline + 0.28 * font.pixelSize()), sub)
    painter.setFont(font)


class EdgesItem(QGraphicsItem):
    """All edges."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(1.0)
        self._lines: list[QLineF] = []
        self._marked: list[QLineF] = []
        self._path: list[QLineF] = []
        self._bounds = QRectF()
        self._width, self._faint = 1.6, False

    def show_lines(
        self,
        lines: Mapping[str, Sequence[QLineF]],
        marked: frozenset[str],
        width: float,
        *,
        path: frozenset[str] = frozenset(),
        faint: bool = False,
    ) -> None:
        """Draw these; those of `marked` edges stand out, and the `path` lies below them in the gradient's colour.

        `faint`: so many that they are a texture.
        """
        self.prepareGeometryChange()
        self._lines = [line for key, some in lines.items() if key not in marked for line in some]
        self._marked = [line for key in lines if key in marked for line in lines[key]]
        self._path = [line for key in lines if key in path for line in lines[key]]
        self._width, self._faint = width, faint
        self._bounds = QRectF()
        for line in (*self._lines, *self._marked):
            self._bounds |= QRectF(line.p1(), line.p2()).normalized().adjusted(-4.0, -4.0, 4.0, 4.0)
        self.update()

    def boundingRect(self) -> QRectF:
        """Room for all of them."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint in the theme of this moment."""
        theme = themes.current()
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        if self._path:
            painter.setPen(QPen(mix(theme.surface, theme.gradient, 0.4), 3.0 * self._width + 2.0))
            painter.drawLines(self._path)
        color = mix(theme.surface, theme.muted, 0.6) if self._faint else theme.muted
        painter.setPen(QPen(color, max(self._width, 1.0 / max(scale, 0.1))))
        painter.drawLines(self._lines)
        if self._marked:
            painter.setPen(QPen(theme.accent, self._width + 1.0))
            painter.drawLines(self._marked)


@dataclass(frozen=True)
class Text:
    """Some words or a number: where, in which colour of the theme, and how its point lies in them.

    `across` and `down` from −1 to 1: −1 puts it left of (above) its point, 0 in the middle, 1 right of (below) it.
    """

    words: str
    at: tuple[float, float]
    color: str
    size: int
    across: float = 0.0
    down: float = 0.0
    bold: bool = True


class TextsItem(QGraphicsItem):
    """All numbers and words beside operations and edges."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(5.0)
        self._texts: list[tuple[Text, QRectF]] = []
        self._bounds = QRectF()

    def show_texts(self, texts: Sequence[Text]) -> None:
        """Write these."""
        self.prepareGeometryChange()
        self._texts = [(text, text_rect(text)) for text in texts if text.words]
        self._bounds = QRectF()
        for _, rect in self._texts:
            self._bounds |= rect.adjusted(-2.0, -2.0, 2.0, 2.0)
        self.update()

    def texts(self) -> list[Text]:
        """What is written now."""
        return [text for text, _ in self._texts]

    def boundingRect(self) -> QRectF:
        """Room for all of them."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint in the theme of this moment, each on a ground of its own: a line may run behind it."""
        theme = themes.current()
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        ground = QColor(theme.surface)
        ground.setAlphaF(0.85)
        exposed = option.exposedRect
        for text, rect in self._texts:
            if text.size * scale < LEGIBLE or not exposed.intersects(rect):
                continue
            inset = max(1.0, 0.16 * text.size - 1.0)
            painter.fillRect(rect.adjusted(0.0, inset, 0.0, -inset), ground)
            painter.setFont(_font(text))
            painter.setPen(getattr(theme, text.color))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text.words)


def _font(text: Text) -> QFont:
    return figure_font(text.size, bold=text.bold)


@lru_cache(4096)
def _extent(words: str, size: int, bold: bool) -> tuple[float, float]:
    """How wide and high a text is. Numbers, of which there are always others, are as wide as their signs together."""
    metrics = QFontMetricsF(figure_font(size, bold=bold))
    return metrics.horizontalAdvance(words), metrics.height() - 2.0


def _width(words: str, size: int, bold: bool) -> float:
    if _NUMBER.issuperset(words):
        return sum(_extent(sign, size, bold)[0] for sign in words)
    return _extent(words, size, bold)[0]


def text_rect(text: Text) -> QRectF:
    """The rectangle of a text in the scene."""
    width, height = _width(text.words, text.size, text.bold) + 4.0, _extent("0", text.size, text.bold)[1]
    x, y = text.at
    return QRectF(x - width / 2.0 * (1.0 - text.across), y - height / 2.0 * (1.0 - text.down), width, height)
