"""The same workloads by other means, in the same run: tuned numpy always, PyTorch and scikit-learn where installed."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable, Mapping

import numpy as np

from playground.bench.numpy_rows import NumpyChain
from playground.bench.workloads import HYPER, Workload, program_of, rows_of
from playground.engine.initializers import initial_state
from playground.randomness import permutation, stream

#: `epochs(count)` trains so many epochs.
Epochs = Callable[[int], None]


def numpy_epochs(workload: Workload) -> Epochs:
    """Tuned numpy: see `numpy_rows`."""
    x, y = rows_of(workload)
    x = np.column_stack([x, np.ones(len(x))])
    values = initial_state(program_of(workload), seed=0).values

    def epochs(count: int) -> None:
        chain = NumpyChain(workload, values, HYPER.learning_rate)
        for epoch in range(count):
            chain.epoch(x, y, permutation(stream(0, "shuffle", epoch), workload.rows))

    return epochs


def torch_epochs(workload: Workload) -> Epochs:
    """PyTorch eager, float64, one thread: the rows shuffled each epoch, the loss summed."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    x, y = (torch.from_numpy(array) for array in rows_of(workload))
    layers: list[nn.Module] = []
    for k, activation in enumerate(workload.activations):
        layers.append(nn.Linear(workload.widths[k], workload.widths[k + 1], dtype=torch.float64))
        layers += [{"tanh": nn.Tanh, "relu": nn.ReLU}[activation]()] if activation else []
    network = nn.Sequential(*layers)
    losses = {
        "half_squared": lambda out, t: 0.5 * ((out - t) ** 2).sum(dim=1).mean(),
        "binary_cross_entropy": nn.functional.binary_cross_entropy_with_logits,
        "softmax_cross_entropy": nn.functional.cross_entropy,
    }
    loss, optimizer = losses[workload.loss], torch.optim.SGD(network.parameters(), HYPER.learning_rate)

    def epochs(count: int) -> None:
        for _ in range(count):
            total = torch.zeros((), dtype=torch.float64)
            for rows in torch.randperm(workload.rows).split(workload.batch):
                optimizer.zero_grad()
                value = loss(network(x[rows]), y[rows])
                value.backward()
                optimizer.step()
                total += value.detach() * len(rows)

    return epochs


def sklearn_epochs(workload: Workload) -> Epochs:
    """scikit-learn's MLPRegressor or MLPClassifier under plain SGD; its last layer has no tanh."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    x, y = rows_of(workload)
    kind = MLPRegressor if workload.loss == "half_squared" else MLPClassifier
    targets = y.argmax(axis=1) if y.shape[1] > 1 else y.ravel()

    def epochs(count: int) -> None:
        model = kind(
            hidden_layer_sizes=workload.widths[1:-1],
            activation=workload.activations[0],
            solver="sgd",
            alpha=0.0,
            batch_size=workload.batch,
            learning_rate_init=HYPER.learning_rate,
            momentum=0.0,
            max_iter=count,
            tol=0.0,
            n_iter_no_change=count + 1,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(x, targets)

    return epochs


_PEERS: Mapping[str, tuple[str, Callable[[Workload], Epochs]]] = {
    "numpy": ("numpy", numpy_epochs),
    "pytorch": ("torch", torch_epochs),
    "scikit-learn": ("sklearn", sklearn_epochs),
}


def peers() -> Mapping[str, Callable[[Workload], Epochs]]:
    """Those that can be imported here, by name."""
    return {name: make for name, (module, make) in _PEERS.items() if importlib.util.find_spec(module) is not None}
