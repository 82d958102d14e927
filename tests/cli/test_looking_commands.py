"""`trace`, `gradcheck`, `export` and `screenshot`: what they print and write without changing anything."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from command_results import Runner

from playground.cli import spec
from playground.document.presets import PRESETS
from playground.training.run import Run

Refused = Callable[..., str]


def factors(record: Any) -> list[tuple[object, object, object]]:
    return [(link["upstream"], link["local"], link["downstream"]) for link in record["chain"]]


def test_that_the_lecture_gives_its_numbers(cli: Runner) -> None:
    record = cli("trace", "lecture", "--parameter", "P.weight[0,0]", "--json").json
    assert (record["loss"], record["penalty"], record["samples"]) == (4.5, 0.0, 1)
    assert record["nodes"]["P"] == {"value": [[4.0]], "gradient": [[6.0]]}
    assert record["nodes"]["Q"] == {"value": [[8.0]], "gradient": [[3.0]]}
    assert record["parameters"]["P"]["weight"]["gradient"] == [[6.0], [12.0]]
    assert record["parameters"]["Q"]["weight"]["gradient"] == [[12.0]]
    assert record["parameters"]["P"]["weight"]["updated"] == [[pytest.approx(1.94)], [pytest.approx(0.88)]]
    assert record["parameters"]["Q"]["weight"]["updated"] == [[pytest.approx(1.88)]]
    assert [link["node"] for link in record["chain"]] == ["loss", "Q", "P"]
    assert factors(record) == [(1, 3, 3), (3, 2, 6), (6, 1, 6)]


def with_dropout(cli: Runner, folder: Path) -> Path:
    """The network of XOR with a dropout before its last layer."""
    project = folder / "dropout.json"
    cli("train", "xor", "--epochs", 0, "--save", project)
    plain = json.loads(project.read_text())
    del plain["progress"], plain["parameters"]
    plain["network"]["nodes"].append({"id": "drop1", "kind": "dropout", "rate": 0.25})
    wires = plain["network"]["wires"]
    last = wires.index(["a1", "out"])
    wires[last : last + 1] = [["a1", "drop1"], ["drop1", "out"]]
    project.write_text(json.dumps(plain))
    return project


def test_that_nothing_is_dropped_where_one_looks_and_that_is_said(cli: Runner, tmp_path: Path) -> None:
    project = with_dropout(cli, tmp_path)
    nodes = cli("trace", project, "--batch", "--json").json["nodes"]
    assert nodes["drop1"] == nodes["a1"]
    assert "Dropout is off here: every value passes." in cli("trace", project).out
    assert "Dropout" not in cli("trace", "xor").out
    assert cli("gradcheck", project, "--json").json["ok"] is True


def test_that_a_run_with_dropout_learns_and_goes_on_to_the_bit(cli: Runner, tmp_path: Path) -> None:
    project = with_dropout(cli, tmp_path)
    half, whole, onnx = tmp_path / "half.json", tmp_path / "whole.json", tmp_path / "net.onnx"
    record = cli("train", project, "--epochs", 120, "--save", whole, "--export", onnx, "--json").json
    assert record["test_accuracy"] >= 0.95
    cli("train", project, "--epochs", 50, "--save", half)
    continued = tmp_path / "continued.json"
    cli("train", half, "--epochs", 70, "--save", continued)
    one, other = (json.loads(file.read_text()) for file in (continued, whole))
    assert one["parameters"] == other["parameters"]
    assert one["progress"] == other["progress"]
    plain = cli("train", "xor", "--epochs", 120, "--json").json
    assert plain["train_loss"] != record["train_loss"]


def test_that_the_path_of_w3_skips_p(cli: Runner) -> None:
    record = cli("trace", "lecture", "--parameter", "Q.weight", "--json").json
    assert [link["node"] for link in record["chain"]] == ["loss", "Q"]
    assert factors(record) == [(1, 3, 3), (3, 4, 12)]


def test_that_the_text_shows_forward_loss_backward_and_chain(cli: Runner) -> None:
    text = cli("trace", "lecture", "--parameter", "P.weight[1,0]").out
    lines = [line.split() for line in text.splitlines()]
    assert ["P.weight[1,0]", "1", "12", "0.88"] in lines
    assert ["Q.weight[0,0]", "2", "12", "1.88"] in lines
    for words in ("4.5", "6 × 2", "= 12", "Forward", "Backward"):
        assert words in text


def test_that_a_sample_is_a_training_row_in_data_order(cli: Runner) -> None:
    data = spec.ready(spec.open_spec("lecture")).plan.dataset
    for index in range(len(data.x_train)):
        record = cli("trace", "lecture", "--sample", index, "--json").json
        assert record["nodes"]["in"]["value"] == [data.table.features[data.train[index]].tolist()]
    assert cli("trace", "lecture", "--json").json == cli("trace", "lecture", "--sample", 0, "--json").json


@pytest.mark.parametrize("epochs", [0, 3])
def test_that_a_batch_is_the_one_that_training_takes_next(cli: Runner, tmp_path: Path, epochs: int) -> None:
    saved = tmp_path / "xor.json"
    cli("train", "xor", "--epochs", epochs, "--save", saved)
    record = cli("trace", saved, "--batch", "--json").json
    assert record["samples"] == 10
    prepared = spec.ready(spec.open_spec(str(saved)))
    run = Run(prepared.plan, prepared.state)
    assert run.state.epoch == epochs
    run.advance(1)
    for name, view in prepared.plan.program.views(run.state.values).items():
        node, role = name.rsplit(".", 1)
        # The trace is the walk's own; the engine that trains agrees with it to the last digits.
        np.testing.assert_allclose(record["parameters"][node][role]["updated"], view, rtol=0, atol=1e-14)


def test_that_every_chain_ends_in_the_gradient_without_the_penalty(cli: Runner, tmp_path: Path) -> None:
    import json

    saved = tmp_path / "penalised.json"
    cli("train", "xor", "--epochs", 2, "--save", saved)
    plain = json.loads(saved.read_text())
    plain["training"] |= {"l1": 0.01, "l2": 0.1}
    saved.write_text(json.dumps(plain))
    for parameter, index in (("h1.weight", (1, 2)), ("h1.bias", (3,)), ("out.weight", (0, 0)), ("out.bias", (0,))):
        place = f"{parameter}[{','.join(map(str, index))}]"
        record = cli("trace", saved, "--batch", "--parameter", place, "--json").json
        node, role = parameter.split(".")
        found = record["parameters"][node][role]
        gradient = np.array(found["gradient"])[index] - np.array(found["penalty_gradient"])[index]
        assert record["chain"][-1]["downstream"] == pytest.approx(gradient, rel=1e-12)
        assert record["penalty"] > 0
    assert "of it penalty" in cli("trace", saved).out


def test_that_tracing_leaves_the_project_as_it_was(cli: Runner, tmp_path: Path) -> None:
    saved = tmp_path / "xor.json"
    cli("train", "xor", "--epochs", 2, "--save", saved)
    before = saved.read_bytes()
    assert cli("trace", saved, "--batch").status == 0
    assert saved.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--sample", "4"], ["no training row 4", "0 to 3"]),
        (["--parameter", "R.weight[0,0]"], ["R.weight[0,0]", "P.weight[1,0]", "Q.weight[0,0]"]),
        (["--parameter", "P.bias[0]"], ["P.bias[0]", "P.weight"]),
        (["--parameter", "P.weight[2,0]"], ["P.weight[0,0] to P.weight[1,0]"]),
        (["--parameter", "P.weight[0]"], ["P.weight[0,0] to P.weight[1,0]"]),
        (["--parameter", "P.weight[-1,0]"], ["P.weight"]),
        (["--parameter", "P.weight"], ["P.weight[0,0] to P.weight[1,0]"]),
        (["--parameter", ""], ["P.weight"]),
    ],
)
def test_that_what_is_not_there_cannot_be_traced(refused: Refused, options: list[str], words: list[str]) -> None:
    line = refused("trace", "lecture", *options)
    for word in words:
        assert word in line


def test_that_numbers_which_are_not_finite_are_null(cli: Runner, tmp_path: Path) -> None:
    import json

    saved = tmp_path / "huge.json"
    cli("train", "lecture", "--epochs", 0, "--save", saved)
    plain = json.loads(saved.read_text())
    plain["parameters"] = {"P": {"weight": [[1e300], [1e300]]}, "Q": {"weight": [[1e300]]}}
    saved.write_text(json.dumps(plain))
    result = cli("trace", saved, "--json")
    assert result.err == ""
    assert result.json["loss"] is None
    assert result.json["nodes"]["Q"]["value"] == [[None]]
    checked = cli("gradcheck", saved, "--json")
    assert checked.status == 1
    assert checked.json["ok"] is False


@pytest.mark.parametrize("preset", [name for name in PRESETS if name != "overfit"])
def test_that_the_gradients_of_every_preset_agree(cli: Runner, preset: str) -> None:
    result = cli("gradcheck", preset, "--json")
    record = result.json
    assert result.status == 0
    assert list(record) == ["ok", "max_relative_error", "checked", "corners", "parameters"]
    assert record["ok"] is True
    assert record["max_relative_error"] < 1e-6
    assert record["checked"] + record["corners"] == spec.ready(spec.open_spec(preset)).plan.program.size
    for found in record["parameters"].values():
        assert set(found) == {"max_relative_error", "worst_index"}
        assert math.isfinite(found["max_relative_error"])


def test_that_a_wrong_gradient_fails_and_is_named(cli: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from playground.engine import ops

    true = ops.OPS["tanh"]

    def wrong(*arguments: Any) -> Any:
        return [1.01 * gradient for gradient in true.to_inputs(*arguments)]

    monkeypatch.setitem(ops.OPS, "tanh", replace(true, to_inputs=wrong))  # type: ignore[arg-type]
    result = cli("gradcheck", "xor")
    assert result.status == 1
    assert "do NOT agree: h1." in result.out


def test_that_an_untrained_export_says_so(cli: Runner, tmp_path: Path) -> None:
    file = tmp_path / "start.npz"
    result = cli("export", "xor", file)
    assert result.status == 0
    assert result.out == ""
    assert "initial weights" in result.err
    prepared = spec.ready(spec.open_spec("xor"))
    with np.load(file, allow_pickle=False) as arrays:
        assert np.array_equal(arrays["h1.weight"], prepared.plan.program.views(prepared.state.values)["h1.weight"])
    saved = tmp_path / "xor.json"
    cli("train", "xor", "--epochs", 1, "--save", saved)
    assert "initial" not in cli("export", saved, tmp_path / "trained.onnx").err


def test_that_a_screenshot_hands_its_options_to_the_window(
    cli: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[tuple[Any, ...]] = []
    stand_in = ModuleType("playground.ui.screenshot")

    def take(document: object, path: str, **options: object) -> None:
        taken.append((document, path, options))

    stand_in.take = take  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "playground.ui.screenshot", stand_in)
    picture = str(tmp_path / "xor.png")
    options = ["--size", "800x600", "--epochs", "5", "--theme", "dark", "--language", "ko", "--view", "more"]
    assert cli("screenshot", "xor", picture, *options).status == 0
    document, path, given = taken[0]
    assert document is PRESETS["xor"].document
    assert path == picture
    assert given == {"size": (800, 600), "epochs": 5, "theme": "dark", "language": "ko", "view": "more", "state": None}
    saved = tmp_path / "xor.json"
    cli("train", "xor", "--epochs", 1, "--save", saved)
    assert cli("screenshot", saved, picture).status == 0
    document, _, given = taken[1]
    state = given.pop("state")
    assert (state.epoch, state.updates) == (1, 25)
    assert given == {"size": (1440, 900), "epochs": 0, "theme": "light", "language": "en", "view": None}


def test_that_the_real_window_is_rendered(tmp_path: Path) -> None:
    """As a process of its own: the picture has the size asked for and is not blank."""
    from PySide6.QtGui import QImage

    picture = tmp_path / "xor.png"
    command = [sys.executable, "-m", "playground", "screenshot", "xor", str(picture), "--size", "1280x720"]
    done = subprocess.run([*command, "--epochs", "3"], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1280, 720)
    colors = {image.pixel(x, y) for x in range(0, 1280, 8) for y in range(0, 720, 8)}
    assert len(colors) > 50
