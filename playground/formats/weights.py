"""Exports: the trained weights in the formats that other programs read.

Each file is written to the side, read back and compared with the network, number by number and answer by answer, before
it is put in place and success is reported.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from playground.engine.program import Array
from playground.engine.walk import Walk
from playground.formats.model import Model, Trained, model_of, shown_outputs, tensors_of, texts_of
from playground.formats.npz import npz_bytes, read_npz
from playground.formats.numbers import flat, nested
from playground.formats.onnx_graph import onnx_bytes
from playground.formats.onnx_reading import read_onnx
from playground.formats.project import project_json, read_project, state_from_project
from playground.formats.reading import read_file
from playground.formats.tensors import read_safetensors, safetensors_bytes
from playground.formats.versions import spare_other_versions
from playground.formats.writing import write_file
from playground.messages import Message, UserError, message

#: How many raw rows, training rows first, an export is tried on.
ROWS = 1_000

#: The largest difference that float32 may make in an answer, for answers of size 1.
FLOAT32_TOLERANCE = 1e-5
#: The same for float64, where only the order of a sum may differ.
FLOAT64_TOLERANCE = 1e-12


class Predictor(Protocol):
    """What an exported file is when it is read back."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The raw feature columns it takes, in order."""

    @property
    def output_columns(self) -> tuple[str, ...]:
        """The names of the columns of its answer."""

    def predict(self, raw_rows: Array) -> Array:
        """Its answers, [rows, output columns], to raw rows [rows, columns]."""


@dataclass(frozen=True)
class ExportReport:
    """What was written.

    Attributes:
        bytes: the file's size.
        compared: what was compared after reading it back.
        max_difference: the largest one between an answer of the file and the app's own.
    """

    path: Path
    bytes: int
    compared: Message
    max_difference: float


@dataclass(frozen=True)
class Format:
    """One format: its name in words, its bytes, and the answers of those bytes once they are read back.

    `answers` raises UserError where the file does not hold the very numbers of the network.
    """

    label: Message
    data: Callable[[Trained, Model], bytes]
    answers: Callable[[bytes, Trained, Model, Array, str], Array]
    tolerance: float
    compared: Message


def _same_model(read: Model, model: Model, where: str) -> None:
    """Raise UserError unless every tensor is equal to the bit, and every text."""
    theirs, ours = tensors_of(read), tensors_of(model)
    for name, tensor in ours.items():
        if name not in theirs or theirs[name].shape != tensor.shape or theirs[name].tobytes() != tensor.tobytes():
            raise _differs(where, name)
    for key, text in texts_of(model).items():
        if texts_of(read).get(key) != text:
            raise _differs(where, key)


def _differs(where: str, what: str) -> UserError:
    return UserError(
        "{where} was not written: read back, {what} was not what it should be. Choose another folder or format.",
        where=where,
        what=what,
    )


def _npz_answers(data: bytes, trained: Trained, model: Model, rows: Array, where: str) -> Array:
    read = read_npz(data, where)
    _same_model(read, model, where)
    return read.predict(rows)


def _safetensors_answers(data: bytes, trained: Trained, model: Model, rows: Array, where: str) -> Array:
    read = read_safetensors(data, where)
    _same_model(read, model, where)
    return read.predict(rows)


def _onnx_answers(data: bytes, trained: Trained, model: Model, rows: Array, where: str) -> Array:
    return read_onnx(data, where).predict(rows)


def _json_data(trained: Trained, model: Model) -> bytes:
    """The plain project. Without a state the weights stand in it as initial ones."""
    if trained.state is not None:
        return project_json(trained.document, trained.program, replace(trained.state, values=trained.values)).encode()
    initial = {**trained.document.parameters, **nested(trained.program, trained.values)}
    return project_json(replace(trained.document, parameters=initial)).encode()


def _json_answers(data: bytes, trained: Trained, model: Model, rows: Array, where: str) -> Array:
    project = read_project(data, where)
    state = state_from_project(project, trained.program)
    if state is None:
        values = flat(trained.program, project.document.parameters, lambda name: _differs(where, name))
    else:
        values = state.values
    read = replace(model, values=values)
    _same_model(read, model, where)
    return read.predict(rows)


_EVERY_BIT = message("every number bit for bit, and the answers to {rows} raw rows")

