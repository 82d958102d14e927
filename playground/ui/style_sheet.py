"""The application's style sheet: only what Fusion with our palette cannot draw.

That is: 8-px corners, the 4-px grid, flat buttons, and a focus that can be seen on every plain Qt control. The widgets
of `playground.ui.widgets` paint themselves and need none of it; this is for menus, dialogs, lists and scroll bars.
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.ui.theme import Theme

_SHEET = Template("""
QToolTip { background: $surface; color: $text; border: 1px solid $line; padding: 4px 6px; }

QLineEdit, QPlainTextEdit, QTextEdit {
  background: $surface; color: $text; border: 1px solid $edge; border-radius: 6px; padding: 3px 7px;
  selection-background-color: $accent; selection-color: $on_accent; placeholder-text-color: $muted;
}
QLineEdit { min-height: 20px; }
QLineEdit:hover { border-color: $muted; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $accent; padding: 2px 6px; }
QLineEdit[invalid="true"] { border: 2px solid $error; padding: 2px 6px; }
QLineEdit:disabled { background: $bg; color: $disabled; border-color: $line; }
QLineEdit:read-only { background: $bg; }

.QPushButton, .QToolButton {
  background: $chip; color: $text; border: 2px solid transparent; border-radius: 8px; padding: 2px 12px;
  min-height: 24px;
}
.QToolButton { padding: 2px 6px; min-width: 16px; }
.QPushButton:hover, .QToolButton:hover { background: $chip_hover; }
.QPushButton:pressed, .QToolButton:pressed { background: $chip_pressed; }
.QPushButton:checked, .QToolButton:checked, .QPushButton:default { background: $accent; color: $on_accent; }
.QPushButton:default:hover { background: $accent_hover; }
.QPushButton:default:pressed { background: $accent_pressed; }
.QPushButton:focus, .QToolButton:focus { border-color: $accent; }
.QPushButton:default:focus, .QPushButton:checked:focus, .QToolButton:checked:focus { border-color: $text; }
.QPushButton:disabled, .QToolButton:disabled { background: $chip; color: $disabled; }

QMenuBar { background: $surface; color: $text; border-bottom: 1px solid $line; padding: 2px 8px; }
QMenuBar::item { padding: 4px 8px; border-radius: 6px; background: transparent; }
QMenuBar::item:selected { background: $chip; }
QMenu { background: $surface; color: $text; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 12px; border-radius: 6px; min-height: 18px; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $disabled; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }

QComboBox QAbstractItemView, QListView, QTableView, QTreeView {
  background: $surface; color: $text; border: 1px solid $line; outline: 0;
  selection-background-color: $accent; selection-color: $on_accent;
}
QListView::item { padding: 3px 6px; }
QTableView { gridline-color: $line; }
QHeaderView::section {
  background: $bg; color: $muted; border: 0; border-bottom: 1px solid $line; padding: 4px 8px;
}
QListView:focus, QTableView:focus, QTreeView:focus { border-color: $accent; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: 3px; border: 3px solid transparent; }
QScrollBar::handle:vertical { min-height: 32px; margin: 2px 3px; }
QScrollBar::handle:horizontal { min-width: 32px; margin: 3px 2px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollArea { background: transparent; border: 0; }

QTabBar::tab {
  background: transparent; color: $muted; padding: 5px 12px; border: 0; border-bottom: 2px solid transparent;
  min-height: 18px;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $accent; }
QTabWidget::pane { border: 0; border-top: 1px solid $line; }

QMainWindow::separator { background: transparent; width: 8px; height: 8px; }
QMainWindow::separator:hover { background: $chip; }
QDockWidget { color: $text; }
QDockWidget::title { background: transparent; padding: 4px 8px; text-align: left; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $chip; }
QToolBar { background: $surface; border: 0; border-bottom: 1px solid $line; spacing: 8px; padding: 4px 12px; }
QStatusBar { background: $bg; color: $muted; border-top: 1px solid $line; }
QStatusBar::item { border: 0; }
QProgressBar { background: $chip; color: $text; border: 0; border-radius: 4px; min-height: 8px; text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
""")

_TOKENS = ("bg", "surface", "chip", "line", "edge", "text", "muted", "disabled", "accent", "on_accent", "error")


def style_sheet(theme: Theme) -> str:
    """The style sheet of a theme, every colour taken from its tokens."""
    colors = {token: getattr(theme, token) for token in _TOKENS}
    colors |= {
        "chip_hover": theme.hover(theme.chip),
        "chip_pressed": theme.pressed(theme.chip),
        "accent_hover": theme.hover(theme.accent),
        "accent_pressed": theme.pressed(theme.accent),
    }
    return _SHEET.substitute({token: color.name() for token, color in colors.items()})
