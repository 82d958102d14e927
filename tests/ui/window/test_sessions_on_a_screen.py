"""Whole sessions on a real X server: two branches by mouse alone, and the microscope on a network of one's own."""

from __future__ import annotations

import numpy as np
import pytest
from screens import Screen, Seen, middle, wires

#: By the titles of the cards: Dense 2 adds to what goes around it.
BRANCHED = {
    ("Input", "Dense 4"),
    ("Dense 4", "tanh"),
    ("tanh", "Dense 2"),
    ("Dense 2", "Add"),
    ("Input", "Add"),
    ("Add", "Dense 1"),
    ("Dense 1", "Loss"),
}


def press(screen: Screen, menu: str, words: str) -> None:
    """An entry of the menu bar, by mouse."""
    screen.click(screen.seen["menus"][menu])
    screen.click(screen.until(lambda seen: words in seen["menu"])["menu"][words])
    screen.until(lambda seen: not seen["menu"])


def place(screen: Screen, name: str, at: list[int]) -> Seen:
    """Drag a row of the palette to a place; returns what is seen when its card is there."""
    screen.until(lambda seen: name in seen["rows"])
    seen = screen.seen
    count = len(seen["network"]["nodes"])
    screen.drag(seen["rows"][name], at)
    screen.until(lambda seen: len(seen["network"]["nodes"]) == count + 1)
    return screen.seen


def scrolled_to(screen: Screen, name: str) -> Seen:
    """Turn the wheel over the palette until a row is seen."""
    for _ in range(30):
        seen = screen.seen
        if name in seen["rows"]:
            return seen
        screen.scroll(seen["palette"])
    raise AssertionError(f"the palette has no {name}")


def narrow(screen: Screen, id: str, units: int) -> Seen:
    """Press the − of a layer until it has so many units."""
    seen = screen.seen
    while (wide := seen["network"]["nodes"][id][1]["units"]) > units:
        screen.click(next(card["fewer"] for card in seen["cards"].values() if card["id"] == id))
        screen.until(lambda seen, fewer=wide - 1: seen["network"]["nodes"][id][1]["units"] == fewer)
        seen = screen.seen
    return seen


def test_that_the_mouse_alone_builds_two_branches_on_a_real_screen_and_trains_them(screen):
    """A skip connection around a hidden layer: dragged in, dropped on wires, joined from port to port."""
    press(screen, "View", "Neurons")
    press(screen, "File", "New, empty canvas")
    x, y = screen.until(lambda seen: not seen["cards"] and seen["problems"])["canvas"]
    place(screen, "input", [x - 200, y])
    seen = place(screen, "dense", [x + 200, y])
    output = seen["cards"]["Dense 4"]["id"]
    screen.drag(seen["cards"]["Input"]["out"], seen["cards"]["Dense 4"]["in"])
    screen.until(lambda seen: wires(seen) == {("Input", "Dense 4")})
    screen.click(screen.seen["rows"]["loss"], 2)
    screen.until(lambda seen: ("Dense 4", "Loss") in wires(seen))
    narrow(screen, output, 1)
    press(screen, "Edit", "Tidy up")
    press(screen, "View", "Fit the network")

    seen = place(screen, "dense", middle(screen.seen, "Input", "Dense 1"))
    hidden = seen["cards"]["Dense 4"]["id"]
    seen = place(screen, "tanh", middle(seen, "Dense 4", "Dense 1"))
    seen = place(screen, "dense", middle(seen, "tanh", "Dense 1"))
    (branch,) = {id for id, (kind, _) in seen["network"]["nodes"].items() if kind == "dense"} - {output, hidden}
    seen = narrow(screen, branch, 2)
    screen.click(seen["all kinds"])
    # More than there is room for: when they are laid out, the last ones are out of sight.
    screen.until(lambda seen: "identity" in seen["rows"] and "add" not in seen["rows"])
    scrolled_to(screen, "add")
    seen = place(screen, "add", middle(screen.seen, "Dense 2", "Dense 1"))
    screen.drag(seen["cards"]["Input"]["out"], seen["cards"]["Add"]["in"])
    seen = screen.until(lambda seen: wires(seen) == BRANCHED and not seen["problems"] and seen["epoch"] == 0)
    nodes, joined = seen["network"]["nodes"], seen["network"]["wires"]
    assert {nodes[id][1]["units"] for id in (hidden, branch, output)} == {4, 2, 1}
    sources = [source for source, target in joined if nodes[target][0] == "add"]
    assert [nodes[id][0] for id in sources] == ["dense", "input"]
    assert len(nodes) == len(joined) == 7

    press(screen, "Train", "Full speed on or off")
    screen.click(screen.seen["train"])
    seen = screen.until(lambda seen: seen["accuracy"] >= 0.97)
    assert len(seen["values"]) == (2 * 4 + 4) + (4 * 2 + 2) + (2 + 1)
    press(screen, "File", "Quit")
    seen = screen.until(lambda seen: seen["discard"])
    screen.click(seen["discard"])
    screen.ended()


