"""Makes `pytorch_reference.json`: random networks, and what PyTorch says of their gradients and of 20 updates.

Run by hand, in an environment that has torch; the tests only read the table. Nothing of this program is imported, so
that the two sides share no rule:

    python make_pytorch_reference.py pytorch_reference.json
"""

from __future__ import annotations

import json
import random
import sys
from itertools import product
from typing import Any

import torch
from torch.nn import functional

UPDATES = 20

ACTIVATIONS = {
    "identity": lambda z: z,
    "relu": functional.relu,
    "leaky_relu": lambda z: functional.leaky_relu(z, 0.01),
    "elu": functional.elu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softplus": functional.softplus,
    "gelu": functional.gelu,
    "swish": functional.silu,
    "sin": torch.sin,
    "softmax": lambda z: torch.softmax(z, dim=1),
}
JOINS = {
    "add": lambda first, second: first + second,
    "multiply": lambda first, second: first * second,
    "concat": lambda first, second: torch.cat([first, second], dim=1),
}
#: The mean over the samples of a batch; outputs of one sample are summed.
LOSSES = {
    "half_squared": lambda y, t: functional.mse_loss(y, t, reduction="sum") / (2 * len(t)),
    "binary_cross_entropy": lambda z, t: functional.binary_cross_entropy_with_logits(z, t),
    "softmax_cross_entropy": lambda z, t: functional.cross_entropy(z, t),
    # PyTorch's hinge takes the distance: max(0, 1 − x) where its target is −1.
    "hinge": lambda y, t: functional.hinge_embedding_loss(t * y, -torch.ones_like(y), reduction="sum") / len(t),
    "huber": lambda y, t: functional.huber_loss(y, t, reduction="sum") / len(t),
}
OPTIMIZERS = (
    {"optimizer": "sgd", "learning_rate": 0.05},
    {"optimizer": "sgd", "learning_rate": 0.02, "momentum": 0.9},
    {"optimizer": "adam", "learning_rate": 0.01},
    {"optimizer": "sgd", "learning_rate": 0.05, "l1": 0.02, "l2": 0.1},
    {"optimizer": "adam", "learning_rate": 0.01, "l1": 0.01, "l2": 0.05},
    {"optimizer": "sgd", "learning_rate": 0.02, "momentum": 0.5, "l2": 0.2},
    {"optimizer": "sgd", "learning_rate": 0.02, "momentum": 0.9, "nesterov": True},
    {"optimizer": "rmsprop", "learning_rate": 0.01},
    {"optimizer": "adagrad", "learning_rate": 0.05},
    {"optimizer": "sgd", "learning_rate": 0.02, "momentum": 0.8, "nesterov": True, "l1": 0.01, "l2": 0.1},
    {"optimizer": "rmsprop", "learning_rate": 0.01, "l1": 0.01, "l2": 0.05},
    {"optimizer": "adagrad", "learning_rate": 0.05, "l1": 0.02, "l2": 0.1},
)


def random_case(draw: random.Random, activation: str, loss: str, hyper: dict[str, Any], joint: str | None) -> Any:
    """Two or three layers with the activation between them, maybe a joint of two branches; weights of a few digits."""
    inputs, hidden = draw.randint(1, 4), draw.randint(2, 5)
    outputs = 1 if loss == "binary_cross_entropy" else draw.randint(2 if loss == "softmax_cross_entropy" else 1, 4)
    rows, batch = draw.choice([(7, 3), (5, 1), (8, 4), (7, 5)])
    nodes = [["dense", "h", ["in"], inputs, hidden], [activation, "a", ["h"]]]
    last, width = "a", hidden
    if joint is not None:
        nodes += [["dense", "g", ["in"], inputs, hidden], [joint, "j", ["a", "g"]]]
        last, width = "j", 2 * hidden if joint == "concat" else hidden
    if draw.random() < 0.4:
        nodes += [["dense", "k", [last], width, 3], [activation, "b", ["k"]]]
        last, width = "b", 3
    nodes.append(["dense", "o", [last], width, outputs])
    if loss in ("half_squared", "hinge", "huber") and draw.random() < 0.5:
        nodes.append([activation, "p", ["o"]])
    biased = draw.random() < 0.8
    parameters = {}
    for _, node, _, *shape in nodes:
        if shape:
            parameters[f"{node}.weight"] = [[_number(draw) for _ in range(shape[1])] for _ in range(shape[0])]
            if biased:
                parameters[f"{node}.bias"] = [_number(draw) for _ in range(shape[1])]
    x = [[_number(draw, 1.5) for _ in range(inputs)] for _ in range(rows)]
    if loss in ("half_squared", "huber"):
        y = [[_number(draw, 0.9 if loss == "half_squared" else 2.5) for _ in range(outputs)] for _ in range(rows)]
    elif loss == "hinge":
        y = [[draw.choice([-1.0, 1.0]) for _ in range(outputs)] for _ in range(rows)]
    else:
        classes = [draw.randrange(max(2, outputs)) for _ in range(rows)]
        y = [[float(c)] if outputs == 1 else [float(c == k) for k in range(outputs)] for c in classes]
    return {"nodes": nodes, "loss": loss, "hyper": hyper, "batch": batch, "x": x, "y": y, "parameters": parameters}


