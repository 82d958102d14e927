"""The settings of training and of data as fields, from which the inspector builds its forms. A part of `catalog`."""

from __future__ import annotations

from playground.document.fields import Field
from playground.document.model import DataSpec, TrainingSpec
from playground.messages import message

_TRAINING = TrainingSpec()
_DATA = DataSpec()
_SEED_MAXIMUM = 2**32 - 1

TRAINING_FIELDS: tuple[Field, ...] = (
    Field(
        "optimizer",
        message("Optimizer"),
        "choice",
        _TRAINING.optimizer,
        choices=(
            ("sgd", message("SGD")),
            ("adam", message("Adam")),
            ("rmsprop", message("RMSProp")),
            ("adagrad", message("AdaGrad")),
        ),
        help=message("How a gradient becomes a step. Backpropagation computes the gradient, the optimizer uses it."),
    ),
    Field(
        "learning_rate",
        message("Learning rate η"),
        "float",
        _TRAINING.learning_rate,
        0.0,
        10.0,
        above=True,
        help=message("How far one update moves each weight against its slope."),
    ),
    Field(
        "momentum",
        message("Momentum"),
        "float",
        _TRAINING.momentum,
        0.0,
        1.0,
        below=True,
        help=message("The share of the last step that the next one keeps. SGD only."),
    ),
    Field(
        "nesterov",
        message("Nesterov"),
        "bool",
        _TRAINING.nesterov,
        help=message("Steps from where momentum is about to carry the weights, which overshoots less. SGD only."),
    ),
    Field(
        "batch_size",
        message("Batch size"),
        "int",
        _TRAINING.batch_size,
        1,
        1_000_000,
        help=message("How many rows one update looks at; more rows than there are means all of them."),
    ),
    Field(
        "l1",
        message("L1 penalty"),
        "float",
        _TRAINING.l1,
        0.0,
        10.0,
        help=message("Adds l1·Σ|w| to the loss and pulls weights to exactly zero."),
    ),
    Field(
        "l2",
        message("L2 penalty"),
        "float",
        _TRAINING.l2,
        0.0,
        10.0,
        help=message("Adds (l2/2)·Σw² to the loss and keeps weights small."),
    ),
    Field(
        "epochs",
        message("Epochs"),
        "int",
        _TRAINING.epochs,
        1,
        1_000_000,
        help=message("How often training goes over all training rows before it stops."),
    ),
    Field(
        "seed",
        message("Seed"),
        "int",
        _TRAINING.seed,
        0,
        _SEED_MAXIMUM,
        help=message("The initial weights, the shuffle and dropout follow from it: same seed, same run."),
    ),
    Field(
        "shuffle",
        message("Shuffle"),
        "bool",
        _TRAINING.shuffle,
        help=message("Takes the training rows in a new order each epoch."),
    ),
    Field(
        "target_loss",
        message("Stop at training loss"),
        "float",
        _TRAINING.target_loss,
        0.0,
        optional=True,
        help=message("Training stops when the training loss has come down to this; empty: it does not."),
    ),
    Field(
        "pace",
        message("Epochs a second"),
        "float",
        _TRAINING.pace,
        0.0,
        100_000.0,
        above=True,
        optional=True,
        help=message("How fast the window trains, so that it can be watched; empty: full speed. Weights are the same."),
    ),
)

DATA_FIELDS: tuple[Field, ...] = (
    Field(
        "samples",
        message("Points"),
        "int",
        _DATA.samples,
        2,
        1_000_000,
        help=message("How many points are made, training and test together."),
    ),
    Field(
        "noise",
        message("Noise"),
        "float",
        _DATA.noise,
        0.0,
        100.0,
        help=message("How far points stray from their place."),
    ),
    Field(
        "test_fraction",
        message("Test share"),
        "float",
        _DATA.test_fraction,
        0.0,
        1.0,
        below=True,
        help=message("The share of rows kept for testing. They never change a weight."),
    ),
    Field(
        "seed",
        message("Data seed"),
        "int",
        _DATA.seed,
        0,
        _SEED_MAXIMUM,
        help=message("The points, their noise and the split follow from it."),
    ),
    Field(
        "scaling",
        message("Scaling"),
        "choice",
        _DATA.scaling,
        choices=(
            ("none", message("none")),
            ("standardise", message("standardise")),
            ("min_max", message("0 to 1")),
        ),
        help=message("Brings features to a common size, fitted on the training rows only."),
    ),
)
