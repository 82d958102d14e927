"""One card: a node of the network as it is drawn. It knows its face and how it is being looked at, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from playground.ui.canvas import fonts, shape
from playground.ui.canvas.bare import paint_bare
from playground.ui.canvas.face import Face
from playground.ui.canvas.live import LiveItem
from playground.ui.canvas.locks import draw_locks
from playground.ui.curves import SPANS
from playground.ui.icons import axes_path, curve_path, draw_icon
from playground.ui.theme import CORNER, Theme, mix, themes
from playground.ui.widgets.switch import draw_switch

#: Room around a card for its ports and its outline.
MARGIN = 10.0
#: Below this scale words cannot be read and are not drawn.
LEGIBLE = 0.4
#: Below this scale a port is smaller than a pixel or two; those that a wire may end at are shown at any.
_PORTS_SEEN = 0.25
#: The sign of a joining card, large.
_SIGNS = {name: name for name in ("add", "multiply", "concat", "dropout")}


@dataclass(frozen=True)
class Look:
    """How a card is being looked at.

    Attributes:
        ports: "", or while a wire is being drawn "open" (it may end here) or "closed".
        docked_left, docked_right: whether a neighbour touches it, so that the port between them is a joint.
        ghost: it is not there yet.
        button: the button under the pointer: "plus", "minus", "fold" or "".
    """

    selected: bool = False
    hovered: bool = False
    button: str = ""
    switch_hovered: bool = False
    ports: str = ""
    docked_left: bool = False
    docked_right: bool = False
    ghost: bool = False


class CardItem(QGraphicsItem):
    """The item of one node; its position is the card's top left corner."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self.face = face
        self.look = Look()
        self.figure = ""
        self.size = shape.size_of(face)
        self.live = LiveItem(face, self.size, self)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(10.0)

    @property
    def rect(self) -> QRectF:
        """The card's own rectangle, in the scene."""
        return QRectF(self.pos().x(), self.pos().y(), *self.size)

    def set_face(self, face: Face) -> None:
        """Show another face."""
        if face != self.face:
            self.prepareGeometryChange()
            self.face = face
            self.remeasure()

    def remeasure(self) -> None:
        """The fonts or the theme have changed."""
        self.prepareGeometryChange()
        self.size = shape.size_of(self.face)
        self.live.show_face(self.face, self.size)
        self.update()

    def set_look(self, **changes: bool | str) -> None:
        """Be looked at in another way."""
        if any(getattr(self.look, name) != wanted for name, wanted in changes.items()):
            self.look = look = replace(self.look, **changes)  # type: ignore[arg-type]
            # A selected card lies on top, and the layer on top of its joint, so that its outline is whole.
            self.setZValue(12.0 if look.selected else 10.0 if self.face.kind != "activation" else 9.0)
            self.update()

    def set_figure(self, text: str) -> None:
        """The live figure of the loss card."""
        if text != self.figure:
            self.figure = text
            self.update()

    # --- QGraphicsItem -----------------------------------------------------------------------------

    def boundingRect(self) -> QRectF:
        """The card and its margin."""
        width, height = self.size
        margin = 64.0 if self.face.bare >= 1.0 else MARGIN
        return QRectF(-margin, -MARGIN, width + 2.0 * margin, height + 2.0 * MARGIN)

    def shape(self) -> QPainterPath:
        """The card alone."""
        path = QPainterPath()
        path.addRect(QRectF(0.0, 0.0, *self.size))
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint in the theme of this moment."""
        theme, rect = themes.current(), QRectF(0.0, 0.0, *self.size)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.face.bare >= 1.0:
            paint_bare(painter, rect, self.face, theme, selected=self.look.selected)
            return
        painter.setOpacity((0.75 if self.look.ghost else 1.0) * (1.0 - self.face.bare))
        self._paint_body(painter, rect, theme)
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        if scale >= LEGIBLE:
            self._paint_content(painter, rect, theme)
        else:
            self._paint_far(painter, rect, theme, scale)
        self._paint_buttons(painter, rect, theme, scale)
        if scale >= _PORTS_SEEN or self.look.hovered or self.look.ports:
            self._paint_ports(painter, rect, theme)
        if self.face.mark:
            # On the corner, where it takes no room from the title and no card changes its size for it.
            badge = QRectF(rect.right() - 12.0, rect.top() - 8.0, 20.0, 20.0)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.surface)
            painter.drawEllipse(badge)
            paint_mark(painter, badge.adjusted(2.0, 1.0, -2.0, -3.0), self.face.mark, theme)

    def _paint_buttons(self, painter: QPainter, rect: QRectF, theme: Theme, scale: float) -> None:
        """A unit less and one more at the foot of a layer that is looked at; the fold of a wide one."""
        look, face = self.look, self.face
        if face.kind != "dense" or face.bare or scale < LEGIBLE:
            return
        shown = []
        if self._offers_units():
            shown += [("minus", shape.fewer_rect(rect)), ("plus", shape.more_rect(rect))]
        if face.folded is not None:
            shown.append(("unfold" if face.folded else "fold", shape.fold_rect(rect)))
        for name, place in shown:
            pressed = look.button and name.endswith(look.button)
            painter.setPen(QPen(theme.accent if pressed else theme.line, 1.2))
            painter.setBrush(theme.chip if pressed else theme.surface)
            painter.drawRoundedRect(place.adjusted(2.0, 2.0, -2.0, -2.0), 5.0, 5.0)
            painter.setPen(QPen(theme.accent, 1.8, c=Qt.PenCapStyle.RoundCap))
            middle = place.center()
            if name in ("minus", "plus"):
                painter.drawLine(middle - QPointF(4.0, 0.0), middle + QPointF(4.0, 0.0))
            if name == "plus":
                painter.drawLine(middle - QPointF(0.0, 4.0), middle + QPointF(0.0, 4.0))
            if name in ("fold", "unfold"):
                down = 2.0 if name == "unfold" else -2.0
                tips = [middle + QPointF(-4.0, -down), middle + QPointF(0.0, down), middle + QPointF(4.0, -down)]
                painter.drawPolyline(QPolygonF(tips))

    def _paint_body(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        look, face = self.look, self.face
        outline, width = theme.line, 1.2
        if face.mark == "error":
            outline, width = theme.error, 1.6
        if look.hovered:
            outline = theme.edge if face.mark != "error" else outline
        if look.selected:
            outline, width = theme.accent, 2.2
        pen = QPen(outline, width)
        if not face.known or look.ghost:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(card_ground(theme))
        painter.drawRoundedRect(rect.adjusted(0.6, 0.6, -0.6, -0.6), CORNER, CORNER)

    def _paint_content(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        face = self.face
        if face.kind == "activation":
            self._paint_activation(painter, rect, theme)
            return
        centred = face.kind not in ("input", "dense")
        top = 10.0 if centred else 7.0
        line = QRectF(rect.left() + 10.0, rect.top() + top, rect.width() - 20.0, 18.0)
        if face.frozen:
            end = line.right() if face.folded is None else shape.fold_rect(rect).left()
            draw_locks(painter, np.array([[end - 5.0, line.center().y()]]), theme.text, card_ground(theme))
            line.setRight(end - 13.0)
        self._paint_title(painter, line, theme, centred)
        if face.kind == "loss":
            painter.setFont(fonts.caption())
            painter.setPen(theme.muted)
            painter.drawText(line.translated(0.0, 18.0), Qt.AlignmentFlag.AlignCenter, face.caption)
            painter.setFont(fonts.figure())
            painter.setPen(theme.text)
            painter.drawText(line.translated(0.0, 41.0), Qt.AlignmentFlag.AlignCenter, self.figure or "–")
        elif face.kind in _SIGNS:
            draw_icon(painter, _SIGNS[face.kind], QRectF(rect.center().x() - 14.0, rect.center().y() - 6.0, 28.0, 28.0),
                      theme.accent)  # fmt: skip
        elif not face.known:
            painter.setFont(fonts.title(20))
            painter.setPen(theme.muted)
            painter.drawText(rect.adjusted(0.0, 22.0, 0.0, 0.0), Qt.AlignmentFlag.AlignCenter, "?")
        elif face.caption and self._has_foot(rect):
            painter.setFont(fonts.caption())
            painter.setPen(theme.muted)
            foot = QRectF(rect.left(), rect.bottom() - 26.0, rect.width(), 18.0)
            painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, face.caption)

    def _has_foot(self, rect: QRectF) -> bool:
        """Whether there is room for the caption: two buttons may stand at its sides."""
        room = shape.more_rect(rect).left() - shape.fewer_rect(rect).right()
        return not self._offers_units() or shape.text_width(self.face.caption) <= room

    def _offers_units(self) -> bool:
        look = self.look
        return self.face.kind == "dense" and (look.hovered or look.selected) and not look.ghost

    def _paint_far(self, painter: QPainter, rect: QRectF, theme: Theme, scale: float) -> None:
        """From far away: the curve, or one short word, as large as can be read."""
        face = self.face
        if face.kind == "activation":
            side = rect.width() - 16.0
            function = face.function if face.enabled else "identity"
            if function in SPANS or function == "softmax":
                curve = QRectF(rect.center().x() - side / 2.0, rect.center().y() - side / 2.0, side, side)
                pen = QPen(theme.accent if face.enabled else theme.muted, 1.4 / scale)
                painter.strokePath(curve_path(function, curve, coarse=True), pen)
            return
        size = round(min(11.0 / scale, 28.0))
        words = (face.title, str(face.width or "?") if face.kind == "dense" else face.title[:1])
        metrics = fonts.title_metrics(size)
        text = next((word for word in words if metrics.horizontalAdvance(word) <= rect.width() - 8.0), words[-1])
        layered = bool(face.rows)
        box = QRectF(rect.left(), rect.top(), rect.width(), shape.HEAD if layered else rect.height())
        painter.setFont(fonts.title(size))
        painter.setPen(theme.text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_title(self, painter: QPainter, line: QRectF, theme: Theme, centred: bool) -> None:
        face = self.face
        painter.setFont(fonts.title())
        metrics = fonts.title_metrics()
        text = metrics.elidedText(face.title, Qt.TextElideMode.ElideRight, line.width() + 0.5)
        painter.setPen(theme.text if face.known else theme.muted)
        side = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft
        painter.drawText(line, side | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_activation(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        face, middle = self.face, rect.center()
        name = QRectF(rect.left() + 6.0, middle.y() - 42.0, rect.width() - 12.0, 18.0)
        painter.setFont(fonts.title())
        painter.setPen(theme.text if face.enabled else theme.muted)
        text = fonts.title_metrics().elidedText(face.title, Qt.TextElideMode.ElideRight, name.width() + 0.5)
        painter.drawText(name, Qt.AlignmentFlag.AlignCenter, text)
        function = face.function if face.enabled else "identity"
        curve = QRectF(middle.x() - 15.0, middle.y() - 16.0, 30.0, 24.0)
        if function in SPANS or function == "softmax":
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.strokePath(axes_path(function, curve), QPen(theme.line, 1.0))
            color = theme.accent if face.enabled else theme.muted
            painter.strokePath(curve_path(function, curve), QPen(color, 2.0, c=Qt.PenCapStyle.RoundCap))
        draw_switch(
            painter, shape.switch_rect(rect), theme, 1.0 if face.enabled else 0.0, hovered=self.look.switch_hovered
        )

    def _paint_ports(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """A triangle that points inwards where values enter, a circle where they leave, a dot where cards touch."""
        look, face = self.look, self.face
        color = {"open": theme.ok, "closed": theme.line, "": theme.accent if look.hovered else theme.edge}[look.ports]
        painter.setPen(QPen(color, 1.6, j=Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(color if look.ports == "open" else theme.surface)
        if face.takes and not look.docked_left:
            port = shape.in_port(rect)
            tip = QPolygonF([QPointF(-3.5, -4.0), QPointF(3.5, 0.0), QPointF(-3.5, 4.0)])
            painter.setBrush(color)
            painter.drawPolygon(tip.translated(port.x() - 0.5, port.y()))
            painter.setBrush(color if look.ports == "open" else theme.surface)
        if face.gives:
            port = shape.out_port(rect)
            if look.docked_right and not look.hovered and not look.ports:
                painter.setBrush(color)
                painter.drawEllipse(port, 2.0, 2.0)
            else:
                painter.drawEllipse(port, shape.PORT, shape.PORT)


@lru_cache(maxsize=8)
def card_ground(theme: Theme) -> QColor:
    """The ground of a card: between the canvas and the window behind it."""
    return mix(theme.surface, theme.bg, 0.6)


def paint_mark(painter: QPainter, rect: QRectF, mark: str, theme: Theme) -> None:
    """The sign of an error or a warning."""
    draw_icon(painter, "error" if mark == "error" else "warn", rect, theme.error if mark == "error" else theme.warn)
