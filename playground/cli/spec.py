"""SPEC: the experiment that a command is given, as a preset's name, a file, or JSON on standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from playground.cli.output import note
from playground.data.table import Table
from playground.document.check import problems
from playground.document.model import Document
from playground.document.presets import PRESETS
from playground.engine.state import State
from playground.formats.project import Project, read_project, read_project_file, state_from_project
from playground.messages import UserError
from playground.training.plan import Plan, make_plan

STANDARD_INPUT = "standard input"


@dataclass(frozen=True)
class Ready:
    """An experiment ready to run: its plan, and the state it stands in, initial or as it was saved."""

    plan: Plan
    state: State
    trained: bool


def open_spec(spec: str) -> Project:
    """What SPEC stands for; notes about a file are said. Raises UserError with one sentence."""
    if spec in PRESETS:
        return Project(PRESETS[spec].document, where=spec)
    if spec == "-":
        project = read_project(_standard_input(), STANDARD_INPUT)
    else:
        _check_name(spec)
        project = read_project_file(spec)
    for left_out in project.notes:
        note(left_out)
    return project


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise UserError("Standard input is closed. Give a preset's name or a project file.")
    return sys.stdin.buffer.read()


def _check_name(spec: str) -> None:
    """Raise UserError for what cannot be a project: a misspelt preset, a file of another kind."""
    suffix = Path(spec).suffix.lower()
    if suffix == ".json":
        return
    if suffix == ".bpp":
        raise UserError("{file}: this version does not read .bpp files. Give a project as .json.", file=spec)
    if Path(spec).exists():
        raise UserError(
            "{file} is no project: a project's name ends in .json. Give such a file, or a preset's name.", file=spec
        )
    near = get_close_matches(spec.lower(), PRESETS, n=1, cutoff=0.5)
    if near:
        raise UserError(
            "“{spec}” is neither a preset nor a project (.json). Did you mean the preset {near}?",
            spec=spec,
            near=near[0],
        )
    raise UserError(
        "“{spec}” is neither a preset nor a project (.json). The presets are {presets}.",
        spec=spec,
        presets=", ".join(PRESETS),
    )


def ready(project: Project, table: Table | None = None) -> Ready:
    """The plan and the state of a project as it was opened; raises UserError naming the project."""
    plan = plan_of(project.document, project.where, table)
    saved = state_from_project(project, plan.program)
    return Ready(plan, saved or plan.initial_state(), saved is not None)


def plan_of(document: Document, where: str, table: Table | None = None) -> Plan:
    """The plan of a document; raises UserError with the first problem, naming where the document is from.

    Says on standard error what was done to the data on the way, and what will make the network learn badly.
    """
    with naming(where):
        plan = make_plan(document, table)
    for done in plan.dataset.notes:
        note(done)
    for warning in problems(document, plan.dataset.table):
        note(warning.message)
    return plan


@contextmanager
def naming(where: str) -> Iterator[None]:
    """Put the name of a file before whatever is wrong with it."""
    try:
        yield
    except UserError as error:
        if str(error).startswith(where):
            raise
        raise UserError("{where}: {reason}", where=where, reason=error.message) from error
