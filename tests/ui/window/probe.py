"""Run by a test as the program itself: the real window, which also writes down, many times a second, where things are.

Usage: probe.py FILE. The hands are xdotool's; this only looks.
"""

from __future__ import annotations

import json
import os
import sys

from PySide6.QtCore import QPoint, QPointF, QTimer
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar, QMessageBox, QWidget

from playground.data.table import Array, Dataset
from playground.document.catalog import kind_of, value
from playground.ui import app
from playground.ui.canvas import shape, weight_keys
from playground.ui.main_window import MainWindow
from playground.ui.microscope.panel import MicroscopePanel
from playground.ui.plots.region import RegionPlot
from playground.ui.plots.scene import placed
from playground.ui.session import Session

Place = tuple[int, int]


def middle(widget: QWidget) -> Place:
    place = widget.mapToGlobal(widget.rect().center())
    return place.x(), place.y()


def entries(bar: QMenuBar | QMenu | QWidget | None) -> dict[str, Place]:
    """What can be pressed of a menu bar, or of the menu that is open: its words, and where they are."""
    if not isinstance(bar, (QMenuBar, QMenu)):
        return {}
    actions = [action for action in bar.actions() if action.isVisible() and not action.isSeparator()]
    places = [bar.mapToGlobal(bar.actionGeometry(action).center()) for action in actions]
    return {
        action.text().replace("&", "").split("\t")[0]: (place.x(), place.y())
        for action, place in zip(actions, places, strict=True)
    }


def network(session: Session) -> dict[str, object]:
    """The document's network as it is: each node's kind and settings, and the wires in their order."""
    found = session.document.network
    return {
        "nodes": {
            node.id: [node.kind, {field.key: value(node, field.key) for field in kind_of(node).fields}]
            for node in found.nodes
        },
        "wires": [[wire.source, wire.target] for wire in found.wires],
    }


def points(region: RegionPlot) -> list[Place]:
    """Where the training rows are seen, in data order."""
    scene, data, area = region.scene, region._data, region.view.area()
    if scene is None or not isinstance(data, Dataset):
        return []
    (left, right), (low, high) = scene.horizontal, scene.vertical
    places = (placed(scene, data.train) - (left, low)) / (right - left, high - low)
    found = []
    for across, up in places.tolist():
        at = QPoint(round(area.left() + across * area.width()), round(area.bottom() - up * area.height()))
        at = region.view.mapToGlobal(at)
        found.append((at.x(), at.y()))
    return found


def bits(numbers: Array) -> list[str]:
    """Numbers to the bit."""
    return [float(number).hex() for number in numbers.reshape(-1)]


def pass_of(panel: MicroscopePanel) -> dict[str, object]:
    """Where the microscope stands, and every number that it has reached, to the bit."""
    reader, page = panel.reader, panel.pages["steps"]
    found, derivation = reader.found, panel.pages["chain"]._derivation
    if found is None or reader.waiting:
        return {}
    known, trace, row = reader.known, found.trace, reader.row
    numbers = {name: bits(trace.values[name][row]) for name in known.values}
    numbers |= {f"gradient of {name}": bits(trace.gradients[name][row]) for name in known.gradients}
    numbers |= {f"gradient of {name}": bits(trace.parameters[name].gradient) for name in known.parameters}
    if known.loss:
        numbers["loss"] = [trace.loss.hex()]
    if known.updated:
        numbers |= {f"new {name}": bits(values) for name, values in found.new.items()}
    return {
        "rows": list(reader.numbers),
        "alone": reader.alone,
        "done": reader.done,
        "of": len(found.steps),
        "step": [reader.step.kind, reader.step.node] if reader.step is not None else [],
        "numbers": numbers,
        "said": page.shown().text(),
        "page": panel.page(),
        "target": reader.target,
        "derived": derivation.gradient if derivation is not None else None,
        "chain": panel.pages["chain"].equations.text(),
        "promised": bits(found.after.values),
    }


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
        "rows": {
            row.row.name: middle(row)
            for row in window.palette_panel.rows()
            if row.visibleRegion().contains(row.rect().center())
        },
        "palette": middle(window.palette_panel.area),
        "train": middle(window.transport.train),
        "activations": middle(window.transport.switch),
        "speed": middle(window.transport.full_speed) if window.transport.full_speed.isVisible() else None,
        "more": middle(window.transport.more),
        "all kinds": middle(window.palette_panel._more_button),
        "foot": {key: middle(button) for key, button in window.microscope.foot.buttons.items()},
        "menus": entries(window.menu_bar),
        "menu": entries(QApplication.activePopupWidget()),
        "canvas": middle(canvas),
        "cards": {
            called(id): {
                "id": id,
                "grip": on_screen(rect.topLeft() + QPointF(20.0, 12.0)),
                "in": on_screen(shape.in_port(rect)),
                "out": on_screen(shape.out_port(rect)),
                "switch": on_screen(shape.switch_rect(rect).center()),
                "fewer": on_screen(shape.fewer_rect(rect).center()),
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
        "weights": [
            [number.node, list(number.index), on_screen(weight_keys.place_of(scene, number))]
            for id in scene.cards
            for number in weight_keys.numbers_of(scene, id)
            if number.part == "weight"
        ],
        "points": points(window.region),
        "network": network(session),
        "pass": pass_of(window.microscope),
        "learning_rate": session.document.training.learning_rate,
        "updates": snapshot.updates if snapshot is not None else None,
        "values": bits(snapshot.values) if snapshot is not None else [],
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
