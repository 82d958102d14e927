"""The project file: what the user built and, where they trained it, how far that came.

A project that was trained holds its present weights in `parameters`, and in `progress` what else a run needs to go on
bit for bit: counters, optimizer slots, and the initial parameters that the project was given, to which Reset returns.
Without `progress`, `parameters` are initial values.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from playground.document.catalog import NODE_KINDS
from playground.document.model import Document, Values
from playground.engine.program import Program
from playground.engine.state import State
from playground.formats import migrations
from playground.formats.numbers import fitting, flat, nested, read_values
from playground.formats.place import Place
from playground.formats.project_json import FORMAT, plain_document, read_data, read_network, read_training
from playground.formats.reading import read_file
from playground.formats.strict_json import layout, parse
from playground.formats.versions import spare_other_versions
from playground.formats.writing import write_file
from playground.messages import Message, UserError, message

_KNOWN = ("format", "version", "data", "network", "training", "parameters", "progress")
_COUNTERS = ("epoch", "updates", "steps", "batch")


@dataclass(frozen=True)
class Progress:
    """Where a run stands: see `engine.state.State`, of which this is the saved form.

    Attributes:
        weights: the present parameters, by node and role.
        slots: the optimizer's arrays, by slot, node and role.
        seed: the seed that the run was started with.
    """

    weights: Values
    slots: Mapping[str, Values] = field(default_factory=dict)
    epoch: int = 0
    updates: int = 0
    steps: int = 0
    batch: int = 0
    seed: int = 0


@dataclass(frozen=True)
class Project:
    """What a project file holds.

    Attributes:
        document: its `parameters` are the given *initial* ones.
        progress: what was learned; None for a project that was not trained.
        notes: what was left out on reading, in words.
        where: the file's name, for sentences.
        version: the version that the file had; one below `migrations.CURRENT` was migrated.
    """

    document: Document
    progress: Progress | None = None
    notes: tuple[Message, ...] = ()
    where: str = "project"
    version: int = migrations.CURRENT


# --- reading ---------------------------------------------------------------------------------------


def read_project_file(path: str | os.PathLike[str]) -> Project:
    """The project in a file; raises UserError with one sentence for whatever is wrong with it."""
    return read_project(read_file(path), os.fspath(path))


def read_project(text: str | bytes, where: str = "project") -> Project:
    """The project that a JSON text holds; `where` is its name in sentences.

    Raises UserError: not JSON, not a project, of a later version, or with a value that is missing, of the wrong type or
    shape or out of its range; the sentence names the file, the place and the remedy.
    """
    value = parse(text, where)
    version = _version(value, where)
    if version < migrations.CURRENT:
        value = migrations.migrated(value, version, migrations.CURRENT, migrations.MIGRATIONS)
    place = Place(where, value)
    notes: list[Message] = []
    extra = place.others(*_KNOWN)
    document = Document(
        data=read_data(place.at("data", {})),
        network=read_network(place.at("network", {}), notes),
        training=read_training(place.at("training", {})),
        extra=extra,
    )
    parameters, placeholders = _read_parameters(place.at("parameters", {}), document, notes)
    if placeholders:
        extra["parameters"] = placeholders
    if place.at("progress").value is None:
        return Project(replace(document, parameters=parameters), None, tuple(notes), where, version)
    progress, start, unknown = _read_progress(place.at("progress"), document, parameters)
    if unknown:
        extra["progress"] = unknown
    return Project(replace(document, parameters=start), progress, tuple(notes), where, version)


def _version(value: Any, where: str) -> int:
    """The version of a project; raises UserError where this is none, or one that cannot be read."""
    if not isinstance(value, dict) or value.get("format", FORMAT if "network" in value else None) != FORMAT:
        raise UserError(
            '{where} is not a Backprop Playground project: it lacks "format": "{format}". Choose another file.',
            where=where,
            format=FORMAT,
        )
    place = Place(where, value).at("version", 1)
    version = place.value
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise place.refusal(message("a whole number, 1 or more"))
    if version > migrations.CURRENT:
        raise UserError(
            "{where} is a project of version {version}; this program reads up to version {current}. "
            "Open it with a newer Backprop Playground; nothing was changed.",
            where=where,
            version=version,
            current=migrations.CURRENT,
        )
    return version


def _read_parameters(place: Place, document: Document, notes: list[Message]) -> tuple[Values, dict[str, Any]]:
    """The parameters, and apart from them, untouched, what belongs to nodes of an unknown kind."""
    place.object()
    unknown = {node.id for node in document.network.nodes if node.kind not in NODE_KINDS}
    placeholders = {id: numbers for id, numbers in place.value.items() if id in unknown}
    known = Place(place.where, place.others(*unknown), place.keys)
    return read_values(known, document.network, notes), placeholders


def _read_progress(place: Place, document: Document, weights: Values) -> tuple[Progress, Values, dict[str, Any]]:
    """Progress, the given initial parameters, and the members that are not known."""
    place.object()
    ignored: list[Message] = []
    slots = {
        str(slot.keys[-1]): read_values(slot, document.network, ignored) for slot in place.at("slots", {}).members()
    }
    start = read_values(place.at("start", {}), document.network, ignored)
    counters = {key: place.at(key, 0).count() for key in _COUNTERS}
    seed = place.at("seed", document.training.seed).count()
    return Progress(weights, slots, **counters, seed=seed), start, place.others(*_COUNTERS, "seed", "slots", "start")


def state_from_project(project: Project, program: Program) -> State | None:
    """The state in which a project was saved, for the program of its document; None where it was not trained.

    Raises UserError where a parameter of the program is missing or of another shape.
    """
    progress = project.progress
    if progress is None:
        return None

    def complain(name: str) -> UserError:
        return UserError(
            "{where}: the saved training has no fitting numbers for {name}. Take “progress” out of the file to "
            "train from the start.",
            where=project.where,
            name=name,
        )

    return State(
        flat(program, progress.weights, complain),
        progress.seed,
        {slot: flat(program, values, complain) for slot, values in progress.slots.items()},
        steps=progress.steps,
        updates=progress.updates,
        epoch=progress.epoch,
        batch=progress.batch,
    )


# --- writing ---------------------------------------------------------------------------------------


def project_json(document: Document, program: Program | None = None, state: State | None = None) -> str:
    """The JSON text of a project; with the program of its network and a state, of a trained one.

    Numbers of nodes that are gone or have another shape by now are left out. Weights must be finite (a run that
    diverged goes back to its last finite ones): otherwise UserError. Slots that are not are left out, and the optimizer
    starts them anew.
    """
    plain: dict[str, Any] = {"format": FORMAT, "version": migrations.CURRENT, **plain_document(document)}
    given = fitting(document.parameters, document.network)
    others = {key: value for key, value in document.extra.items() if key not in _KNOWN}
    learned: Values = {}
    if program is not None and state is not None:
        if not np.isfinite(state.values).all():
            raise UserError(
                "The weights hold a number that is not finite, which a file cannot. Reset, then save again."
            )
        learned = fitting(nested(program, state.values), document.network)
        plain["progress"] = _plain_progress(document, program, state, given)
    parameters = {id: {**given.get(id, {}), **learned.get(id, {})} for id in {**given, **learned}}
    parameters |= _placeholders(document)
    if parameters:
        plain["parameters"] = parameters
    return layout(plain | others)


def _placeholders(document: Document) -> dict[str, Any]:
    """The parameters of nodes of an unknown kind, as they were read."""
    kept = document.extra.get("parameters")
    ids = {node.id for node in document.network.nodes}
    return {id: numbers for id, numbers in kept.items() if id in ids} if isinstance(kept, Mapping) else {}


def _plain_progress(document: Document, program: Program, state: State, given: Values) -> dict[str, Any]:
    whole = all(np.isfinite(slot).all() for slot in state.slots.values())
    progress: dict[str, Any] = {
        "epoch": state.epoch,
        "updates": state.updates,
        "steps": state.steps if whole else 0,
        "batch": state.batch,
        "seed": state.seed,
        "slots": {
            name: fitting(nested(program, slot), document.network) for name, slot in state.slots.items() if whole
        },
        "start": given,
    }
    unknown = document.extra.get("progress")
    return {**unknown, **progress} if isinstance(unknown, Mapping) else progress


def write_project_file(
    path: str | os.PathLike[str], document: Document, program: Program | None = None, state: State | None = None
) -> None:
    """Write a project into a file, whole or not at all; see `project_json` and `writing.write_file`.

    What was written is read again before it takes the file's place: a project that could not be opened is not saved.
    A project of an older version that is there is kept beside it (`xor.v1.json`). One of a later version is never
    written over: UserError.
    """
    text = project_json(document, program, state)
    spare_other_versions(path)

    def opens(data: bytes) -> None:
        try:
            read_project(data, os.fspath(path))
        except UserError as error:
            raise UserError(
                "{path} was not written, for it could not be opened again. {reason}",
                path=os.fspath(path),
                reason=error.message,
            ) from error

    write_file(path, text.encode(), verify=opens)