def own_network(screen: Screen) -> Seen:
    """Two inputs, three hidden units, one output, by a few keys."""
    screen.key("ctrl+2", "ctrl+n")
    screen.until(lambda seen: not seen["cards"] and seen["problems"])
    for count, name in enumerate(("input", "dense 3", "tanh", "dense 1", "loss"), 1):
        screen.key(name[0])
        screen.until(lambda seen: seen["focus"].startswith("SearchField"))
        screen.type(name[1:])
        screen.key("Return")
        screen.until(lambda seen, count=count: len(seen["cards"]) == count and seen["focus"] == "CanvasView Canvas")
    return screen.until(lambda seen: len(seen["wires"]) == 4 and seen["epoch"] == 0 and len(seen["values"]) == 13)


def steps(screen: Screen, until: list[str]) -> list[Seen]:
    """Press Step until a step of that stage (and at that node) is reached: the pass as it was seen at each."""
    found: list[Seen] = []
    while not found or found[-1]["step"][: len(until)] != until:
        seen = screen.seen
        screen.click(seen["foot"]["step"])
        seen = screen.until(lambda now, there=seen["pass"]["done"] + 1: now["pass"] and now["pass"]["done"] == there)
        found.append(seen["pass"])
    return found


def floats(numbers: list[str]) -> np.ndarray:
    return np.array([float.fromhex(number) for number in numbers])


def test_that_the_microscope_steps_through_ones_own_network_on_a_real_screen(screen):
    """A data point is clicked; forward to the loss, backward to a weight, the update, and all of it again."""
    seen = own_network(screen)
    before = seen["values"]
    hidden, output = (id for id, (kind, _) in seen["network"]["nodes"].items() if kind == "dense")
    screen.key("F8")
    screen.until(lambda seen: seen["focus"].startswith("MicroscopePanel"))
    screen.key("Next")
    promised = screen.until(lambda seen: seen["pass"])["pass"]["promised"]
    screen.click(screen.seen["points"][0])
    seen = screen.until(lambda seen: seen["pass"] and seen["pass"]["alone"])
    assert (seen["pass"]["rows"], seen["pass"]["done"], len(seen["pass"]["numbers"])) == ([0], 0, 1)

    forward = steps(screen, ["loss"])
    assert [step["step"][0] for step in forward] == ["forward", "forward", "forward", "loss"]
    (x,) = seen["pass"]["numbers"].values()
    w1, b1, w2, b2 = np.split(floats(before), [6, 9, 12])
    z = np.tanh(floats(x) @ w1.reshape(2, 3) + b1) @ w2 + b2
    assert floats(forward[-1]["numbers"][output]) == pytest.approx(z, rel=1e-12)
    likely = [np.log1p(np.exp(-z[0])), np.log1p(np.exp(z[0]))]
    assert floats(forward[-1]["numbers"]["loss"])[0] in [pytest.approx(loss, rel=1e-12) for loss in likely]

    (at,) = (at for id, index, at in screen.seen["weights"] if (id, index) == (hidden, [0, 2]))
    screen.click(at, button=3)
    explain = "Show where its gradient comes from"
    screen.click(screen.until(lambda seen: explain in seen["menu"])["menu"][explain])
    weight = f"{hidden}.weight"
    seen = screen.until(lambda seen: seen["pass"] and seen["pass"]["page"] == "chain" and seen["pass"]["derived"])
    assert seen["pass"]["target"] == [weight, [0, 2]]
    assert "∂L/∂" in seen["pass"]["chain"]
    backward = steps(screen, ["backward", hidden])
    assert {step["step"][0] for step in backward} == {"backward"}
    assert f"gradient of {weight}" not in backward[-2]["numbers"]
    gradient = floats(backward[-1]["numbers"][f"gradient of {weight}"])
    assert gradient[2] == pytest.approx(seen["pass"]["derived"], rel=1e-12)
    (update,) = steps(screen, ["update"])
    rate = seen["learning_rate"]
    assert floats(update["numbers"][f"new {weight}"]) == pytest.approx(w1 - rate * gradient, rel=1e-12)
    assert update["done"] == update["of"]

    screen.click(screen.seen["foot"]["rewind"])
    seen = screen.until(lambda seen: seen["pass"] and seen["pass"]["done"] == 0)
    assert (seen["values"], seen["updates"]) == (before, 0)
    again = steps(screen, ["update"])
    assert [step["numbers"] for step in again] == [step["numbers"] for step in (*forward, *backward, update)]

    screen.click(screen.seen["foot"]["batch"])
    seen = screen.until(lambda seen: seen["updates"] == 1 and seen["pass"] and seen["pass"]["done"] == 0)
    assert seen["values"] == promised != before
    screen.click(screen.seen["foot"]["rewind"])
    seen = screen.until(lambda seen: seen["updates"] == 0 and seen["pass"])
    assert seen["values"] == before
    screen.key("ctrl+q")
    screen.dialog("QMessageBox")
    screen.click(screen.seen["discard"])
    screen.ended()
