"""Trained networks for the tests of this room: hand-made programs over hand-made tables."""

import numpy as np

from playground.data.prepare import prepare
from playground.data.table import Table
from playground.document.model import Document, Network, Node, Wire
from playground.engine.program import Instruction, Parameter, Program
from playground.formats.model import Trained

ENCODINGS = {
    "logit": "zero_one",
    "score01": "zero_one",
    "score_pm": "plus_minus",
    "logits": "one_hot",
    "scores01": "one_hot",
    "scores_pm": "one_hot_plus_minus",
    "value": "value",
}
LOSSES = {"logit": "binary_cross_entropy", "logits": "softmax_cross_entropy"}


class Builder:
    """A program put together instruction by instruction, with weights from a generator."""

    def __init__(self, width, generator):
        self.instructions, self.parameters, self.widths = [], [], {"in": width}
        self.arrays, self.generator = {}, generator

    def dense(self, source, units, bias=True, weight=None, shift=None):
        node = f"d{len(self.instructions)}"
        inputs = self.widths[source]
        draw = self.generator.normal(0.0, 1.0 / np.sqrt(inputs), (inputs, units))
        self.arrays[f"{node}.weight"] = np.array(draw if weight is None else weight, dtype=np.float64)
        self.parameters.append(Parameter(node, "weight", (inputs, units), "glorot_uniform"))
        names = [f"{node}.weight"]
        if bias:
            draw = self.generator.normal(0.0, 0.3, units)
            self.arrays[f"{node}.bias"] = np.array(draw if shift is None else shift, dtype=np.float64)
            self.parameters.append(Parameter(node, "bias", (units,), "zeros"))
            names.append(f"{node}.bias")
        return self._add("dense", node, (source,), units, tuple(names))

    def op(self, op, *sources):
        widths = [self.widths[source] for source in sources]
        return self._add(op, f"{op}{len(self.instructions)}", sources, sum(widths) if op == "concat" else widths[0])

    def dropout(self, source, rate=0.5):
        return self._add("dropout", f"dropout{len(self.instructions)}", (source,), self.widths[source], (), rate)

    def _add(self, op, node, sources, width, names=(), rate=0.0):
        self.instructions.append(Instruction(op, node, tuple(sources), node, names, rate))
        self.widths[node] = width
        return node

    def program(self, prediction, loss):
        program = Program("in", tuple(self.instructions), dict(self.widths), tuple(self.parameters), loss, prediction)
        return program, program.flat(self.arrays)


def table(columns, rows, task="classification", classes=("ham", "spam"), generator=None, spread=1.0, centre=0.0):
    generator = np.random.default_rng(0) if generator is None else generator
    features = centre + spread * generator.normal(size=(rows, len(columns)))
    count = len(classes)
    targets = generator.normal(size=rows) if task == "regression" else np.arange(rows, dtype=np.float64) % count
    return Table(tuple(columns), features, "answer", targets, task, () if task == "regression" else tuple(classes))


def trained(build, data, features, meaning, scaling="none", seed=0, builder=Builder):
    """A network that `build(builder, outputs)` makes, returning the prediction's buffer, ready for export."""
    outputs = 1 if meaning in ("logit", "score01", "score_pm", "value") else len(data.classes)
    made = builder(len(features), np.random.default_rng(seed))
    program, values = made.program(build(made, outputs), LOSSES.get(meaning, "half_squared"))
    dataset = prepare(
        data, features=features, test_fraction=0.3, seed=seed, scaling=scaling, encoding=ENCODINGS[meaning]
    )
    return Trained(program, values, document(program, features), dataset, meaning)


def document(program, features):
    """The document of a program: a node for each instruction."""
    nodes = [Node("in", "input", {"features": tuple(features)})]
    for step in program.instructions:
        if step.op == "dense":
            fields = {"units": program.widths[step.output], "bias": len(step.parameters) == 2}
            nodes.append(Node(step.node, "dense", fields))
        elif step.op == "dropout":
            nodes.append(Node(step.node, "dropout", {"rate": step.rate}))
        elif step.op in ("add", "multiply", "concat"):
            nodes.append(Node(step.node, step.op))
        else:
            nodes.append(Node(step.node, "activation", {"function": step.op}))
    nodes.append(Node("loss", "loss", {"function": program.loss}))
    wires = [Wire(source, step.output) for step in program.instructions for source in step.inputs]
    return Document(network=Network(tuple(nodes), (*dict.fromkeys(wires), Wire(program.prediction, "loss"))))


def two_layers(builder, outputs):
    return builder.dense(builder.op("tanh", builder.dense("in", 4)), outputs)
