"""The microscope: one pass of the user's own network, stepped through forward, at the loss, backward and at the update.

It holds the reader and its pages, and joins them; what is shown is the pages' business. It works only while it is open.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QMouseEvent, QPaintEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from playground.ui.canvas.area import CanvasArea
from playground.ui.canvas.view import CanvasView
from playground.ui.microscope.ask_bar import AskBar
from playground.ui.microscope.foot import Foot, Press
from playground.ui.microscope.header import Header
from playground.ui.microscope.on_canvas import OnCanvas
from playground.ui.microscope.page import Page
from playground.ui.microscope.pages import DEEDS, PAGES, Deed
from playground.ui.microscope.reader import Reader
from playground.ui.session import Session
from playground.ui.theme import GRID, themes
from playground.ui.translation import language_changed, tr
from playground.ui.widgets.painting import box, painter_on

_Key = Qt.Key
#: The pages that cover what the steps ask for.
_COVERING = ("steps", "ledger")


class MicroscopePanel(QWidget):
    """The drawer below the canvas.

    `left` says that the keyboard should go back to the canvas; `row_changed` which training row is looked at, None
    where there is none; `values_covered` and `gradients_covered` whether one is asked for, so that nobody tells it.
    """

    left = Signal()
    row_changed = Signal(object)
    values_covered = Signal(bool)
    gradients_covered = Signal(bool)

    def __init__(self, session: Session, canvas: CanvasView, area: CanvasArea, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.reader = Reader(session, self)
        self.header = Header(self.reader)
        self.pages: dict[str, Page] = {page.key: page.make(self.reader) for page in PAGES}
        self.bar = AskBar(self.reader.asking)
        self.foot = Foot(self._presses())
        self.empty = QLabel()
        self.stack = QStackedWidget()
        self.on_canvas = OnCanvas(self.reader, canvas, area, self)
        self._shown_row: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.foot.buttons["ask"].setCheckable(True)
        self._lay_out()
        self._connect()
        self._take_keys()
        self.retranslate()
        self.restyle()

    def _lay_out(self) -> None:
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.stack.addWidget(self.empty)
        for page in self.pages.values():
            self.stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(self.header)
        column.addWidget(self.stack, 1)
        column.addWidget(self.bar)
        column.addWidget(self.foot)

    def _connect(self) -> None:
        reader, session = self.reader, self._session
        for signal in (reader.pass_changed, reader.moved, reader.playing_changed):
            signal.connect(self._renew)
        for signal in (session.reading, session.running_changed, session.problems_changed):
            signal.connect(self._renew)
        reader.asking.said.connect(self._tell_covered)
        reader.asking.changed.connect(self._tell_covered)
        self.bar.left.connect(self._focus_page)
        self.header.page_chosen.connect(self._show_page)
        language_changed.connect(self.retranslate)
        themes.changed.connect(self.restyle)

    def _presses(self) -> tuple[Press, ...]:
        reader = self.reader
        return (
            Press("rewind", lambda: tr("Rewind"),
                  lambda: tr("To the first value; pressed again, to where stepping began (Home)"),
                  reader.rewind, "rewind", bare=True),
            Press("back", lambda: tr("Back"), lambda: tr("One step back (Page Up)"), reader.back, "back", bare=True),
            Press("step", lambda: tr("Step"), lambda: tr("One step on (Page Down)"), reader.forward, "step",
                  primary=True),
            Press("play", lambda: tr("Stop") if reader.playing else tr("Play"),
                  lambda: tr("One step after the other, slowly"), lambda: reader.play(not reader.playing), "play"),
            self._press(DEEDS[0]),
            Press("batch", lambda: tr("Finish batch"), lambda: tr("Train this batch, and stand before the next"),
                  reader.finish_batch),
            Press("epoch", lambda: tr("Finish epoch"), lambda: tr("Train to the end of the epoch"),
                  reader.finish_epoch),
            *(self._press(deed) for deed in DEEDS[1:]),
        )  # fmt: skip

    def _press(self, deed: Deed) -> Press:
        do = self._ask if deed.key == "ask" else self._do
        return Press(deed.key, lambda: tr(deed.label), lambda: tr(deed.meaning), lambda: do(deed),
                     right=deed.key == "check")  # fmt: skip

    # --- what others may ask -----------------------------------------------------------------------

    def look_at(self, row: int) -> None:
        """Look at one training row, from its first value on."""
        self.reader.begin((row,))

    def show_weight(self, name: str, index: tuple[int, ...]) -> None:
        """Show how the gradient of one weight or bias comes about."""
        self.reader.choose(name, index)
        self.show_page("chain")
        if self.reader.found is None:
            self.reader.begin()

    def show_page(self, key: str) -> None:
        """Bring a page to the front; raises KeyError for none of them."""
        self.header.tabs.setCurrentIndex(list(self.pages).index(key))

    def page(self) -> str:
        """The key of the page in front."""
        return list(self.pages)[self.header.tabs.currentIndex()]

    def shut_down(self) -> None:
        """End every thread; of no use afterwards."""
        for page in self.pages.values():
            page.end_work()
        self.reader.close()

    # --- what is shown -----------------------------------------------------------------------------

    def _do(self, deed: Deed) -> None:
        page = self.page() if self.page() in deed.pages else deed.pages[0]
        self.show_page(page)
        deed.do(self.pages[page])

    def _ask(self, deed: Deed) -> None:
        """Begin to ask, or ask no more."""
        if self.reader.asking.on:
            self.reader.asking.end()
        else:
            self._do(deed)

    def _leave(self) -> None:
        """One step out: from the question to its page, from the page to the canvas."""
        if self.reader.asking.on:
            self.reader.asking.end()
        else:
            self.left.emit()

    def _tell_covered(self) -> None:
        sorts = {asked.sort for asked in self.reader.asking.hidden}
        self.values_covered.emit(bool(sorts & {"value", "term", "loss", "probability"}))
        self.gradients_covered.emit(bool(sorts & {"gradient", "passed", "arriving", "step", "new"}))
        self.foot.buttons["ask"].setChecked(self.reader.asking.on)

    def _focus_page(self) -> None:
        """The keyboard goes back to what the question was about."""
        (self.pages[self.page()].keyboard() or self).setFocus()

    def _show_page(self, _place: int = 0) -> None:
        kind = PAGES[self.header.tabs.currentIndex()]
        bare, course = self.reader.found is None and kind.needs_pass, self.reader.asking.course
        if course is not None and course.steps and kind.key not in _COVERING:
            self.reader.asking.end()  # the other pages would tell
        self.stack.setCurrentWidget(self.empty if bare else self.pages[kind.key])

    def _renew(self, _news: object = None) -> None:
        if not self.isVisible():
            return
        reader, error = self.reader, self._session.first_error
        self.empty.setText(
            tr(error.message)
            if error is not None
            else tr("Click a data point, or press Step to look at the next batch.")
        )
        self.header.renew()
        self._show_page()
        self._show_buttons()
        if reader.shown_row != self._shown_row:
            self._shown_row = reader.shown_row
            self.row_changed.emit(self._shown_row)

    def _show_buttons(self) -> None:
        reader, buttons = self.reader, self.foot.buttons
        works = reader.found is not None or self._session.first_error is None
        back = reader.can_go_back()
        for key, on in (
            ("rewind", back),
            ("back", back),
            ("step", works and not (reader.alone and reader.at_end)),
            ("play", works and not (reader.alone and reader.at_end)),
            ("batch", self._session.first_error is None),
            ("epoch", self._session.first_error is None),
        ):
            buttons[key].setEnabled(on)
        for deed in DEEDS:
            needs = any(page.needs_pass for page in PAGES if page.key in deed.pages)
            buttons[deed.key].setEnabled(reader.found is not None or not needs)
        buttons["ask"].setChecked(reader.asking.on)
        words = tr("Stop") if reader.playing else tr("Play")
        if buttons["play"].accessibleName() != words:
            buttons["play"].set_icon("pause" if reader.playing else "play")
            self.foot.retranslate()

    def retranslate(self, _language: object = None) -> None:
        """Say everything in the language of the window."""
        self.setAccessibleName(tr("Microscope"))
        self.header.retranslate()
        self.foot.retranslate()
        self.bar.retranslate()
        for page in self.pages.values():
            page.retranslate()
        self._renew()

    def restyle(self, _theme: object = None) -> None:
        """Paint in the theme of this moment."""
        self.empty.setStyleSheet(f"color: {themes.current().muted.name()};")
        self.header.restyle()
        self.bar.restyle()
        for page in self.pages.values():
            page.restyle()
        self.update()

    # --- keys and events ---------------------------------------------------------------------------

    def _take_keys(self) -> None:
        """The keys of a clicker, wherever in the panel the focus is: what scrolls would have them else."""
        for key, do in (
            (_Key.Key_PageDown, self.reader.forward),
            (_Key.Key_PageUp, self.reader.back),
            (_Key.Key_Home, self.reader.rewind),
            (_Key.Key_Escape, self._leave),
        ):
            QShortcut(key, self, do, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on the ground takes the keyboard."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A card, with the ring of the keyboard where the panel itself has it."""
        theme, focused = themes.current(), self.hasFocus()
        painter = painter_on(self)
        edge = theme.accent if focused else theme.line
        box(painter, QRectF(self.rect()), theme.surface, edge, width=2.0 if focused else 1.0)
        painter.end()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it was closed."""
        super().showEvent(event)
        self.reader.set_active(True)
        self.reader.typesetter.warm()
        self.on_canvas.set_open(True)
        self._renew()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is done for a panel that nobody sees."""
        super().hideEvent(event)
        self.reader.asking.end()
        self.reader.set_active(False)
        self.on_canvas.set_open(False)
        self._shown_row = None
        self.row_changed.emit(None)
