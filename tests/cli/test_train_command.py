"""`train`: what it reports, keeps, goes on from, and how it is interrupted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from command_results import Runner, strict

from playground.document.presets import PRESETS
from playground.formats.npz import read_npz
from playground.training.plan import make_plan
from playground.training.run import Run

KEYS = ["epochs", "updates", "train_loss", "test_loss", "penalty", "train_accuracy", "test_accuracy", "stopped",
        "seconds", "samples_per_second", "engine"]  # fmt: skip

Refused = Callable[..., str]


def weights(file: Path) -> dict[str, object]:
    parameters: dict[str, object] = strict(file.read_text())["parameters"]
    return parameters


def test_that_the_record_is_the_contracts(cli: Runner) -> None:
    result = cli("train", "xor", "--json")
    record = result.json
    assert result.status == 0
    assert result.err == ""
    assert list(record) == KEYS
    assert (record["epochs"], record["updates"], record["stopped"]) == (200, 5000, "epochs")
    assert record["test_accuracy"] >= 0.97
    assert record["samples_per_second"] > 0
    assert record["seconds"] > 0


def test_that_figures_which_do_not_apply_are_null(cli: Runner, tmp_path: Path) -> None:
    project = tmp_path / "all.json"
    cli("train", "lecture", "--epochs", 0, "--save", project)
    plain = strict(project.read_text())
    plain["data"]["test_fraction"] = 0
    project.write_text(json.dumps(plain))
    record = cli("train", project, "--epochs", 1, "--json").json
    assert record["train_accuracy"] is record["test_accuracy"] is record["test_loss"] is None
    assert record["train_loss"] is not None


def test_that_it_says_of_which_epoch_the_best_weights_are(cli: Runner, tmp_path: Path) -> None:
    """A18: the label names the epoch whose weights are back."""
    project = tmp_path / "early.json"
    cli("train", "overfit", "--epochs", 0, "--save", project)
    plain = strict(project.read_text())
    plain["training"]["early_stopping"] = {"patience": 20}
    project.write_text(json.dumps(plain))
    result = cli("train", project, "--json")
    assert result.json["stopped"] == "early_stopping"
    assert f"those of epoch {result.json['epochs'] - 20}." in result.err


@pytest.mark.parametrize("option", ["--save", "--export"])
def test_that_a_later_project_in_the_way_is_refused_before_training(
    refused: Refused, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, option: str
) -> None:
    later = tmp_path / "later.json"
    later.write_text('{"format": "backprop-playground", "version": 999}')
    monkeypatch.setattr(Run, "advance", lambda run, batches: pytest.fail("trained in vain"))
    assert "version 999" in refused("train", "xor", option, later)
    assert "999" in later.read_text()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes as POSIX has them")
def test_that_a_pipe_in_the_way_is_refused_and_not_waited_for(refused: Refused, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    assert "not an ordinary file" in refused("train", "xor", "--save", tmp_path / "pipe.json")


def test_that_a_start_from_which_nothing_is_learned_is_said_before_training(cli: Runner, tmp_path: Path) -> None:
    """A09: the symmetry is named, and training goes on all the same."""
    project = tmp_path / "zeros.json"
    cli("train", "xor", "--epochs", 0, "--save", project)
    plain = strict(project.read_text())
    del plain["parameters"], plain["progress"]
    for node in plain["network"]["nodes"]:
        if node["kind"] == "dense":
            node["init"] = "zeros"
    project.write_text(json.dumps(plain))
    result = cli("train", project, "--epochs", 1, "--json")
    assert result.status == 0
    assert "note: Dense 4 and Dense 1 both start from zeros" in result.err


def test_that_an_onnx_export_says_what_float32_costs(cli: Runner, tmp_path: Path) -> None:
    """B04."""
    line = cli("train", "xor", "--epochs", 3, "--export", tmp_path / "weights.onnx").err
    difference = float(line.split("the largest difference is ")[1].rstrip(".\n"))
    assert 0.0 < difference < 1e-5


def test_that_no_epochs_only_evaluate(cli: Runner) -> None:
    result = cli("train", "xor", "--epochs", 0, "--json")
    assert result.status == 0
    assert (result.json["epochs"], result.json["updates"], result.json["stopped"]) == (0, 0, "epochs")
    assert result.json["samples_per_second"] is None


def test_that_the_text_says_what_the_record_says(cli: Runner) -> None:
    text = cli("train", "xor").out
    assert "epochs" in text
    assert "5,000" in text
    assert "%" in text
    assert "penalty" not in text


def test_that_the_weights_are_those_of_a_run_in_the_window(cli: Runner, tmp_path: Path) -> None:
    cli("train", "xor", "--epochs", 30, "--save", tmp_path / "a.json")
    plan = make_plan(PRESETS["xor"].document)
    run = Run(plan, plan.initial_state())
    while run.state.epoch < 30:
        run.advance(1)
    views = plan.program.views(run.state.values)
    saved = weights(tmp_path / "a.json")
    for name, view in views.items():
        node, role = name.rsplit(".", 1)
        assert np.array_equal(np.array(saved[node][role]), view)  # type: ignore[index]


def test_that_a_saved_project_goes_on_bit_for_bit(cli: Runner, tmp_path: Path) -> None:
    whole, part, joined = (tmp_path / f"{name}.json" for name in ("whole", "part", "joined"))
    cli("train", "overfit", "--epochs", 10, "--save", whole)
    cli("train", "overfit", "--epochs", 4, "--save", part)
    record = cli("train", part, "--epochs", 6, "--save", joined, "--json").json
    assert (record["epochs"], record["updates"]) == (10, 10)
    assert weights(joined) == weights(whole)
    assert strict(joined.read_text())["progress"] == strict(whole.read_text())["progress"]


def test_that_activations_switch_off_and_on_with_weights_and_progress_kept(cli: Runner, tmp_path: Path) -> None:
    off, on = tmp_path / "off.json", tmp_path / "on.json"
    record = cli("train", "xor", "--activations", "off", "--epochs", 300, "--save", off, "--json").json
    assert record["test_accuracy"] <= 0.8
    plain = strict(off.read_text())
    assert [node["enabled"] for node in plain["network"]["nodes"] if node["kind"] == "activation"] == [False]
    switched = cli("train", off, "--activations", "on", "--epochs", 0, "--save", on, "--json").json
    assert switched["epochs"] == 300
    assert weights(on) == weights(off)
    solved = cli("train", on, "--epochs", 300, "--json").json
    assert solved["epochs"] == 600
    assert solved["test_accuracy"] >= 0.97


def test_that_the_seed_is_that_of_data_and_weights(cli: Runner, tmp_path: Path) -> None:
    file = tmp_path / "seven.json"
    cli("train", "xor", "--seed", 7, "--epochs", 2, "--save", file)
    plain = strict(file.read_text())
    assert (plain["data"]["seed"], plain["training"]["seed"], plain["progress"]["seed"]) == (7, 7, 7)
    again = tmp_path / "again.json"
    assert cli("train", file, "--seed", 7, "--epochs", 2, "--json").json["epochs"] == 4
    result = cli("train", file, "--seed", 8, "--epochs", 2, "--save", again, "--json")
    assert result.json["epochs"] == 2
    assert "new weights" in result.err
    fresh = tmp_path / "fresh.json"
    cli("train", "xor", "--seed", 8, "--epochs", 2, "--save", fresh)
    assert weights(again) == weights(fresh)


def test_that_files_are_written_and_named_on_standard_error(cli: Runner, tmp_path: Path) -> None:
    files = [tmp_path / f"한글 w{suffix}" for suffix in (".json", ".npz", ".safetensors", ".onnx")]
    save, *exports = files
    result = cli("train", "xor", "--save", save, *[part for file in exports for part in ("--export", file)], "--json")
    assert result.status == 0
    assert list(result.json) == KEYS
    for file in files:
        assert file.stat().st_size > 0
        assert str(file) in result.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--save", "{folder}/nowhere/a.json"], "no folder"),
        (["--save", "{folder}"], ".json"),
        (["--save", "{folder}/a.txt"], ".json"),
        (["--save", "{folder}/a.bpp"], ".json"),
        (["--export", "{folder}/w.npz", "--export", "{folder}/nowhere/w.onnx"], "no folder"),
        (["--export", "{folder}/w"], ".npz"),
        (["--save", "{folder}/a.json", "--export", "{folder}/a.json"], "twice"),
        (["--save", "/proc/a.json"], "/proc"),
    ],
)
def test_that_a_place_which_cannot_be_written_is_refused_before_training(
    refused: Refused, tmp_path: Path, options: list[str], words: str
) -> None:
    began = time.perf_counter()
    filled = [option.format(folder=tmp_path) for option in options]
    assert words in refused("train", "xor", "--epochs", 1_000_000, *filled)
    assert time.perf_counter() - began < 5
    assert list(tmp_path.iterdir()) == []


def test_that_one_file_which_fails_late_loses_nothing_else(
    cli: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from playground.cli import keeping
    from playground.messages import UserError

    def full(*arguments: object) -> None:
        raise UserError("The disk is full.")

    monkeypatch.setattr(keeping, "write_project_file", full)
    weights_file = tmp_path / "w.npz"
    result = cli("train", "xor", "--save", tmp_path / "a.json", "--export", weights_file, "--json", "--epochs", 2)
    assert result.status == 2
    assert "The disk is full." in result.err
    assert weights_file.exists()
    assert result.json["epochs"] == 2


@pytest.mark.parametrize(
    ("loss", "training"),
    [
        ("hinge", {"optimizer": "rmsprop", "learning_rate": 0.01}),
        ("huber", {"optimizer": "adagrad", "learning_rate": 0.1}),
        ("huber", {"optimizer": "sgd", "learning_rate": 0.03, "momentum": 0.9, "nesterov": True}),
    ],
)
def test_that_every_loss_and_optimizer_solves_xor_goes_on_and_is_exported(
    cli: Runner, tmp_path: Path, loss: str, training: dict[str, object]
) -> None:
    project, half, whole = (tmp_path / f"{name}.json" for name in ("start", "half", "whole"))
    cli("train", "xor", "--epochs", 0, "--save", project)
    plain = strict(project.read_text())
    del plain["progress"], plain["parameters"]
    plain["training"] |= training
    for node in plain["network"]["nodes"]:
        if node["kind"] == "loss":
            node["function"] = loss
    project.write_text(json.dumps(plain))
    onnx, npz = tmp_path / "net.onnx", tmp_path / "net.npz"
    record = cli("train", project, "--epochs", 100, "--save", whole, "--export", onnx, "--export", npz, "--json").json
    assert record["test_accuracy"] >= 0.97
    cli("train", project, "--epochs", 40, "--save", half)
    assert strict(half.read_text())["training"] == plain["training"]
    cli("train", half, "--epochs", 60, "--save", half)
    assert weights(half) == weights(whole)
    corners = np.array([[0.5, 0.5], [-0.5, -0.5], [0.5, -0.5], [-0.5, 0.5]])
    answers = read_npz(npz.read_bytes()).predict(corners)[:, 0]
    assert ((answers > 0.5) == [False, False, True, True]).all()


DIVERGING = {
    "format": "backprop-playground",
    "version": 1,
    "data": {
        "kind": "table", "columns": ["x", "y"], "rows": [[10, 0], [10, 0], [0, 0]], "target": "y",
        "task": "regression", "test_fraction": 0, "scaling": "none",
    },
    "network": {
        "nodes": [
            {"id": "in", "kind": "input", "features": ["x"]},
            {"id": "h", "kind": "dense", "units": 1, "bias": False},
            {"id": "loss", "kind": "loss", "function": "half_squared"},
        ],
        "wires": [["in", "h"], ["h", "loss"]],
    },
    "training": {"learning_rate": 1, "batch_size": 1, "shuffle": False},
    "parameters": {"h": {"weight": [[1]]}},
}  # fmt: skip


def test_that_divergence_is_explained_and_its_record_strict(cli: Runner, tmp_path: Path) -> None:
    project, saved = tmp_path / "far.json", tmp_path / "back.json"
    project.write_text(json.dumps(DIVERGING))
    result = cli("train", project, "--save", saved, "--json")
    assert result.status == 1
    assert result.json["stopped"] == "diverged"
    lines = [line for line in result.err.splitlines() if "diverged" in line]
    assert len(lines) == 1
    for words in (str(project), "at update", "learning rate 1", "Try a learning rate of 0.1"):
        assert words in lines[0]
    assert np.isfinite(weights(saved)["h"]["weight"]).all()  # type: ignore[index]


def write_csv(path: Path, header: str, rows: list[str]) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_that_a_table_of_two_classes_takes_the_place_of_the_data(cli: Runner, tmp_path: Path) -> None:
    rows = [f"{money},{links},{links % 3},{'spam' if links > 10 else 'ham'}" for money, links in
            [(k * 50, k) for k in range(1, 21)]]  # fmt: skip
    table = write_csv(tmp_path / "mail.csv", "money,links,other,kind", rows)
    saved = tmp_path / "mail.json"
    result = cli("train", "xor", "--data", table, "--save", saved, "--json")
    assert result.status == 0
    assert result.json["test_accuracy"] >= 0.8
    plain = strict(saved.read_text())
    assert plain["data"]["kind"] == "table"
    assert plain["data"]["classes"] == ["ham", "spam"]
    assert plain["data"]["scaling"] == "standardise"
    nodes = {node["id"]: node for node in plain["network"]["nodes"]}
    assert nodes["in"]["features"] == ["money", "links", "other"]
    assert nodes["out"]["units"] == 1
    assert nodes["loss"]["function"] == "binary_cross_entropy"
    assert np.shape(plain["parameters"]["h1"]["weight"]) == (3, 4)
    assert "standardised" in result.err
    assert "3 columns in, 1 out" in result.err
    assert cli("train", saved, "--epochs", 1, "--json").json["epochs"] == 201


def test_that_loss_and_outputs_follow_the_target(cli: Runner, tmp_path: Path) -> None:
    rows = [f"{k},{k * k % 7},c{k % 3},{k / 7}" for k in range(1, 31)]
    table = write_csv(tmp_path / "three.csv", "a,b,kind,amount", rows)
    saved = tmp_path / "out.json"

    def ends(*options: object) -> tuple[object, object]:
        cli("train", "xor", "--data", table, "--epochs", 1, "--save", saved, *options)
        nodes = {node["id"]: node for node in strict(saved.read_text())["network"]["nodes"]}
        return nodes["out"]["units"], nodes["loss"]["function"]

    table.write_text(table.read_text().replace(",kind,amount", ",amount,kind"))
    swapped = [",".join([*line.split(",")[:2], *reversed(line.split(",")[2:])]) for line in rows]
    write_csv(table, "a,b,amount,kind", swapped)
    assert ends() == (3, "softmax_cross_entropy")
    write_csv(table, "a,b,amount", [f"{k},{k * k % 7},{k / 7}" for k in range(1, 31)])
    assert ends() == (1, "half_squared")
    assert ends("--target", "a") == (1, "half_squared")


def test_that_a_table_keeps_the_saved_weights_that_still_fit(cli: Runner, tmp_path: Path) -> None:
    saved, moved = tmp_path / "xor.json", tmp_path / "moved.json"
    cli("train", "xor", "--epochs", 5, "--save", saved)
    rows = [f"{k},{-k},{k % 2 + 10}" for k in range(40)]
    table = write_csv(tmp_path / "two.csv", "p,q,class", rows)
    result = cli("train", saved, "--data", table, "--epochs", 0, "--save", moved, "--json")
    assert result.status == 0
    assert weights(moved) == weights(saved)
    wide = write_csv(tmp_path / "wide.csv", "p,q,r,class", [f"{k},{-k},{k * k},{k % 2 + 10}" for k in range(40)])
    cli("train", saved, "--data", wide, "--epochs", 0, "--save", moved)
    assert np.shape(weights(moved)["h1"]["weight"]) == (3, 4)  # type: ignore[index]
    assert weights(moved)["out"] == weights(saved)["out"]


def test_that_a_bad_table_is_refused_by_file_and_place(refused: Refused, tmp_path: Path) -> None:
    table = write_csv(tmp_path / "bad.csv", "a,b,c", ["1,2,x", "3,oops,y", "5,6,x"])
    line = refused("train", "xor", "--data", table)
    assert "bad.csv" in line
    assert "Row 2" in line
    assert "oops" in line
    ragged = write_csv(tmp_path / "ragged.csv", "a,b,c", ["1,2,3", "4,5"])
    assert "line 3" in refused("train", "xor", "--data", ragged)
    assert "a, b, c" in refused("train", "xor", "--data", table, "--target", "d")
    assert "missing.csv" in refused("train", "xor", "--data", tmp_path / "missing.csv")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for a single process")
def test_that_ctrl_c_keeps_what_is_finished(process: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    # The key is pressed from within, after three epochs: from outside nobody knows when training has begun.
    pressing = (
        "import os, signal, sys\n"
        "from playground.cli import main\n"
        "from playground.training.run import Run\n"
        "advance = Run.advance\n"
        "def press(run, batches):\n"
        "    advance(run, min(batches, run.batches_per_epoch))\n"
        "    if run.state.epoch == 3:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "Run.advance = press\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    arguments = ["train", "spambase", "--epochs", 1_000_000, "--json", "--save", "a.json", "--export", "w.npz"]
    running = process(*arguments, code=pressing)
    out, err = running.communicate(timeout=30)
    assert running.returncode == 130
    record = strict(out)
    assert record["stopped"] == "cancelled"
    assert record["epochs"] == 3
    assert "Traceback" not in err
    assert strict((tmp_path / "a.json").read_text())["progress"]["epoch"] == record["epochs"]
    assert (tmp_path / "w.npz").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a Unix thing")
def test_that_a_progress_bar_is_for_terminals_only(process: Callable[..., subprocess.Popen[str]]) -> None:
    import os
    import pty
    import termios

    try:
        ours, theirs = pty.openpty()
    except OSError:
        pytest.skip("this machine has no pseudo-terminals")
    termios.tcsetwinsize(theirs, (24, 80))
    running = process("train", "xor", "--epochs", 30_000, "--json", stderr=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # Linux says so when the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(ours)
    assert running.stdout is not None
    assert strict(running.stdout.read())["epochs"] == 30_000
    running.stdout.close()
    assert running.wait(30) == 0
    assert b"epoch" in shown
    assert b"loss" in shown
    quiet = process("train", "xor", "--epochs", 50, "--json")
    out, err = quiet.communicate(timeout=30)
    assert err == ""
    assert strict(out)["epochs"] == 50