#: The formats by their suffix.
FORMATS: Mapping[str, Format] = {
    ".npz": Format(
        message("NumPy arrays"), lambda trained, model: npz_bytes(model), _npz_answers, FLOAT64_TOLERANCE, _EVERY_BIT
    ),
    ".safetensors": Format(
        message("Safetensors"),
        lambda trained, model: safetensors_bytes(model),
        _safetensors_answers,
        FLOAT64_TOLERANCE,
        _EVERY_BIT,
    ),
    ".onnx": Format(
        message("ONNX graph"),
        lambda trained, model: onnx_bytes(model),
        _onnx_answers,
        FLOAT32_TOLERANCE,
        message("the answers to {rows} raw rows, computed in float32 by ONNX's reference evaluator"),
    ),
    ".json": Format(message("Plain project"), _json_data, _json_answers, FLOAT64_TOLERANCE, _EVERY_BIT),
}


def export(path: str | os.PathLike[str], trained: Trained) -> ExportReport:
    """Write a trained network in the format of the path's suffix.

    Raises UserError for an unknown suffix, weights that are not finite, a file that cannot be written, a project of a
    later version in its place, and one that does not give the app's answers when it is read back; then whatever had
    that name before is still there.
    """
    where = os.fspath(path)
    chosen = FORMATS.get(Path(path).suffix.lower())
    if chosen is None:
        raise UserError(
            "{where}: “{suffix}” is no format to export to. End the name in one of {formats}.",
            where=where,
            suffix=Path(path).suffix,
            formats=", ".join(FORMATS),
        )
    if not np.isfinite(trained.values).all():
        raise UserError("{where} was not written: the weights are not finite. Reset, train again, then export.",
                        where=where)  # fmt: skip
    model = model_of(trained)
    rows, expected = app_answers(trained)
    differences: list[float] = []

    def verify(data: bytes) -> None:
        answers = chosen.answers(data, trained, model, rows, where)
        differences.append(_difference(answers, expected, chosen.tolerance, where))

    data = chosen.data(trained, model)
    if chosen is FORMATS[".json"]:
        spare_other_versions(path)
    size = write_file(path, data, verify=verify)
    compared = Message(chosen.compared.template, {"rows": len(rows)})
    return ExportReport(Path(path), size, compared, differences[0])


def app_answers(trained: Trained) -> tuple[Array, Array]:
    """Raw rows, training rows first, and the app's own answers to them: from the prepared data, as training has it."""
    data = trained.dataset
    raw = data.table.features[np.concatenate([data.train, data.test])[:ROWS]]
    prepared = np.concatenate([data.x_train, data.x_test])[:ROWS]
    with np.errstate(all="ignore"):
        outputs = Walk(trained.program, trained.values).forward(prepared)[trained.program.prediction]
    return raw, shown_outputs(trained.meaning, data.table.classes, outputs)


def _difference(answers: Array, expected: Array, tolerance: float, where: str) -> float:
    """The largest difference; raises UserError where it is more than the tolerance at the answers' size."""
    if answers.shape != expected.shape:
        raise _differs(where, "the shape of the answers")
    if not expected.size:
        return 0.0
    with np.errstate(all="ignore"):
        difference = float(np.abs(answers - expected).max())
        limit = tolerance * max(1.0, float(np.abs(expected).max()))
    if not difference <= limit:
        raise UserError(
            "{where} was not written: read back, its answers differ from the app's by up to {difference}, more than "
            "{limit}. Choose another format: .npz and .safetensors keep every digit.",
            where=where,
            difference=f"{difference:.2g}",
            limit=f"{limit:.2g}",
        )
    return difference


def read_model(path: str | os.PathLike[str]) -> Predictor:
    """An exported file of a kind that answers by itself: `.npz`, `.safetensors` or `.onnx`; raises UserError."""
    where = os.fspath(path)
    readers: Mapping[str, Callable[[bytes, str], Predictor]] = {
        ".npz": read_npz,
        ".safetensors": read_safetensors,
        ".onnx": read_onnx,
    }
    reader = readers.get(Path(path).suffix.lower())
    if reader is None:
        raise UserError("{where} is no exported network. Choose a file that ends in one of {formats}.",
                        where=where, formats=", ".join(readers))  # fmt: skip
    return reader(read_file(path), where)
