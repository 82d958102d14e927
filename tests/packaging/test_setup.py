"""packaging/setup.sh on machines that are not this one: its commands are stood in for, its decisions are real."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what it decides here concerns Linux")


class Machine:
    """A checkout with the shell scripts alone, and a folder of stand-in commands that is searched first."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        self.commands = folder / "commands"
        self.log = folder / "log"
        (self.checkout / "packaging").mkdir(parents=True)
        self.commands.mkdir()
        for script in ("setup.sh", "tour.sh"):
            shutil.copy(ROOT / "packaging" / script, self.checkout / "packaging")
        shutil.copy(ROOT / "pyproject.toml", self.checkout)
        self.command("uname", "echo Linux")
        self.command("apt-get", f'echo apt-get "$@" >>{self.log}')
        self.command("fc-list", "echo Noto Sans CJK KR")
        self.command("Xvfb")
        self.command("xdotool")

    def command(self, name: str, body: str = "exit 0", folder: Path | None = None) -> None:
        path = (folder or self.commands) / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def user(self, number: int) -> None:
        self.command("id", f"echo {number}")

    def libraries(self, *missing: str) -> None:
        """Every library that the script asks for is there but `missing`."""
        names = [pair.split(":")[0] for pair in (ROOT / "packaging" / "setup.sh").read_text().split() if ".so." in pair]
        there = [name for name in names if name not in missing]
        assert len(there) == len(names) - len(missing)
        self.command("ldconfig", "cat <<'END'\n" + "\n".join(there) + "\nEND")

    def environment(self) -> None:
        """A finished .venv whose program only notes how it was called."""
        binaries = self.checkout / ".venv" / "bin"
        binaries.mkdir(parents=True)
        self.command("python", f'exec "{sys.executable}" "$@"', folder=binaries)
        self.command(
            "backprop-playground",
            f'echo "$QT_QPA_PLATFORM: $*" >>{self.log}\ncase $1 in screenshot) : >"$3" ;; esac',
            folder=binaries,
        )
        version = subprocess.run([sys.executable, "-V"], capture_output=True, text=True, check=True).stdout
        stamp = f"{self.checkout}\n{version}" + (ROOT / "pyproject.toml").read_text()
        (self.checkout / ".venv" / "installed-run").write_text(stamp)

    def ask(self, what: str, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY", "PYTHON")}
        kept |= {"PATH": f"{self.commands}:/usr/bin:/bin", **environment}
        command = ["sh", str(self.checkout / "packaging" / "setup.sh"), what]
        return subprocess.run(command, env=kept, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)

    def logged(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.user(1000)
    machine.libraries()
    return machine


def test_that_a_person_is_told_the_command_for_missing_packages(machine):
    machine.libraries("libEGL.so.1", "libxcb-cursor.so.0")
    result = machine.ask("run")
    assert result.returncode == 2
    assert result.stderr.strip().endswith("sudo apt-get install --no-install-recommends libegl1 libxcb-cursor0")
    assert machine.logged() == []


def test_that_root_gets_missing_packages_installed(machine):
    machine.user(0)
    machine.libraries("libEGL.so.1")
    (machine.commands / "fc-list").unlink()
    machine.command("fc-list")
    machine.ask("run", PYTHON="false")
    assert machine.logged()[0].startswith("apt-get update")
    assert machine.logged()[1].endswith(" install -y -qq --no-install-recommends libegl1 fontconfig fonts-noto-cjk")


def test_that_a_missing_korean_font_stops_nobody(machine):
    machine.command("fc-list")
    machine.environment()
    result = machine.ask("run", DISPLAY=":9")
    assert result.returncode == 0
    assert "fonts-noto-cjk" in result.stderr


def test_that_the_want_of_a_python_is_one_sentence(machine):
    result = machine.ask("lint", PYTHON="false")
    assert result.returncode == 2
    assert "needs Python 3.11 to 3.14" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_that_the_want_of_the_venv_module_is_one_sentence(machine):
    machine.command("python3", f'case $2 in *ensurepip*) exit 1 ;; *) exec "{sys.executable}" "$@" ;; esac')
    result = machine.ask("lint")
    assert result.returncode == 2
    assert result.stderr.strip().endswith("sudo apt-get install python3-venv")
    assert len(result.stderr.strip().splitlines()) == 1


def test_that_with_a_display_the_window_opens_on_xor(machine):
    machine.environment()
    assert machine.ask("run", DISPLAY=":9", QT_QPA_PLATFORM="").returncode == 0
    assert machine.logged() == [": "]


def test_that_without_a_display_the_tour_is_taken_offscreen(machine):
    machine.environment()
    result = machine.ask("run")
    assert result.returncode == 0, result.stderr
    assert "No display found" in result.stdout.splitlines()[0]
    calls = machine.logged()
    assert all(call.startswith("offscreen: ") for call in calls)
    assert calls[0].startswith("offscreen: train xor --activations off")
    assert calls[1].startswith("offscreen: train xor --save")
    for suffix in (".npz", ".safetensors", ".onnx"):
        assert f"--export out/xor{suffix}" in calls[1]
    assert sorted(path.name for path in (machine.checkout / "out").glob("*.png")) == [
        "window-activations-off.png",
        "window-dark.png",
        "window-light.png",
    ]


def test_that_a_changed_pyproject_is_installed_again(machine):
    machine.environment()
    (machine.checkout / "pyproject.toml").write_text("# changed\n")
    result = machine.ask("bench", PYTHON="false")
    assert result.returncode == 2
    assert machine.logged() == []


def test_that_an_unknown_wish_names_the_known_ones(machine):
    result = machine.ask("fly")
    assert result.returncode == 2
    assert "run|test|lint|bench|venv" in result.stderr
