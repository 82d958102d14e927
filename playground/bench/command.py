"""`bench`: every workload measured, and the machine that it was measured on."""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from playground import __version__
from playground.bench.measure import Effort, drawing_time, peer_speed, training_speed
from playground.bench.peers import peers
from playground.bench.workloads import WORKLOADS, Workload
from playground.engine.engines import compiled_engine_is_there

#: What a run of the command takes for each measurement.
EFFORT = Effort()


def run(arguments: argparse.Namespace) -> tuple[int, Mapping[str, Any], str]:
    """Measure everything: exit status, record and text."""
    record = measured(EFFORT)
    return 0, record, _text(record)


def measured(effort: Effort) -> dict[str, Any]:
    """The record as the contract has it."""
    training, drawing = {}, {}
    for workload in WORKLOADS.values():
        _tell(f"training {workload.name} ({_network(workload)})")
        training[workload.name] = {"samples_per_second": training_speed(workload, effort)}
    for workload in WORKLOADS.values():
        for side in workload.gridded:
            _tell(f"drawing {workload.name} on {side} × {side}")
            drawing[f"{workload.name}_grid{side}"] = {"seconds": drawing_time(workload, side, effort)}
    others: dict[str, dict[str, Any]] = {}
    for name, make in peers().items():
        for workload in WORKLOADS.values():
            _tell(f"{name}, training {workload.name}")
            speed = peer_speed(workload, make(workload), effort)
            others.setdefault(name, {})[workload.name] = {"samples_per_second": speed}
    _tell("")
    return {"machine": machine(), "training": training, "drawing": drawing, "peers": others}


def machine() -> dict[str, Any]:
    """What the figures depend on besides the program."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "playground": __version__,
        "engine": "compiled" if compiled_engine_is_there() else "walk",
    }


def _processor() -> str:
    """The processor's name: Linux has it in a file, other systems where Python looks."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _tell(what: str) -> None:
    """Say what is being measured, on a terminal only, each in place of the one before."""
    if sys.stderr is not None and sys.stderr.isatty():
        with contextlib.suppress(OSError):
            sys.stderr.write(f"\r\x1b[K{what}")
            sys.stderr.flush()


def _network(workload: Workload) -> str:
    return "-".join(map(str, workload.widths))


def _text(record: Mapping[str, Any]) -> str:
    lines = [f"{record['machine']['processor']}, one thread, float64, engine {record['machine']['engine']}", ""]
    others = record["peers"]
    heads = "".join(f"{other:>16}" for other in others)
    lines.append(f"{'training, samples a second':<42}{'here':>14}{heads}")
    for name, found in record["training"].items():
        workload = WORKLOADS[name]
        what = f"{_network(workload)}, batch {workload.batch}"
        rows = "".join(f"{speeds[name]['samples_per_second']:>16,.0f}" for speeds in others.values())
        lines.append(f"  {name:<12}{what:<28}{found['samples_per_second']:>14,.0f}{rows}")
    lines += ["", "drawing every neuron, milliseconds"]
    lines += [f"  {name:<40}{1000 * found['seconds']:>14.3f}" for name, found in record["drawing"].items()]
    return "\n".join(lines)
