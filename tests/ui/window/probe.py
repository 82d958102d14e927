"""Run by a test as the program itself: the real window, which also writes down, many times a second, where things are.

Usage: probe.py FILE. The hands are xdotool's; this only looks.
"""

from __future__ import annotations

import json
import os
import sys

from PySide6.QtCore import QPointF, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from playground.ui import app
from playground.ui.canvas import shape
from playground.ui.main_window import MainWindow

Place = tuple[int, int]


def middle(widget: QWidget) -> Place:
    place = widget.mapToGlobal(widget.rect().center())
    return place.x(), place.y()


def look(window: MainWindow) -> dict[str, object]:
    session, canvas = window.session, window.canvas
    scene = canvas.canvas_scene

    def on_screen(point: QPointF) -> Place:
        place = canvas.viewport().mapToGlobal(canvas.mapFromScene(point))
        return place.x(), place.y()

    def called(id: str) -> str:
        return scene.faces[id].title

    snapshot, dialog, focus = session.snapshot, QApplication.activeModalWidget(), QApplication.focusWidget()
    return {
        "rows": {row.row.name: middle(row) for row in window.palette_panel.rows()},
        "train": middle(window.transport.train),
        "activations": middle(window.transport.switch),
        "canvas": middle(canvas),
        "cards": {
            called(id): {
                "grip": on_screen(rect.topLeft() + QPointF(20.0, 12.0)),
                "in": on_screen(shape.in_port(rect)),
                "out": on_screen(shape.out_port(rect)),
                "switch": on_screen(shape.switch_rect(rect).center()),
            }
            for id, rect in scene.rects.items()
            if id in scene.faces
        },
        "remedies": [on_screen(note.button.center()) for note in scene.notes.values() if note.button is not None],
        "wires": [
            [called(wire.source), called(wire.target), on_screen(course.middle)]
            for wire, course in scene.wires.courses.items()
            if wire.source in scene.faces and wire.target in scene.faces
        ],
        "aim": called(aim) if (aim := getattr(canvas.gesture, "target", None)) in scene.faces else "",
        "running": session.running,
        "problems": len(session.problems),
        "enabled": window.transport.switch.isChecked(),
        "epoch": snapshot.epoch if snapshot is not None else None,
        "accuracy": snapshot.figures.test_accuracy if snapshot is not None else None,
        "dialog": type(dialog).__name__ if dialog is not None else "",
        "windows": [int(window.winId()), int(dialog.winId()) if dialog is not None else 0],
        "discard": middle(dialog.button(QMessageBox.StandardButton.Discard))
        if isinstance(dialog, QMessageBox)
        else None,
        "focus": f"{type(focus).__name__} {focus.accessibleName() or focus.objectName()}" if focus is not None else "",
        "said": window.toast.text() if window.toast.isVisible() else "",
        "title": window.windowTitle(),
    }


def write(path: str) -> None:
    windows = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow)]
    if windows and windows[0].isVisible():
        with open(f"{path}.new", "w", encoding="utf-8") as file:
            json.dump(look(windows[0]), file)
        os.replace(f"{path}.new", path)


if __name__ == "__main__":
    app.application()
    timer = QTimer()
    timer.timeout.connect(lambda: write(sys.argv[1]))
    timer.start(40)
    sys.exit(app.run(None))
