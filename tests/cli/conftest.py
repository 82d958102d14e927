"""Running the command line within the test's own process, and as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_results import Result, Runner

from playground.cli import main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Runner:
    """Run a command line here: `cli("train", "xor", "--json")`."""

    def run(*arguments: object) -> Result:
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Result(status, captured.out, captured.err)

    return run


@pytest.fixture
def refused(cli: Runner) -> Callable[..., str]:
    """Run a command line that must be refused: the one line that says why."""

    def run(*arguments: object) -> str:
        result = cli(*arguments)
        assert result.status == 2
        assert result.out == ""
        lines = [line for line in result.err.splitlines() if not line.startswith("note: ")]
        assert len(lines) == 1, result.err
        assert lines[0].startswith("backprop-playground: ")
        return lines[0].removeprefix("backprop-playground: ")

    return run


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Start a command line, or `code` that gets its arguments, as a process of its own, in an empty folder."""

    def start(*arguments: object, code: str | None = None, **options: Any) -> subprocess.Popen[str]:
        how = ["-m", "playground"] if code is None else ["-c", code]
        command = [sys.executable, *how, *map(str, arguments)]
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(command, cwd=tmp_path, env=environment, text=True, **{**streams, **options})

    return start
