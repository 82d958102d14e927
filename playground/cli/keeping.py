"""What is written at the end: the project (`--save`) and the weights (`--export`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from playground.cli.output import say
from playground.cli.spec import Ready
from playground.cli.targets import check_distinct, check_target
from playground.formats.model import Trained
from playground.formats.project import write_project_file
from playground.formats.versions import refuse_later
from playground.formats.weights import FORMATS, export
from playground.messages import UserError

PROJECT_SUFFIXES = (".json",)


def check_outputs(save: str | None, exports: Sequence[str]) -> None:
    """Raise UserError where a file cannot be written, before anything is trained for it."""
    if save is not None:
        check_target(save, PROJECT_SUFFIXES, "a project is saved in")
    for path in exports:
        check_target(path, tuple(FORMATS), "weights are exported to")
    paths = [*([] if save is None else [save]), *exports]
    check_distinct(paths)
    for path in paths:
        if path.lower().endswith(PROJECT_SUFFIXES):
            refuse_later(path)


def keep(prepared: Ready, save: str | None, exports: Sequence[str]) -> bool:
    """Write every file, and say so. One that fails does not keep the others from being written; then False."""
    writers: list[Callable[[], None]] = [partial(export_weights, prepared, path) for path in exports]
    if save is not None:
        writers.insert(0, partial(save_project, prepared, save))
    whole = True
    for write in writers:
        try:
            write()
        except UserError as error:
            say(f"backprop-playground: {error}")
            whole = False
    return whole


def save_project(prepared: Ready, path: str) -> None:
    """Write the project, so that training can go on from it; raises UserError."""
    write_project_file(path, prepared.plan.document, prepared.plan.program, prepared.state)
    say(f"Saved {path}.")


def export_weights(prepared: Ready, path: str) -> None:
    """Write the weights in the format of the suffix, read back and compared; raises UserError."""
    plan = prepared.plan
    state = prepared.state if prepared.trained else None
    trained = Trained(plan.program, prepared.state.values, plan.document, plan.dataset, plan.meaning, state)
    report = export(path, trained)
    difference = f"; the largest difference is {report.max_difference:.1e}" if report.max_difference else ""
    say(f"Exported {path}: {report.bytes:,} bytes, read back and compared: {report.compared}{difference}.")
