"""A program as JSON text, so that a weights file says by itself how its numbers are put together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from playground.document.catalog import INITIALIZERS, NODE_KINDS
from playground.engine.losses import LOSSES
from playground.engine.ops import OPS
from playground.engine.program import Array, Instruction, Parameter, Program
from playground.formats.place import Place
from playground.formats.strict_json import parse
from playground.messages import Message, message

MOST_INSTRUCTIONS = 10_000
LONGEST_NAME = 200

_RATE = next(field for field in NODE_KINDS["dropout"].fields if field.key == "rate")
_NAME = message("a name")
_NAMES = message("a list of names")


def graph_text(program: Program) -> str:
    """The program as JSON: the instructions in their order, and the parameters in theirs."""
    return json.dumps(
        {
            "input": program.input,
            "width": program.widths[program.input],
            "instructions": [
                {
                    "op": instruction.op,
                    "node": instruction.node,
                    "inputs": instruction.inputs,
                    "output": instruction.output,
                    "parameters": instruction.parameters,
                    **({"rate": instruction.rate} if instruction.op == "dropout" else {}),
                }
                for instruction in program.instructions
            ],
            "parameters": [{"node": p.node, "role": p.role, "init": p.init} for p in program.parameters],
            "prediction": program.prediction,
            "loss": program.loss,
            "input_node": program.input_node,
            "loss_node": program.loss_node,
        },
        ensure_ascii=False,
    )


def read_graph(text: str, tensors: Mapping[str, Array], where: str) -> Program:
    """The program of a JSON text; the shapes of its parameters are those of the tensors of their names.

    Raises UserError unless every buffer is written once and before it is read, every operation and parameter is known,
    and all widths fit.
    """
    place = Place(where, parse(text, where), ("graph",)).object()
    parameters = tuple(
        _read_parameter(member.object(), tensors)
        for member in place.at("parameters", []).items(message("a list of parameters"), MOST_INSTRUCTIONS)
    )
    shapes = {parameter.name: parameter.shape for parameter in parameters}
    if len(shapes) < len(parameters):
        raise place.at("parameters").refusal(message("parameters of different names"))
    width = place.at("width").count()
    if width < 1:
        raise place.at("width").refusal(message("1 or more"))
    source = place.at("input").text(LONGEST_NAME, _NAME)
    widths = {source: width}
    instructions = []
    for member in place.at("instructions", []).items(message("a list of instructions"), MOST_INSTRUCTIONS):
        instructions.append(_read_instruction(member.object(), widths, shapes))
    return Program(
        source,
        tuple(instructions),
        widths,
        parameters,
        _one_of(place.at("loss"), tuple(LOSSES)),
        _one_of(place.at("prediction"), tuple(widths)),
        place.at("input_node").text(LONGEST_NAME, _NAME),
        place.at("loss_node").text(LONGEST_NAME, _NAME),
    )


def _read_parameter(place: Place, tensors: Mapping[str, Array]) -> Parameter:
    node = place.at("node").text(LONGEST_NAME, _NAME)
    role = _one_of(place.at("role"), ("weight", "bias"))
    init = _one_of(place.at("init", INITIALIZERS[0][0]), tuple(name for name, _ in INITIALIZERS))
    tensor = tensors.get(f"{node}.{role}")
    if tensor is None or tensor.ndim != (2 if role == "weight" else 1) or not tensor.size:
        raise place.refusal(message("the name of a matrix (a weight) or of a list (a bias) in the file"))
    return Parameter(node, role, tensor.shape, init)


def _read_instruction(place: Place, widths: dict[str, int], shapes: Mapping[str, tuple[int, ...]]) -> Instruction:
    """One instruction; the width of its output is added to `widths`."""
    op = _one_of(place.at("op"), tuple(OPS))
    inputs = _names(place.at("inputs", []), tuple(widths), message("buffers that were written before"))
    parameters = _names(place.at("parameters", []), tuple(shapes), message("parameters of the graph"))
    output = place.at("output").text(LONGEST_NAME, _NAME)
    own = [shapes[name] for name in parameters]
    if output in widths:
        raise place.at("output").refusal(message("a buffer that was not written before"))
    joins = op in ("add", "multiply", "concat")
    dense = [2] if len(own) == 1 else [2, 1]
    fits = [len(shape) for shape in own] == (dense if op == "dense" else [])
    if not inputs or (len(inputs) > 1 and not joins) or not fits or (len(own) == 2 and own[1] != own[0][1:]):
        raise place.refusal(message("an instruction with the inputs and parameters of its operation"))
    try:
        widths[output] = OPS[op].width([widths[name] for name in inputs], own)
    except ValueError as error:
        raise place.refusal(message("an instruction whose widths fit ({reason})", reason=str(error))) from None
    rate = place.at("rate").fitted(_RATE) if op == "dropout" else 0.0
    return Instruction(op, place.at("node").text(LONGEST_NAME, _NAME), inputs, output, parameters, rate)


def _names(place: Place, known: Sequence[str], what: Message) -> tuple[str, ...]:
    names = tuple(member.text(LONGEST_NAME, _NAME) for member in place.items(_NAMES, MOST_INSTRUCTIONS))
    if not set(names) <= set(known):
        raise place.refusal(what)
    return names


def _one_of(place: Place, choices: Sequence[str]) -> str:
    if not isinstance(place.value, str) or place.value not in choices:
        raise place.refusal(message("one of {choices}", choices=", ".join(choices[:20])))
    return place.value
