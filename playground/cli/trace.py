"""`trace`: one forward and backward pass and the update, number by number, and the chain rule for one parameter."""

from __future__ import annotations

import argparse
import re
from typing import Any

import numpy as np

from playground.cli.output import Answer
from playground.cli.spec import Ready, open_spec, ready
from playground.cli.strict import factor, nested, plain
from playground.cli.trace_text import Rows, trace_text
from playground.data.table import Indices
from playground.engine.program import Parameter, Program
from playground.engine.trace import Link, Trace, chain, trace
from playground.engine.training_engine import one_blas_thread, shuffled, start_of_batch
from playground.messages import UserError

#: As many names as a sentence can hold.
NAMED = 12


def run(arguments: argparse.Namespace) -> Answer:
    """Run one sample or one batch through the network; nothing is changed."""
    prepared = ready(open_spec(arguments.spec))
    plan = prepared.plan
    chosen = _chosen(plan.program, arguments.parameter)
    rows = next_batch(prepared) if arguments.batch else _sample(prepared, arguments.sample or 0)
    one_blas_thread()
    with np.errstate(all="ignore"):
        x, y = plan.dataset.x_train[rows], plan.dataset.y_train[rows]
        traced = trace(plan.program, prepared.state, x, y, plan.rules.hyper)
        links = chain(traced, *chosen) if chosen else ()
    shown = Rows(rows.tolist(), len(plan.dataset.x_train), prepared.state.epoch, batch=arguments.batch)
    return 0, record_of(traced, links), trace_text(prepared, traced, links, arguments.parameter, shown)


def record_of(traced: Trace, links: tuple[Link, ...]) -> dict[str, object]:
    """The trace as the contract has it."""
    parameters: dict[str, dict[str, Any]] = {}
    for parameter in traced.program.parameters:
        found = traced.parameters[parameter.name]
        parameters.setdefault(parameter.node, {})[parameter.role] = {
            "value": nested(found.value),
            "gradient": nested(found.gradient),
            "penalty_gradient": nested(found.penalty_gradient),
            "updated": nested(found.updated),
        }
    return {
        "loss": plain(traced.loss),
        "penalty": plain(traced.penalty),
        "samples": traced.samples,
        "nodes": {
            node: {
                "value": nested(value),
                "gradient": nested(traced.gradients[node]) if node in traced.gradients else None,
            }
            for node, value in traced.values.items()
        },
        "parameters": parameters,
        "chain": [
            {
                "node": link.node,
                "rule": link.rule,
                "upstream": factor(link.upstream),
                "local": factor(link.local),
                "downstream": factor(link.downstream),
            }
            for link in links
        ],
    }


def next_batch(prepared: Ready) -> Indices:
    """The training rows that the next update would take: those of the epoch's order, from where the state stands."""
    batching, state = prepared.plan.rules.batching, prepared.state
    rows = len(prepared.plan.dataset.x_train)
    order = shuffled(state, rows) if batching.shuffle else np.arange(rows)
    start = start_of_batch(state, batching, rows)
    return order[start : start + batching.size]


def _sample(prepared: Ready, index: int) -> Indices:
    rows = len(prepared.plan.dataset.x_train)
    if index >= rows:
        raise UserError(
            "There is no training row {index}: there are {rows}, numbered 0 to {last}.",
            index=index,
            rows=rows,
            last=rows - 1,
        )
    return np.array([index])


def _chosen(program: Program, text: str | None) -> tuple[str, tuple[int, ...]] | None:
    """The parameter and index that `ID.weight[i,j]` names; raises UserError naming those that exist.

    The index may be left out where the parameter is a single number.
    """
    if text is None:
        return None
    match = re.fullmatch(r"(?P<name>.+?)(?:\[(?P<index>[\s\d,]*)\])?", text.strip())
    found = next((p for p in program.parameters if match and p.name == match["name"]), None)
    if match is None or found is None:
        names = [f"{p.name}{_last(p)}" for p in program.parameters[:NAMED]]
        raise UserError(
            "There is no parameter “{text}”. Those of this network go up to {names}.",
            text=text,
            names=", ".join(names) + (", …" if len(program.parameters) > NAMED else ""),
        )
    if match["index"] is None and found.size == 1:
        return found.name, (0,) * len(found.shape)
    digits = [part.strip() for part in (match["index"] or "").split(",")]
    if len(digits) != len(found.shape) or not all(
        re.fullmatch(r"[0-9]{1,9}", part) and int(part) < side for part, side in zip(digits, found.shape, strict=True)
    ):
        raise UserError(
            "“{text}” is no number of {name}, which go from {name}{first} to {name}{last}.",
            text=text,
            name=found.name,
            first=f"[{','.join('0' for _ in found.shape)}]",
            last=_last(found),
        )
    return found.name, tuple(map(int, digits))


def _last(parameter: Parameter) -> str:
    return f"[{','.join(str(side - 1) for side in parameter.shape)}]"
