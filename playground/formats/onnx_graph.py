"""`.onnx`: the network for every runtime. Raw columns in, probabilities or values out, all within the graph.

One float32 input [N, raw columns]; the features made of them and their scaling are nodes of the graph; the last output
is `probabilities`, [N, 1] = P(positive class) for two classes and [N, classes] otherwise, or `value`. Opset 13 and IR 8
are pinned and every attribute is written, so that a runtime of any age reads the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground import __version__
from playground.engine.program import Array, Instruction
from playground.formats.model import FORMAT, Model, tensors_of, texts_of

OPSET = 13
IR = 8

INPUT = "input"

#: A feature made of columns, as an ONNX operation and the columns that it takes (`data.features`).
FEATURES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "x1^2": ("Mul", ("x1", "x1")),
    "x2^2": ("Mul", ("x2", "x2")),
    "x1*x2": ("Mul", ("x1", "x2")),
    "sin(x1)": ("Sin", ("x1",)),
    "sin(x2)": ("Sin", ("x2",)),
}


class _Graph:
    """Nodes and initializers as they are added, each value under a name of its own."""

    def __init__(self, reserved: Sequence[str]) -> None:
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []
        self._names = set(reserved)

    def name(self, wanted: str) -> str:
        """`wanted`, or that with a number behind it where it is taken."""
        name, number = wanted, 1
        while name in self._names:
            number += 1
            name = f"{wanted}_{number}"
        self._names.add(name)
        return name

    def constant(self, wanted: str, value: NDArray[np.generic]) -> str:
        """An initializer of exactly this array."""
        from onnx import numpy_helper

        name = self.name(wanted)
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(value).reshape(value.shape), name))
        return name

    def floats(self, wanted: str, value: Array | float) -> str:
        """An initializer of these numbers as float32."""
        with np.errstate(over="ignore"):
            return self.constant(wanted, np.array(value, dtype=np.float32))

    def add(self, op: str, inputs: Sequence[str], wanted: str, output: str | None = None, **attributes: Any) -> str:
        """One node; returns the name of its output, which is `output` or made of `wanted`."""
        from onnx import helper

        output = self.name(wanted) if output is None else output
        self.nodes.append(helper.make_node(op, list(inputs), [output], name=f"{output}:{op}", **attributes))
        return output


# --- operations: each adds the nodes that stand for it ---------------------------------------------

Emit = Callable[[_Graph, Sequence[str], Sequence[str], str], str]


def _node(op: str, **attributes: Any) -> Emit:
    return lambda graph, inputs, parameters, name: graph.add(op, inputs, name, **attributes)


def _dense(graph: _Graph, inputs: Sequence[str], parameters: Sequence[str], name: str) -> str:
    """Gemm is x @ W + b, with W as it is, [inputs, units]: nothing is transposed."""
    return graph.add("Gemm", [*inputs, *parameters], name, alpha=1.0, beta=1.0, transA=0, transB=0)


def _chain(op: str) -> Emit:
    """Two at a time, as the operators take them."""

    def emit(graph: _Graph, inputs: Sequence[str], parameters: Sequence[str], name: str) -> str:
        if len(inputs) == 1:
            return graph.add("Identity", inputs, name)
        total = inputs[0]
        for other in inputs[1:-1]:
            total = graph.add(op, [total, other], f"{name}:part")
        return graph.add(op, [total, inputs[-1]], name)

    return emit


def _softplus(graph: _Graph, inputs: Sequence[str], parameters: Sequence[str], name: str) -> str:
    """max(z, 0) + ln(1 + e^−|z|): the operator Softplus is ln(1 + e^z) in some runtimes, which overflows."""
    size = graph.add("Abs", inputs, f"{name}:size")
    shrunk = graph.add("Exp", [graph.add("Neg", [size], f"{name}:negative")], f"{name}:exp")
    tail = graph.add(
        "Log", [graph.add("Add", [shrunk, graph.floats(f"{name}:one", 1.0)], f"{name}:sum")], f"{name}:log"
    )
    return graph.add("Add", [graph.add("Relu", inputs, f"{name}:relu"), tail], name)


def _gelu(graph: _Graph, inputs: Sequence[str], parameters: Sequence[str], name: str) -> str:
    """½·z·(1 + erf(z/√2)); opset 13 has no Gelu of its own."""
    scaled = graph.add("Mul", [*inputs, graph.floats(f"{name}:inverse_root_2", 1.0 / math.sqrt(2.0))], f"{name}:scaled")
    error = graph.add("Erf", [scaled], f"{name}:erf")
    share = graph.add("Add", [error, graph.floats(f"{name}:one", 1.0)], f"{name}:share")
    half = graph.add("Mul", [*inputs, graph.floats(f"{name}:half", 0.5)], f"{name}:half_z")
    return graph.add("Mul", [half, share], name)


def _swish(graph: _Graph, inputs: Sequence[str], parameters: Sequence[str], name: str) -> str:
    return graph.add("Mul", [*inputs, graph.add("Sigmoid", inputs, f"{name}:sigmoid")], name)


#: What stands for each operation of `engine.ops.OPS`.
EMITTERS: Mapping[str, Emit] = {
    "dense": _dense,
    "identity": _node("Identity"),
    "relu": _node("Relu"),
    "leaky_relu": _node("LeakyRelu", alpha=0.01),
    "elu": _node("Elu", alpha=1.0),
    "sigmoid": _node("Sigmoid"),
    "tanh": _node("Tanh"),
    "softplus": _softplus,
    "gelu": _gelu,
    "swish": _swish,
    "sin": _node("Sin"),
    "softmax": _node("Softmax", axis=-1),
    # Nothing is dropped but in training.
    "dropout": _node("Identity"),
    "add": _chain("Add"),
    "multiply": _chain("Mul"),
    "concat": _node("Concat", axis=1),
}


# --- the model -------------------------------------------------------------------------------------


def onnx_bytes(model: Model) -> bytes:
    """The model as the bytes of an `.onnx` file."""
    from onnx import TensorProto, helper

    output = texts_of(model)["output"]
    tensors = tensors_of(model)
    graph = _Graph([INPUT, output])
    parameters = {name: graph.floats(name, tensor) for name, tensor in tensors.items()}
    buffers = {model.program.input: _scaled(graph, model, _features(graph, model))}
    for instruction in model.program.instructions:
        buffers[instruction.output] = _emitted(graph, instruction, buffers, parameters)
    _output(graph, model, buffers[model.program.prediction], output)
    # Names of the class columns and so on are metadata: a graph has none for the columns of a tensor.
    width = len(model.output_columns)
    proto = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "backprop_playground",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["N", len(model.columns)])],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["N", width])],
            initializer=graph.initializers,
            doc_string=_description(model),
        ),
        producer_name="backprop-playground",
        producer_version=__version__,
        doc_string=_description(model),
        ir_version=IR,
        opset_imports=[helper.make_opsetid("", OPSET)],
    )
    helper.set_model_props(proto, texts_of(model))
    data: bytes = proto.SerializeToString()
    return data


def _emitted(graph: _Graph, instruction: Instruction, buffers: Mapping[str, str], parameters: Mapping[str, str]) -> str:
    inputs = [buffers[name] for name in instruction.inputs]
    own = [parameters[name] for name in instruction.parameters]
    return EMITTERS[instruction.op](graph, inputs, own, instruction.output)


def _features(graph: _Graph, model: Model) -> str:
    """The features [N, features], made of the raw columns."""
    if model.features == model.columns:
        return INPUT
    place = {column: index for index, column in enumerate(model.columns)}
    if all(name in place for name in model.features):
        chosen = graph.constant("features:columns", np.array([place[name] for name in model.features], dtype=np.int64))
        return graph.add("Gather", [INPUT, chosen], "features", axis=1)
    columns: dict[str, str] = {}

    def column(name: str) -> str:
        if name not in columns:
            index = graph.constant(f"column:{name}:index", np.array([place[name]], dtype=np.int64))
            columns[name] = graph.add("Gather", [INPUT, index], f"column:{name}", axis=1)
        return columns[name]

    parts = []
    for name in model.features:
        if name in place:
            parts.append(column(name))
        else:
            op, sources = FEATURES[name]
            parts.append(graph.add(op, [column(source) for source in sources], f"feature:{name}"))
    return graph.add("Concat", parts, "features", axis=1)


def _scaled(graph: _Graph, model: Model, features: str) -> str:
    """(x − offset) / scale. An offset that float32 rounds is taken off in two parts, the second what rounding left."""
    scaling = model.scaling
    if not scaling.offset.any() and (scaling.scale == 1.0).all():
        return features
    with np.errstate(over="ignore", invalid="ignore"):
        high = scaling.offset.astype(np.float32).astype(np.float64)
        low = scaling.offset - high
    shifted = graph.add("Sub", [features, graph.floats("scaling:offset", high)], "scaling:shifted")
    if low.any():
        shifted = graph.add("Sub", [shifted, graph.floats("scaling:offset_rest", low)], "scaling:shifted_rest")
    return graph.add("Div", [shifted, graph.floats("scaling:scale", scaling.scale)], "scaling:scaled")


def _output(graph: _Graph, model: Model, prediction: str, output: str) -> None:
    """What `model.shown_outputs` does, as nodes; the last one writes `output`."""
    width = model.program.widths[model.program.prediction]
    if len(model.classes) == 2 and width == 2:
        both = _probabilities(graph, model.meaning, prediction, None)
        second = graph.constant("positive:index", np.array([1], dtype=np.int64))
        graph.add("Gather", [both, second], output, output, axis=1)
    else:
        _probabilities(graph, model.meaning, prediction, output)


def _probabilities(graph: _Graph, meaning: str, prediction: str, output: str | None) -> str:
    """What `metrics.probabilities` does."""
    if meaning == "logit":
        return graph.add("Sigmoid", [prediction], "classes", output)
    if meaning == "logits":
        return graph.add("Softmax", [prediction], "classes", output, axis=-1)
    if meaning == "value":
        return graph.add("Identity", [prediction], "classes", output)
    if meaning in ("score_pm", "scores_pm"):
        raised = graph.add("Add", [prediction, graph.floats("score:one", 1.0)], "score:raised")
        prediction = graph.add("Mul", [raised, graph.floats("score:half", 0.5)], "score:share")
    bounds = [graph.floats("score:least", 0.0), graph.floats("score:most", 1.0)]
    return graph.add("Clip", [prediction, *bounds], "classes", output)


def _description(model: Model) -> str:
    columns = ", ".join(model.columns[:50]) + (", …" if len(model.columns) > 50 else "")
    answers = ", ".join(model.output_columns[:50])
    if model.meaning == "value":
        result = f"value [N, 1]: {model.target}"
    else:
        result = f"probabilities [N, {len(model.output_columns)}] of: {answers}"
    return (
        f"A network built and trained in Backprop Playground {__version__}. Input, float32 [N, {len(model.columns)}]: "
        f"the raw columns {columns}; features and scaling are inside. Output: {result}. Details: metadata ({FORMAT})."
    )
