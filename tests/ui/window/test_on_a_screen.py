"""The program in a process of its own on a real X server, used by a real pointer and real keys."""

from __future__ import annotations

import json

import numpy as np
from screens import middle, wires

NETWORK = {("Input", "Dense 4"), ("Dense 4", "tanh"), ("tanh", "Dense 1"), ("Dense 1", "Loss")}


def test_that_a_pointer_builds_the_network_trains_it_switches_it_and_takes_the_weights_away(screen, tmp_path):
    screen.key("ctrl+n")
    seen = screen.until(lambda seen: not seen["cards"] and seen["problems"])
    x, y = seen["canvas"]
    screen.drag(seen["rows"]["input"], [x - 200, y])
    seen = screen.until(lambda seen: set(seen["cards"]) == {"Input"})
    screen.drag(seen["rows"]["dense"], [x + 260, y])
    seen = screen.until(lambda seen: "Dense 4" in seen["cards"])
    seen = screen.seen
    screen.drag(seen["cards"]["Input"]["out"], seen["cards"]["Dense 4"]["in"])
    screen.until(lambda seen: ("Input", "Dense 4") in wires(seen))
    screen.click(screen.seen["rows"]["loss"], 2)
    screen.until(lambda seen: ("Dense 4", "Loss") in wires(seen))
    seen = screen.seen
    screen.drag(seen["rows"]["dense"], middle(seen, "Dense 4", "Loss"))
    screen.until(lambda seen: seen["remedies"] and len(seen["wires"]) == 3)
    screen.click(screen.seen["remedies"][0])
    screen.until(lambda seen: ("Dense 1", "Loss") in wires(seen))
    seen = screen.seen
    screen.drag(seen["rows"]["tanh"], middle(seen, "Dense 4", "Dense 1"))
    seen = screen.until(lambda seen: wires(seen) == NETWORK and seen["epoch"] == 0)

    screen.click(seen["train"])
    screen.until(lambda seen: seen["running"] and seen["epoch"] > 2)
    screen.click(screen.seen["cards"]["tanh"]["switch"])
    screen.until(lambda seen: not seen["enabled"])
    screen.click(seen["activations"])
    screen.until(lambda seen: seen["enabled"])
    screen.click(seen["train"])
    screen.until(lambda seen: not seen["running"])

    screen.key("ctrl+e")
    screen.dialog("QFileDialog")
    screen.key("ctrl+a")
    screen.type(str(tmp_path / "net.npz"))
    screen.key("Return")
    screen.until(lambda seen: "net.npz" in seen["said"])
    with np.load(tmp_path / "net.npz") as arrays:
        assert (2, 4) in [array.shape for array in arrays.values()]
    screen.back()
    screen.key("ctrl+q")
    screen.dialog("QMessageBox")
    screen.click(screen.seen["discard"])
    screen.ended()


def test_that_keys_alone_build_and_train_the_network_save_it_and_leave(screen, tmp_path):
    screen.key("ctrl+n")
    screen.until(lambda seen: not seen["cards"] and seen["problems"])
    for count, name in enumerate(("input", "dense", "tanh", "dense", "loss"), 1):
        screen.key(name[0])
        screen.until(lambda seen: seen["focus"].startswith("SearchField"))
        screen.type(name[1:])
        screen.key("Return")
        screen.until(lambda seen, count=count: len(seen["wires"]) == count - 1 and seen["focus"] == "CanvasView Canvas")
    screen.key("Left", "Return")
    screen.until(lambda seen: seen["focus"] == "NumberField Units")
    screen.key("ctrl+a")
    screen.type("1")
    screen.key("Return", "Escape")
    screen.until(lambda seen: wires(seen) == NETWORK and seen["focus"] == "CanvasView Canvas" and seen["epoch"] == 0)
    screen.key("F7", "space")
    screen.until(lambda seen: seen["accuracy"] >= 0.97)
    screen.key("F6")
    screen.until(lambda seen: not seen["enabled"])
    if screen.seen["running"]:
        screen.key("space")
    screen.until(lambda seen: not seen["running"])
    screen.key("ctrl+s")
    screen.dialog("QFileDialog")
    screen.key("ctrl+a")
    screen.type(str(tmp_path / "mine"))
    screen.key("Return")
    screen.until(lambda seen: seen["title"].startswith("mine.json") and not seen["dialog"])
    screen.back()
    screen.key("ctrl+q")
    screen.ended()
    assert json.loads((tmp_path / "mine.json").read_text("utf-8"))


def test_that_keys_alone_build_two_branches_on_a_real_screen(screen):
    """A skip connection around a hidden layer; its microscope opens and steps."""
    screen.key("ctrl+n")
    screen.until(lambda seen: not seen["cards"] and seen["problems"])
    for count, name in enumerate(("input", "dense 4", "tanh", "dense 2", "add", "dense 1", "loss"), 1):
        screen.key(name[0])
        screen.until(lambda seen: seen["focus"].startswith("SearchField"))
        screen.type(name[1:])
        screen.key("Return")
        screen.until(lambda seen, count=count: len(seen["cards"]) == count and seen["focus"] == "CanvasView Canvas")
    screen.key(*["Left"] * 8, "ctrl+k")
    for _ in range(8):
        if screen.until(lambda seen: seen["aim"])["aim"] == "Add":
            break
        before = screen.seen["aim"]
        screen.key("Tab")
        screen.until(lambda seen, before=before: seen["aim"] != before)
    screen.key("Return")
    screen.until(lambda seen: {("Input", "Add"), ("Dense 2", "Add")} <= wires(seen) and seen["epoch"] == 0)
    screen.key("F8")
    screen.until(lambda seen: seen["focus"].startswith("MicroscopePanel"))
    screen.key("Next", "Next", "Next", "Escape")
    screen.until(lambda seen: seen["focus"] == "CanvasView Canvas")
    screen.key("F7", "space")
    screen.until(lambda seen: seen["accuracy"] >= 0.97)
    screen.key("ctrl+q")
    screen.dialog("QMessageBox")
    screen.click(screen.seen["discard"])
    screen.ended()
