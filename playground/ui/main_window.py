"""The main window: the canvas in the middle, the bar above it, panels around it. It joins the parts and holds no state.

A newcomer sees data, the palette, the network, the region, the loss and what is going on; *More* opens figures, seed,
steps, settings and the status line, and stays as it was left.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QIcon, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QMenuBar, QVBoxLayout, QWidget

from playground import __version__
from playground.document.check import Problem
from playground.messages import Message
from playground.resources import resource
from playground.training.snapshot import Ended, Snapshot
from playground.ui.arrangement import Arrangement
from playground.ui.canvas.area import CanvasArea
from playground.ui.canvas.view import CanvasView
from playground.ui.chosen_view import ChosenView
from playground.ui.data_panel import DataPanel
from playground.ui.files import Files
from playground.ui.insight import InsightPanel
from playground.ui.inspector import Inspector
from playground.ui.keys_dialog import AboutDialog, KeysDialog
from playground.ui.menus import Menus
from playground.ui.microscope.panel import MicroscopePanel
from playground.ui.outline import Outline
from playground.ui.palette import Palette
from playground.ui.panels import Panel, framed
from playground.ui.plots.loss import LossPlot
from playground.ui.plots.region import RegionPlot
from playground.ui.projector import projector
from playground.ui.session import Session
from playground.ui.settings import Settings
from playground.ui.status import end_words, status_text
from playground.ui.theme import GRID, ThemeChoice, caption_font, themes
from playground.ui.training_form import TrainingForm
from playground.ui.translation import Language, language_changed, set_language, tr
from playground.ui.transport import Transport
from playground.ui.widgets.toast import Mood, Toast

#: The experiment that a new window shows.
FIRST_PRESET = "xor"


class MainWindow(QMainWindow):
    """One window on one session."""

    def __init__(self, settings: Settings | None = None, preset: str | None = FIRST_PRESET) -> None:
        super().__init__()
        self.settings = settings or Settings()
        projector.switch(self.settings.projector)
        self.session = Session()
        self.files = Files(self.session, self.settings, self)
        self.transport = Transport(self.session)
        self.canvas = CanvasView(self.session)
        self.area = CanvasArea(self.session, self.canvas)
        self._chosen = ChosenView(self.settings, self.session, self.canvas)
        self.data_panel = DataPanel(self.session)
        self.palette_panel = Palette(self.session, self.canvas)
        self.region = RegionPlot(self.session)
        self.loss = LossPlot(self.session)
        self.insight = InsightPanel(self.session)
        self.inspector = Inspector(self.session)
        self.outline = Outline(self.session, self.canvas)
        self.training_form = TrainingForm(self.session)
        self.microscope = MicroscopePanel(self.session, self.canvas, self.area)
        self.status = QLabel()
        self.menu_bar = QMenuBar()
        self.panels: dict[str, Panel] = {}
        self._closing = False
        self._lay_out()
        self.arrangement = Arrangement(self, self.panels)
        self.toast = Toast(self)
        self.menus = Menus(self)
        self._connect()
        self._retranslate()
        self._restored = self.settings.restore_window(self)
        self.arrangement.take_over()
        self.set_more(self.settings.more)
        self.canvas.setFocus()
        if preset is not None:
            self.files.open_preset(preset)

    def _lay_out(self) -> None:
        self.setWindowIcon(QIcon(str(resource("icons/backprop-playground.svg"))))
        self.setMinimumSize(800, 560)
        self.setCentralWidget(framed(self.area))
        top = QWidget()
        above = QVBoxLayout(top)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(0)
        above.addWidget(self.menu_bar)
        above.addWidget(self.transport)
        self.setMenuWidget(top)
        for name, content, scrolls in (
            ("data", self.data_panel, True),
            ("palette", self.palette_panel, False),
            ("region", self.region, False),
            ("loss", self.loss, False),
            ("insight", self.insight, False),
            ("outline", self.outline, False),
            ("microscope", self.microscope, False),
            ("selection", self.inspector, True),
            ("training", self.training_form, True),
        ):
            self.panels[name] = Panel(name, content, scrolls=scrolls)
        self.status.setFont(caption_font())
        self.status.setContentsMargins(4 * GRID, 0, 0, 0)
        self.statusBar().addWidget(self.status, 1)
        self.statusBar().setSizeGripEnabled(False)

    def _connect(self) -> None:
        session = self.session
        self.transport.more_toggled.connect(self.set_more)
        self.data_panel.preset_chosen.connect(self.open_preset)
        self.canvas.inspect_wanted.connect(self._inspect)
        self.canvas.unit_hovered.connect(self._show_unit)
        self.inspector.left.connect(self.area.take_keyboard)
        self.microscope.left.connect(self.area.take_keyboard)
        self.microscope.row_changed.connect(self.region.mark_row)
        self.microscope.values_covered.connect(self.region.set_covered)
        self.microscope.gradients_covered.connect(self.canvas.pointed.set_covered)
        self.region.row_picked.connect(self._look_at)
        self.canvas.weight_wanted.connect(self._explain)
        self.files.said.connect(self.say)
        self.files.title_changed.connect(self._show_title)
        session.noticed.connect(lambda reason: self.say(reason, "warn"))
        session.ended.connect(self._say_end)
        session.reading.connect(self._show_status)
        session.document_changed.connect(self._forget_status)
        session.problems_changed.connect(self._show_problems)
        language_changed.connect(self._retranslate)
        themes.changed.connect(self._colour)

    # --- commands ----------------------------------------------------------------------------------------------------

    def open_preset(self, name: str) -> None:
        """Open a built-in experiment; the canvas gets the keyboard, so that Space trains it."""
        self.files.open_preset(name)
        self.canvas.setFocus()

    def add_layer(self) -> None:
        """Open the quick-add of the canvas."""
        self.canvas.setFocus()
        self.canvas.quick_add()

    def set_more(self, is_open: bool) -> None:
        """Open or close what a newcomer does not need, and remember it."""
        self.settings.more = is_open
        self.menus.more.setChecked(is_open)
        self.transport.set_more(is_open)
        self.data_panel.set_more(is_open)
        self.palette_panel.set_more(is_open)
        for name in ("selection", "training"):
            self.panels[name].setVisible(is_open)
        self.statusBar().setVisible(is_open)
        self._chosen.show()
        if self.isVisible():
            self.arrangement.divide(is_open)

    def set_projector(self, on: bool) -> None:
        """Write numbers large enough for a projector, or no longer; and remember it."""
        self.settings.projector = on
        projector.switch(on)

    def reset_panels(self) -> None:
        """Put every panel back where a new window has it."""
        self.settings.forget_panels()
        self.arrangement.put_back()
        self.set_more(self.settings.more)

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Change the theme, and remember it."""
        self.settings.theme = choice
        themes.choose(choice)

    def choose_language(self, choice: Language) -> None:
        """Change the language, and remember it."""
        self.settings.language = choice
        set_language(choice)

    def show_keys(self) -> None:
        """List every key."""
        KeysDialog(self, self.menus.commands).open()

    def show_about(self) -> None:
        """Say what this is, and which engine trains."""
        engine = self.session.snapshot.engine if self.session.snapshot is not None else "walk"
        AboutDialog(self, __version__, engine).open()

    def _show_unit(self, unit: tuple[str, int] | None) -> None:
        """The unit under the pointer is seen large in the plot."""
        self.region.show_unit(*(unit or (None, 0)))

    def show_microscope(self) -> None:
        """Open the microscope, or fold it away."""
        panel = self.panels["microscope"]
        if panel.isVisible() and self.microscope.isVisible():
            panel.hide()
            self.area.take_keyboard()
            return
        self._open_microscope()
        self.microscope.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _open_microscope(self) -> None:
        # The drawing leaves out the very numbers that are looked at.
        self._chosen.leave_drawing("operations")
        panel = self.panels["microscope"]
        panel.show()
        panel.raise_()
        self.arrangement.open_drawer()

    def _look_at(self, row: int) -> None:
        """A data point was clicked: look at it alone."""
        self._open_microscope()
        self.microscope.look_at(row)

    def _explain(self, number: tuple[str, tuple[int, ...]]) -> None:
        """How does this weight know which way to move?"""
        self._open_microscope()
        self.microscope.show_weight(*number)

    def _inspect(self) -> None:
        """Go to the settings of the selection, opening them where they are folded away."""
        panel = self.panels["selection"]
        panel.show()
        panel.raise_()
        self.inspector.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- what is shown -----------------------------------------------------------------------------------------------

    def say(self, text: Message, mood: Mood = "info") -> None:
        """Show a notice at the lower edge."""
        self.toast.say(text, mood=mood)

    def _say_end(self, event: Ended) -> None:
        """A finished run says so once."""
        words = end_words(event)
        if words is not None:
            self.say(*words)

    def _show_status(self, snapshot: Snapshot) -> None:
        text = status_text(snapshot)
        self.status.setText(text)
        self.setAccessibleDescription(text)
        self._show_title()

    def _forget_status(self, _old: object, _new: object) -> None:
        if self.session.snapshot is None:
            self.status.setText("")
            self.setAccessibleDescription("")

    def _show_problems(self, problems: tuple[Problem, ...]) -> None:
        error = self.session.first_error
        self.transport.train.setToolTip(tr(error.message) if error is not None else tr("Train (Space)"))

    def _show_title(self) -> None:
        self.setWindowTitle(f"{self.files.title()}[*] — Backprop Playground")
        self.setWindowModified(self.files.modified())

    def _retranslate(self, _language: object = None) -> None:
        titles = {
            "data": tr("Data"),
            "palette": tr("Layers"),
            "region": tr("Decision region"),
            "loss": tr("Loss"),
            "insight": tr("What is going on"),
            "outline": tr("Outline"),
            "microscope": tr("Microscope"),
            "selection": tr("Selection"),
            "training": tr("Training"),
        }
        for name, title in titles.items():
            self.panels[name].set_title(title)
        self.training_form.retranslate()
        self.menus.build()
        self._show_problems(self.session.problems)
        if self.session.snapshot is not None:
            self.status.setText(status_text(self.session.snapshot))
            self.setAccessibleDescription(self.status.text())
        self._show_title()

    def _colour(self, _theme: object) -> None:
        self.menus.build()
        self.update()

    def _fold(self) -> None:
        """Make room where the window has become small, and use it where it has grown."""
        if self.isVisible() and self.arrangement.fold():
            self.palette_panel.set_compact(self.arrangement.narrow)
            self.data_panel.set_compact(self.arrangement.narrow)
            # When what has changed its shape has told the layout how small it can be.
            QTimer.singleShot(0, self, lambda: self.arrangement.divide(self.settings.more))

    # --- events ------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space trains or pauses wherever nothing else wants it; Esc takes a notice away."""
        if event.key() == Qt.Key.Key_Space and not event.modifiers() and not event.isAutoRepeat():
            self.transport.toggle()
        elif event.key() == Qt.Key.Key_Escape:
            self.toast.dismiss()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Fold what has no room in the size that the window came with."""
        super().showEvent(event)
        self._fold()
        if not self._restored:
            self._restored = True
            self.arrangement.divide(self.settings.more)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold what has no room."""
        super().resizeEvent(event)
        self._fold()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask for unsaved work first; then end the trainer before the window goes."""
        event.setAccepted(self._closing)
        if not self._closing:
            self.files.ask_first(self._close_now, closing=True)

    def _close_now(self) -> None:
        self.shut_down()
        # Not within the event that asked: the window goes when that is done.
        QTimer.singleShot(0, self, self.close)

    def shut_down(self) -> None:
        """Remember how the window was left, and end every thread; may be called more than once."""
        if not self._closing:
            self._closing = True
            self.settings.keep_window(self)
            self.microscope.shut_down()
            self.session.close()
            self.files.close()
