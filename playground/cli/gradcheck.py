"""`gradcheck`: backpropagation's gradients against central differences, number by number, in float64."""

from __future__ import annotations

import argparse

import numpy as np

from playground.cli.output import Answer, aligned
from playground.cli.spec import open_spec, ready
from playground.cli.strict import plain
from playground.engine.gradcheck import TOLERANCE, Report, gradient_check
from playground.engine.training_engine import one_blas_thread

#: More rows than these show nothing new and take longer.
MOST_ROWS = 64


def run(arguments: argparse.Namespace) -> Answer:
    """Check every parameter on the first training rows; the status is 1 where a gradient disagrees."""
    project = open_spec(arguments.spec)
    prepared = ready(project)
    data = prepared.plan.dataset
    one_blas_thread()
    with np.errstate(all="ignore"):
        x, y = data.x_train[:MOST_ROWS], data.y_train[:MOST_ROWS]
        report = gradient_check(prepared.plan.program, prepared.state.values, x, y, prepared.plan.rules.hyper)
    return (0 if report.ok else 1), record_of(report), _text(report, project.where, len(x))


def record_of(report: Report) -> dict[str, object]:
    """The report as the contract has it."""
    return {
        "ok": report.ok,
        "max_relative_error": plain(report.max_relative_error),
        "checked": report.checked,
        "corners": report.corners,
        "parameters": {
            name: {"max_relative_error": plain(worst.max_relative_error), "worst_index": list(worst.worst_index)}
            for name, worst in report.parameters.items()
        },
    }


def _text(report: Report, name: str, rows: int) -> str:
    table = [("parameter", "largest relative error", "at")]
    table += [
        (parameter, f"{worst.max_relative_error:.2e}", f"[{','.join(map(str, worst.worst_index))}]")
        for parameter, worst in report.parameters.items()
    ]
    corners = f", {report.corners} at a corner, where there is no slope to compare" if report.corners else ""
    head = f"{name}: {report.checked} gradients checked on {rows} training rows{corners}"
    return "\n".join([head, *aligned(table, "  ", right=(1,)), _verdict(report)])


def _verdict(report: Report) -> str:
    if report.ok:
        return f"They agree: the largest relative error is {report.max_relative_error:.2e} (allowed: {TOLERANCE:g})."
    worst = max(report.parameters, key=lambda name: _size(report.parameters[name].max_relative_error))
    found = report.parameters[worst]
    place = f"{worst}[{','.join(map(str, found.worst_index))}]"
    return f"They do NOT agree: {place} is off by {found.max_relative_error:.2e} (allowed: {TOLERANCE:g})."


def _size(error: float) -> float:
    return float("inf") if np.isnan(error) else error
