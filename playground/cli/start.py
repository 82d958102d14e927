"""From a project and the options of `train` to the plan and the state that training starts from."""

from __future__ import annotations

import argparse

from playground.cli.output import note
from playground.cli.own_table import with_table
from playground.cli.spec import Ready, naming, plan_of
from playground.data.table import Table
from playground.document import edits
from playground.document.model import Document
from playground.engine.state import State
from playground.formats.project import Project, state_from_project
from playground.training.carry import Kept, carry
from playground.training.carry import keep as remember
from playground.training.plan import Plan, make_plan


def start(project: Project, arguments: argparse.Namespace) -> Ready:
    """The run that is asked for. Saved weights and progress go on, unless another seed asks for new weights."""
    document, table = _changed(project.document, arguments)
    plan = plan_of(document, project.where, table)
    if project.progress is None:
        return Ready(plan, plan.initial_state(), trained=False)
    if document.training.seed != project.document.training.seed:
        note(f"The seed {document.training.seed} starts from new weights; those saved in {project.where} are not used.")
        return Ready(plan, plan.initial_state(), trained=False)
    return Ready(plan, _saved_state(project, plan, other_table=table is not None), trained=True)


def _changed(document: Document, arguments: argparse.Namespace) -> tuple[Document, Table | None]:
    """The document under the options, and the user's own table where they gave one."""
    if arguments.seed is not None:
        document = edits.set_data(edits.set_training(document, seed=arguments.seed), seed=arguments.seed)
    if arguments.activations is not None:
        document = edits.set_all_enabled(document, arguments.activations == "on")
    if arguments.data is None:
        return document, None
    return with_table(document, arguments.data, arguments.target)


def _saved_state(project: Project, plan: Plan, *, other_table: bool) -> State:
    """The state that was saved; on another table what still fits of it, the rest from the seed."""
    if not other_table:
        state = state_from_project(project, plan.program)
        assert state is not None
        return state
    with naming(project.where):
        before = make_plan(project.document)
    state = state_from_project(project, before.program)
    assert state is not None
    kept: Kept = {}
    remember(kept, before, state)
    return carry(kept, before, state, plan)