def _number(draw: random.Random, size: float = 0.9) -> float:
    return round(draw.uniform(-size, size), 3)


def answer(case: Any) -> Any:
    """The case with PyTorch's loss and gradients of the first batch, and its weights after `UPDATES` updates."""
    own = {
        name: torch.tensor(numbers, dtype=torch.float64, requires_grad=True)
        for name, numbers in case["parameters"].items()
    }
    hyper = case["hyper"]
    optimizer = _optimizer(hyper, list(own.values()))
    x, y = torch.tensor(case["x"], dtype=torch.float64), torch.tensor(case["y"], dtype=torch.float64)
    starts = list(range(0, len(x), case["batch"]))
    answered = dict(case)
    for update in range(UPDATES):
        start = starts[update % len(starts)]
        rows = slice(start, start + case["batch"])
        loss = LOSSES[case["loss"]](_forward(case["nodes"], own, x[rows]), y[rows])
        weights = [tensor for name, tensor in own.items() if name.endswith(".weight")]
        penalty = sum(hyper.get("l1", 0.0) * w.abs().sum() + hyper.get("l2", 0.0) / 2 * (w * w).sum() for w in weights)
        if update == 0:
            grads = torch.autograd.grad(loss, own.values(), retain_graph=True)
            answered["loss_value"] = loss.item()
            answered["gradient"] = {name: grad.tolist() for name, grad in zip(own, grads, strict=True)}
        optimizer.zero_grad()
        (loss + penalty).backward()
        optimizer.step()
    answered["after"] = {name: tensor.tolist() for name, tensor in own.items()}
    return answered


def _optimizer(hyper: dict[str, Any], tensors: list[torch.Tensor]) -> torch.optim.Optimizer:
    rate = hyper["learning_rate"]
    if hyper["optimizer"] == "sgd":
        return torch.optim.SGD(tensors, rate, hyper.get("momentum", 0.0), nesterov=hyper.get("nesterov", False))
    kinds = {"adam": torch.optim.Adam, "rmsprop": torch.optim.RMSprop, "adagrad": torch.optim.Adagrad}
    return kinds[hyper["optimizer"]](tensors, rate)


def _forward(nodes: Any, own: dict[str, torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    values = {"in": x}
    for op, node, sources, *_ in nodes:
        arrived = [values[source] for source in sources]
        if op == "dense":
            values[node] = arrived[0] @ own[f"{node}.weight"] + own.get(f"{node}.bias", torch.zeros(()))
        else:
            values[node] = JOINS[op](*arrived) if op in JOINS else ACTIVATIONS[op](arrived[0])
    return values[nodes[-1][1]]


def main(path: str, seed: int = 0, rounds: int = 1) -> None:
    """Every activation with every loss, under the optimizers and with the joints in turn."""
    draw = random.Random(seed)
    cases = []
    for count, (_, activation, loss) in enumerate(product(range(rounds), ACTIVATIONS, LOSSES)):
        joint = (None, None, *JOINS)[count % 5]
        hyper = OPTIMIZERS[(count + seed + count // 55) % len(OPTIMIZERS)]
        cases.append(answer(random_case(draw, activation, loss, hyper, joint)))
    text = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    with open(path, "w") as file:
        file.write(f'{{"torch": "{torch.__version__}", "updates": {UPDATES}, "cases": [\n{text}\n]}}\n')


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
