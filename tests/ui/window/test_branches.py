"""A network of two branches, a skip connection around a hidden layer, built by mouse alone and by keyboard alone."""

from __future__ import annotations

from driving import CTRL, Desk, Key
from PySide6.QtCore import QPointF

from playground.ui.canvas import shape

BRANCHED = {
    ("Input", "Dense 4"),
    ("Dense 4", "tanh"),
    ("tanh", "Dense 2"),
    ("Dense 2", "Add"),
    ("Input", "Add"),
    ("Add", "Dense 1"),
    ("Dense 1", "Loss"),
}


def empty(desk: Desk) -> None:
    desk.key(Key.Key_N, CTRL)
    desk.until(lambda: desk.session.first_error is not None and desk.scene.manner.bare == 0.0)


def narrow(desk: Desk, title: str, times: int) -> None:
    """Press the − of a layer so often; its name changes with every press."""
    id = desk.id(title)
    for _ in range(times):
        rect = desk.scene.rects[id]
        desk.move(rect.center())
        desk.click_at(shape.fewer_rect(rect).center())


def solve(desk: Desk) -> None:
    desk.key(Key.Key_F7)
    desk.key(Key.Key_Space)
    desk.until(lambda: desk.accuracy() >= 0.97)
    if desk.session.running:
        desk.key(Key.Key_Space)


def test_that_the_mouse_alone_builds_two_branches_and_trains_them(desk):
    empty(desk)
    desk.carry("dense", QPointF(700.0, 0.0))
    narrow(desk, "Dense 4", 3)
    desk.carry("dense", QPointF(400.0, 160.0))
    narrow(desk, "Dense 4", 2)
    for name, x, y in (("input", 0.0, 0.0), ("dense", 160.0, 160.0), ("tanh", 290.0, 160.0), ("add", 560.0, 0.0),
                       ("loss", 860.0, 0.0)):  # fmt: skip
        desk.carry(name, QPointF(x, y))
    desk.canvas.fit()
    for source, target in sorted(BRANCHED - desk.wires()):
        desk.drag(desk.out(source), desk.into(target))
    assert desk.wires() == BRANCHED
    desk.runs()
    assert desk.session.problems == ()
    solve(desk)


def test_that_the_keyboard_alone_builds_them_too(desk):
    empty(desk)
    for name in ("input", "dense 4", "tanh", "dense 2", "add", "dense 1", "loss"):
        desk.key(getattr(Key, f"Key_{name[0].upper()}"))
        desk.type(name[1:])
        desk.key(Key.Key_Return)
        assert desk.canvas.hasFocus()
    desk.key(Key.Key_Left, times=8)
    assert desk.selected() == "Input"
    desk.key(Key.Key_K, CTRL)
    for _ in range(len(desk.titles())):
        if desk.scene.faces[desk.canvas.gesture.target].title == "Add":
            break
        desk.key(Key.Key_Tab)
    desk.key(Key.Key_Return)
    assert desk.wires() == BRANCHED
    desk.runs()
    assert desk.session.problems == ()
    solve(desk)
