"""`--data`: a table of the user's own in place of an experiment's data, and the network's two ends made to fit it."""

from __future__ import annotations

from dataclasses import replace

from playground.cli.output import note
from playground.data.csv_table import read_csv
from playground.data.prepare import make_table
from playground.data.table import Table
from playground.document import edits
from playground.document.catalog import title, value
from playground.document.check import expected_outputs, fitting_loss
from playground.document.model import Document, Node
from playground.messages import UserError


def with_table(document: Document, file: str, target: str | None) -> tuple[Document, Table]:
    """The document on the rows of a CSV file; what had to change is said. Raises UserError naming the file.

    Seeds and the share of test rows stay. Features of points of a plane need no scaling, columns of a table do: where a
    built-in kind without scaling is replaced, the columns are standardised.
    """
    read = read_csv(file)
    for done in read.notes:
        note(f"{file}: {done}")
    if target is not None and target not in read.columns:
        raise UserError(
            "{file} has no column “{target}”. Its columns are {columns}.",
            file=file,
            target=target,
            columns=", ".join(read.columns[:12]) + (", …" if len(read.columns) > 12 else ""),
        )
    chosen = target if target is not None else read.columns[-1]
    try:
        table = make_table("table", len(read.rows), 0.0, document.data.seed, read.columns, read.rows, chosen)
    except UserError as error:
        raise UserError("{file}: {reason}", file=file, reason=error.message) from error
    scaling = document.data.scaling
    if scaling == "none" and document.data.kind not in ("table", "painted"):
        scaling = "standardise"
        note("The columns are standardised (mean 0, deviation 1 on the training rows).")
    changed = edits.set_data(
        replace(document, data=replace(document.data, extra={})),
        kind="table",
        samples=max(2, len(read.rows)),
        noise=0.0,
        scaling=scaling,
        columns=read.columns,
        rows=read.rows,
        target=chosen,
        task=table.task,
        classes=table.classes,
    )
    return _with_ends(changed, table), table


def _with_ends(document: Document, table: Table) -> Document:
    """Input, loss and last layer made to fit a table; says what they are now."""
    first, last = _one(document, "input"), _one(document, "loss")
    document = edits.set_field(document, first.id, "features", table.columns)
    if expected_outputs(document, table) is None:
        document = edits.set_field(document, last.id, "function", fitting_loss(table))
    outputs = expected_outputs(document, table)
    layer = _last_dense(document, last)
    if outputs is not None and value(layer, "units") != outputs:
        document = edits.set_field(document, layer.id, "units", outputs)
    kind = f"{len(table.classes)} classes of" if table.classes else "the value"
    loss = str(value(document.network.node(last.id), "function"))
    note(f"{len(table.columns)} columns in, {outputs} out, for {kind} “{table.target}”; the loss is {loss}.")
    return document


def _one(document: Document, kind: str) -> Node:
    found = [node for node in document.network.nodes if node.kind == kind]
    if len(found) != 1:
        raise UserError(
            "The network has {count} nodes of the kind {kind}; for a table of your own it needs one.",
            count=len(found),
            kind=kind,
        )
    return found[0]


def _last_dense(document: Document, loss: Node) -> Node:
    """The dense layer whose units are the network's outputs."""
    network, at = document.network, loss
    while True:
        sources = network.sources(at.id)
        if len(sources) != 1:
            raise UserError(
                "{node} has {count} inputs, so no single layer gives the outputs. Put a Dense layer before the loss.",
                node=title(at),
                count=len(sources),
            )
        at = network.node(sources[0])
        if at.kind == "dense":
            return at
        if at.kind not in ("activation", "dropout"):
            raise UserError(
                "The loss follows {node}, whose width a table can't set. Put a Dense layer before the loss.",
                node=title(at),
            )
