"""The menus: every command by its name, with its key. Those of the canvas act only while it has the focus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from playground.messages import Message, message
from playground.ui.command import MORE_KEY, Command
from playground.ui.projector import projector
from playground.ui.theme import ThemeChoice, themes
from playground.ui.translation import LANGUAGES, language, tr

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

Key = TypeVar("Key", bound=str)
_Standard = QKeySequence.StandardKey


def _commands(window: MainWindow) -> dict[str, tuple[Message, list[Command | None]]]:
    files, canvas, session, bar = window.files, window.canvas, window.session, window.transport
    return {
        "file": (
            message("&File"),
            [
                Command(message("New, empty canvas"), _Standard.New, files.new),
                Command(message("Open…"), _Standard.Open, files.open),
                Command(message("Save"), _Standard.Save, files.save),
                Command(message("Save as…"), "Ctrl+Shift+S", files.save_as),
                None,
                Command(message("Export weights…"), "Ctrl+E", files.export),
                None,
                Command(message("Quit"), "Ctrl+Q", window.close),
            ],
        ),
        "edit": (
            message("&Edit"),
            [
                None,
                Command(message("Cut"), _Standard.Cut, canvas.cut, True),
                Command(message("Copy"), _Standard.Copy, canvas.copy, True),
                Command(message("Paste"), _Standard.Paste, canvas.paste, True),
                Command(message("Duplicate"), "Ctrl+D", canvas.duplicate, True),
                Command(message("Delete"), _Standard.Delete, canvas.delete, True),
                Command(message("Select all"), _Standard.SelectAll, canvas.select_all, True),
                None,
                Command(message("Add a layer…"), "Ctrl+L", lambda: window.add_layer()),
                Command(message("Rename"), "F2", canvas.rename, True),
                Command(message("Connect: arrows choose, Enter connects"), "Ctrl+K", canvas.connect_by_key, True),
                Command(message("Tidy up"), "Ctrl+T", canvas.tidy, True),
            ],
        ),
        "train": (
            message("&Train"),
            [
                Command(message("Train or pause"), "F5", bar.toggle),
                Command(message("Step one batch"), "F10", lambda: session.step("batch")),
                Command(message("Step to the end of the epoch"), "Shift+F10", lambda: session.step("epoch")),
                Command(message("Reset to the initial weights"), "Ctrl+R", session.reset),
                Command(message("New seed"), "Ctrl+Shift+R", session.new_seed),
                None,
                Command(message("Activations on or off"), "F6", bar.switch.click),
                Command(message("Full speed on or off"), "F7", bar.full_speed.click),
            ],
        ),
        "view": (
            message("&View"),
            [
                Command(message("Microscope"), "F8", window.show_microscope),
                None,
                Command(message("Drawing"), "Ctrl+1", lambda: canvas.set_view("drawing")),
                Command(message("Neurons"), "Ctrl+2", lambda: canvas.set_view("neurons")),
                Command(message("Operations"), "Ctrl+3", lambda: canvas.set_view("operations")),
                None,
                Command(message("Zoom in"), "Ctrl++", canvas.zoom_in),
                Command(message("Zoom out"), "Ctrl+-", canvas.zoom_out),
                Command(message("Original size"), "Ctrl+0", canvas.zoom_reset),
                Command(message("Fit the network"), "Ctrl+9", canvas.fit),
                None,
                Command(
                    message("Larger numbers, for a projector"),
                    "Ctrl+Shift+L",
                    lambda: window.set_projector(not projector.on),
                    checked=lambda: projector.on,
                ),
            ],
        ),
        "help": (
            message("&Help"),
            [
                Command(message("Keys"), "F1", window.show_keys),
                Command(message("About Backprop Playground"), None, window.show_about),
            ],
        ),
    }


class Menus:
    """The menu bar of a window, rebuilt when the language changes."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.commands = _commands(window)
        self.more = QAction(window)
        self.more.setCheckable(True)
        self.more.setShortcut(MORE_KEY)
        self.more.triggered.connect(window.set_more)
        self._canvas_actions: list[QAction] = []
        self._menus: list[QMenu] = []
        self.build()

    def build(self) -> None:
        """Make all menus anew in the language of the window."""
        bar = self._window.menu_bar
        for action in self._canvas_actions:
            self._window.canvas.removeAction(action)
        self._canvas_actions.clear()
        # Clearing a bar takes its menus out but keeps them: they would gather with every change of language or theme.
        for action in bar.actions():
            menu = action.menu()
            if isinstance(menu, QMenu):
                menu.deleteLater()
        bar.clear()
        for key, (title, commands) in self.commands.items():
            menu = bar.addMenu(tr(title))
            self._menus.append(menu)
            if key == "edit":
                self._add_undo(menu)
            for command in commands:
                if command is None:
                    menu.addSeparator()
                else:
                    self._add(menu, command)
            if key == "view":
                self._add_view(menu)

    def _add(self, menu: QMenu, command: Command) -> None:
        action = menu.addAction(tr(command.name))
        if command.key is not None:
            action.setShortcut(QKeySequence(command.key))
        action.triggered.connect(lambda _checked=False: command.run())
        if command.checked is not None:
            action.setCheckable(True)
            action.setChecked(command.checked())
        if command.on_canvas:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self._window.canvas.addAction(action)
            self._canvas_actions.append(action)

    def _add_undo(self, menu: QMenu) -> None:
        """Undo and redo by Qt, which say what they undo; Qt's words for them are those of the moment they are made."""
        stack = self._window.session.undo_stack
        for action, key in (
            (stack.createUndoAction(menu), _Standard.Undo),
            (stack.createRedoAction(menu), _Standard.Redo),
        ):
            action.setShortcuts(QKeySequence.keyBindings(key))
            menu.addAction(action)

    def _add_view(self, menu: QMenu) -> None:
        window = self._window
        self.more.setText(tr("Everything (More)"))
        menu.addAction(self.more)
        panels = menu.addMenu(tr("Panels"))
        for panel in window.panels.values():
            panels.addAction(panel.toggleViewAction())
        panels.addSeparator()
        panels.addAction(tr("Put all panels back")).triggered.connect(window.reset_panels)
        menu.addSeparator()
        theme_names: dict[ThemeChoice, str] = {"system": tr("As the system"), "light": tr("Light"), "dark": tr("Dark")}
        self._choices(menu.addMenu(tr("Theme")), theme_names, themes.choice(), window.choose_theme)
        self._choices(menu.addMenu(tr("Language")), LANGUAGES, language(), window.choose_language)

    def _choices(self, menu: QMenu, names: Mapping[Key, str], chosen: Key, choose: Callable[[Key], None]) -> None:
        group = QActionGroup(menu)
        for key, name in names.items():
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(key == chosen)
            group.addAction(action)
            action.triggered.connect(lambda _checked=False, key=key: choose(key))
