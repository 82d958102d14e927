"""Which command is meant, what help says, and how bad input is refused."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_results import Runner

from playground import __version__
from playground.cli import main
from playground.cli.commands import COMMANDS

Refused = Callable[..., str]


def test_that_help_names_every_command_and_nothing_that_is_not_there(cli: Runner) -> None:
    result = cli("--help")
    assert result.status == 0
    assert result.err == ""
    for name in ("presets", "train", "export", "trace", "gradcheck", "screenshot", "bench"):
        assert f"\n  {name}" in result.out
    for name in ("sweep", "predict", "completion"):
        assert name not in result.out


@pytest.mark.parametrize("command", COMMANDS)
def test_that_every_command_explains_its_arguments(cli: Runner, command: str) -> None:
    result = cli(command, "--help")
    assert result.status == 0
    assert result.err == ""
    assert result.out.startswith(f"usage: backprop-playground {command}")
    assert COMMANDS[command].summary in result.out.lower().replace("\n", " ")


def test_that_the_version_is_printed(cli: Runner) -> None:
    assert cli("--version").out == f"backprop-playground {__version__}\n"


def test_that_presets_are_listed_a_line_each(cli: Runner) -> None:
    names = [line.split()[0] for line in cli("presets").out.splitlines()]
    listed = cli("presets", "--json").json["presets"]
    assert names == [preset["name"] for preset in listed]
    assert {"xor", "spam-linear", "spam-nonlinear", "spambase", "overfit", "circle", "moons", "spiral",
            "lecture", "single-neuron"} <= set(names)  # fmt: skip
    assert all(preset["title"] and preset["summary"] for preset in listed)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["trian", "xor"], ["trian", "Did you mean train?"]),
        (["frobnicate"], ["frobnicate", "presets, train"]),
        (["xor"], ["xor", "is a preset", "train xor"]),
        (["missing.json"], ["missing.json", "does not exist"]),
        (["--frob"], ["--frob"]),
        (["train"], ["SPEC is missing", "backprop-playground train --help"]),
        (["train", "xor", "extra"], ["extra"]),
        (["train", "xor", "--epoch", "3"], ["--epoch"]),
        (["train", "xor", "--epochs", "-1"], ["--epochs", "'-1'", "from 0 to 1000000"]),
        (["train", "xor", "--epochs", "1.5"], ["--epochs", "'1.5'"]),
        (["train", "xor", "--epochs", "9" * 5000], ["--epochs"]),
        (["train", "xor", "--seed", "4294967296"], ["--seed", "4294967295"]),
        (["train", "xor", "--activations", "maybe"], ["--activations", "maybe", "on", "off"]),
        (["train", "xor", "--target", "C"], ["--target", "--data"]),
        (["train", "xro"], ["xro", "Did you mean the preset xor?"]),
        (["train", "lectur"], ["Did you mean the preset lecture?"]),
        (["train", "qqqq"], ["qqqq", "xor, spam-linear"]),
        (["train", "missing.json"], ["missing.json", "does not exist"]),
        (["train", "old.bpp"], ["old.bpp", ".bpp", ".json"]),
        (["trace", "lecture", "--sample", "1", "--batch"], ["--batch", "--sample"]),
        (["screenshot", "xor", "out.jpg"], ["out.jpg", ".png"]),
        (["screenshot", "xor", "out.png", "--size", "10x10"], ["--size", "10x10", "320x240"]),
        (["export", "xor", "weights.pt"], ["weights.pt", ".npz", ".onnx"]),
        (["export", "xor", ".npz"], [".npz"]),
    ],
)
def test_that_bad_input_is_one_line_which_names_it(refused: Refused, arguments: list[str], words: list[str]) -> None:
    line = refused(*arguments)
    for word in words:
        assert word in line


def test_that_a_file_which_is_no_project_is_refused(refused: Refused, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("hello")
    assert "notes.txt is no project" in refused("train", other)
    broken = tmp_path / "broken.json"
    broken.write_text('{"format": "backprop-playground", "version": 1,\n "network": }')
    line = refused("train", broken)
    assert "broken.json" in line
    assert "line 2" in line


def test_that_a_network_which_cannot_train_is_refused_by_file_and_node(refused: Refused, tmp_path: Path) -> None:
    project = tmp_path / "loose.json"
    project.write_text(
        '{"format": "backprop-playground", "version": 1, "network": {"nodes": [{"id": "in", "kind": "input"}, '
        '{"id": "h1", "kind": "dense", "units": 3}, {"id": "loss", "kind": "loss"}], '
        '"wires": [["in", "h1"], ["h1", "loss"]]}}'
    )
    line = refused("train", project)
    assert line.startswith(str(project))
    assert "Dense 3" in line


def test_that_a_project_is_read_from_standard_input(
    cli: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    saved = tmp_path / "xor.json"
    cli("train", "xor", "--epochs", 0, "--save", saved)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(saved.read_bytes())))
    assert cli("train", "-", "--epochs", 3, "--json").json["epochs"] == 3


def test_that_empty_or_closed_standard_input_is_refused(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert "standard input is empty" in refused("train", "-")
    monkeypatch.setattr(sys, "stdin", None)
    assert "closed" in refused("train", "-")


def test_that_the_window_is_refused_in_words_where_there_is_no_display(
    refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert "no display" in refused()


def test_that_a_fault_of_the_program_is_one_line_too(cli: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    from playground.cli import presets

    def fail(arguments: object) -> None:
        raise RuntimeError("boom\nand more")

    monkeypatch.setattr(presets, "run", fail)
    result = cli("presets")
    assert result.status == 1
    assert "boom" in result.err
    assert len(result.err.splitlines()) == 1
    monkeypatch.setenv("BACKPROP_PLAYGROUND_DEBUG", "1")
    with pytest.raises(RuntimeError, match="boom"):
        main(["presets"])


def test_that_a_full_disk_behind_standard_output_is_said(process: Callable[..., subprocess.Popen[str]]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with open("/dev/full", "w") as full:
        running = process("presets", stdout=full)
        _, err = running.communicate(timeout=30)
    assert running.returncode == 2
    assert err.splitlines() == [
        "backprop-playground: Standard output can't be written: No space left on device. Redirect it elsewhere."
    ]


def test_that_a_reader_who_leaves_is_not_complained_about(process: Callable[..., subprocess.Popen[str]]) -> None:
    running = process("trace", "spambase", "--batch", "--json")
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    assert running.stderr.read() == ""
    running.stderr.close()
    assert running.wait(30) == 2


def test_that_a_closed_standard_output_is_said_before_any_work(process: Callable[..., subprocess.Popen[str]]) -> None:
    command = [sys.executable, "-m", "playground", "train", "xor", "--epochs", "100000"]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        ["sh", "-c", '"$@" >&-', "sh", *command], cwd=root, text=True, stderr=subprocess.PIPE, timeout=30
    )
    assert done.returncode == 2
    assert done.stderr == "backprop-playground: Standard output is closed; redirect it to a file, or to /dev/null.\n"


@pytest.mark.parametrize("arguments", [["--help"], ["presets"], ["train", "--help"]])
def test_that_light_commands_do_not_wait_for_heavy_imports(arguments: list[str]) -> None:
    code = (
        "import sys; from playground.cli import main; status = main(sys.argv[1:]); "
        "heavy = {'onnx', 'PySide6', 'pyqtgraph', 'safetensors', 'tqdm'} & set(sys.modules); "
        "print(heavy, file=sys.stderr) if heavy else None; sys.exit(status)"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=root, capture_output=True, text=True, timeout=30
    )
    assert (done.returncode, done.stderr) == (0, "")
