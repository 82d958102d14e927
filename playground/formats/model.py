"""A trained network that stands by itself: raw feature columns in, the app's own outputs out.

This is what a weights file holds. Beside the numbers it carries everything between a user's raw row and the answer:
which columns, the features made of them, their scaling, the network, and how its outputs are read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from playground import __version__
from playground.data.features import available, transform
from playground.data.table import Dataset, Scaling
from playground.document.model import Document
from playground.engine.metrics import MEANINGS, probabilities
from playground.engine.program import Array, Program
from playground.engine.state import State
from playground.engine.walk import Walk
from playground.formats.graph import graph_text, read_graph
from playground.formats.place import Place
from playground.formats.strict_json import parse
from playground.messages import UserError, message

FORMAT = "backprop-playground-model"
VERSION = 1

MOST_COLUMNS = 100_000
LONGEST_NAME = 10_000


@dataclass(frozen=True)
class Trained:
    """A network with what was learned, as the program has it: what is exported.

    Attributes:
        values: the flat vector of parameters.
        meaning: how outputs are read, see `engine.metrics`.
        state: where training stands, if it is to go into a `.json`; its values are `values`.
    """

    program: Program
    values: Array
    document: Document
    dataset: Dataset
    meaning: str
    state: State | None = None


@dataclass(frozen=True)
class Model:
    """A network ready for raw rows.

    Attributes:
        columns: the raw feature columns, in the order of the table.
        target: the target column's name; `task` is "classification" or "regression".
        classes: class names; of two the second is the positive one.
        features: what the network takes, made of the columns (`data.features`), then scaled.
        meaning: how outputs are read, see `engine.metrics`.
        values: the flat vector of the program's parameters.
        playground: the version of the program that wrote it.
    """

    columns: tuple[str, ...]
    target: str
    task: str
    classes: tuple[str, ...]
    features: tuple[str, ...]
    scaling: Scaling
    meaning: str
    program: Program
    values: Array
    playground: str = __version__

    def outputs(self, raw_rows: Array) -> Array:
        """The network's own outputs (logits, scores, values), [rows, outputs], for raw rows [rows, columns]."""
        scaled = self.scaling.apply(transform(self.features, self.columns, _rows(raw_rows, self.columns)))
        with np.errstate(all="ignore"):
            return Walk(self.program, self.values).forward(scaled)[self.program.prediction]

    def predict(self, raw_rows: Array) -> Array:
        """What the app shows for raw rows [rows, columns]: a column for each of `output_columns`.

        Raises UserError where the rows have another number of columns.
        """
        return shown_outputs(self.meaning, self.classes, self.outputs(raw_rows))

    @property
    def output_columns(self) -> tuple[str, ...]:
        """Names of the columns of `predict`: the positive class, or all classes, or the target."""
        if self.meaning == "value":
            return (self.target,)
        return self.classes[1:] if len(self.classes) == 2 else self.classes


def shown_outputs(meaning: str, classes: tuple[str, ...], outputs: Array) -> Array:
    """Network outputs as every export gives them: [rows, 1] = P(positive class) for two classes, else [rows, classes].

    Scores that were trained by squares towards 0/1 or −1/+1 are mapped to [0, 1] as `metrics.probabilities` does. A
    regression's values are as they are. Two classes with an output each give the second one's.
    """
    shown = probabilities(meaning, outputs)
    return shown[:, 1:] if len(classes) == 2 and shown.shape[1] == 2 else shown


def model_of(trained: Trained) -> Model:
    """The model that a trained network makes."""
    table, scaling = trained.dataset.table, trained.dataset.scaling
    return Model(
        columns=table.columns,
        target=table.target,
        task=table.task,
        classes=table.classes,
        features=trained.dataset.features,
        scaling=Scaling(scaling.kind, scaling.offset, scaling.scale),
        meaning=trained.meaning,
        program=trained.program,
        values=trained.values.copy(),
    )


def tensors_of(model: Model) -> dict[str, Array]:
    """Each parameter by its name, float64, in C order and in memory of its own (strided memory gets scrambled)."""
    return {name: np.array(view, order="C") for name, view in model.program.views(model.values).items()}


# --- everything but the tensors, as texts ----------------------------------------------------------


def texts_of(model: Model) -> dict[str, str]:
    """Everything but the tensors, each as a text; lists are JSON. Floats are written so that they come back exactly."""
    return {
        "format": FORMAT,
        "version": str(VERSION),
        "playground": model.playground,
        "columns": _list_text(model.columns),
        "target": model.target,
        "task": model.task,
        "classes": _list_text(model.classes),
        "features": _list_text(model.features),
        "scaling": model.scaling.kind,
        "offset": _list_text(model.scaling.offset.tolist()),
        "scale": _list_text(model.scaling.scale.tolist()),
        "meaning": model.meaning,
        "output": "value" if model.meaning == "value" else "probabilities",
        "output_columns": _list_text(model.output_columns),
        "loss": model.program.loss,
        "graph": graph_text(model.program),
    }


def _list_text(items: object) -> str:
    return json.dumps(items, ensure_ascii=False, allow_nan=False)


def model_from(texts: Mapping[str, str], tensors: Mapping[str, Array], where: str) -> Model:
    """The model of texts and tensors as they stand in a file; raises UserError where they are not of one piece."""
    if texts.get("format") != FORMAT:
        raise UserError(
            "{where} holds no network of Backprop Playground, only numbers. Choose a file that it exported.",
            where=where,
        )
    if texts.get("version") != str(VERSION):
        raise UserError(
            "{where} is of version {version}; this program reads version {current}. Open it with a newer one.",
            where=where,
            version=texts.get("version"),
            current=VERSION,
        )
    program = read_graph(_text(texts, "graph", where), tensors, where)
    for parameter in program.parameters:
        if not np.isfinite(tensors[parameter.name]).all():
            raise UserError("{where}: {name} holds a number that is not finite. Export it again.",
                            where=where, name=parameter.name)  # fmt: skip
    columns, classes = _names(texts, "columns", where), _names(texts, "classes", where)
    features = _names(texts, "features", where)
    model = Model(
        columns=columns,
        target=_text(texts, "target", where),
        task=_text(texts, "task", where),
        classes=classes,
        features=features,
        scaling=Scaling(
            _text(texts, "scaling", where), _numbers(texts, "offset", where), _numbers(texts, "scale", where)
        ),
        meaning=_text(texts, "meaning", where),
        program=program,
        values=program.flat({parameter.name: tensors[parameter.name] for parameter in program.parameters}),
        playground=_text(texts, "playground", where),
    )
    _check_pieces(model, where)
    return model


def _check_pieces(model: Model, where: str) -> None:
    """Raise UserError where columns, features, scaling, network and classes do not fit one another."""
    count = len(model.features)
    outputs = model.program.widths[model.program.prediction]
    wanted = {"logit": 1, "score01": 1, "score_pm": 1}.get(model.meaning)
    fits = (
        set(model.features) <= set(available(model.columns)),
        count == model.scaling.offset.size == model.scaling.scale.size == model.program.widths[model.program.input],
        bool((model.scaling.scale != 0.0).all()),
        model.meaning in MEANINGS,
        model.meaning == "value" or outputs == (wanted or len(model.classes)),
        wanted is None or len(model.classes) == 2,
    )
    if not all(fits):
        raise UserError(
            "{where} contradicts itself: columns, features, scaling and network do not fit together. Export it again.",
            where=where,
        )


def _text(texts: Mapping[str, str], key: str, where: str) -> str:
    if key not in texts:
        raise UserError("{where} lacks its {key}. Export it again.", where=where, key=key)
    return texts[key]


def _list(texts: Mapping[str, str], key: str, where: str) -> Place:
    return Place(where, parse(_text(texts, key, where), where), (key,))


def _names(texts: Mapping[str, str], key: str, where: str) -> tuple[str, ...]:
    members = _list(texts, key, where).items(message("a list of names"), MOST_COLUMNS)
    return tuple(member.text(LONGEST_NAME, message("a name"), shortest=0) for member in members)


def _numbers(texts: Mapping[str, str], key: str, where: str) -> Array:
    members = _list(texts, key, where).items(message("a list of numbers"), MOST_COLUMNS)
    return np.array([member.number() for member in members], dtype=np.float64)


def _rows(raw_rows: Array, columns: tuple[str, ...]) -> Array:
    rows = np.asarray(raw_rows, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[1] != len(columns):
        raise UserError(
            "The rows have {count} columns; the network takes {wanted}: {columns}. Give these, in this order.",
            count=rows.shape[-1] if rows.ndim else 0,
            wanted=len(columns),
            columns=", ".join(columns[:12]),
        )
    return rows
