"""What a network's outputs mean: probabilities, classes, accuracy.

`meaning` says how the last layer is read:
- "logit": one logit, of which a sigmoid makes P(the positive class); "logits": one per class, for a softmax;
- "score01", "score_pm": one number trained towards 0/1 or −1/+1, threshold ½ or 0;
- "scores01", "scores_pm": the same, one number per class;
- "value": a regression's value.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.engine.ops import sigmoid, softmax
from playground.engine.program import Array

MEANINGS = ("logit", "logits", "score01", "score_pm", "scores01", "scores_pm", "value")


def probabilities(meaning: str, outputs: Array) -> Array:
    """What is drawn and exported, of the shape of `outputs`: P(positive class) or one per class; a value as it is.

    A score is no true probability: 0/1 scores are clipped to [0, 1], ±1 scores are mapped there first. Nothing is
    normalised over the classes.
    """
    if meaning == "logit":
        return sigmoid(outputs)
    if meaning == "logits":
        return softmax(outputs)
    if meaning in ("score01", "scores01"):
        return np.clip(outputs, 0.0, 1.0)
    if meaning in ("score_pm", "scores_pm"):
        return np.clip(0.5 * (outputs + 1.0), 0.0, 1.0)
    return outputs


def threshold(meaning: str) -> float:
    """The output at which a two-class network changes its mind: 0 for a logit or a ±1 score, ½ for a 0/1 score."""
    return 0.5 if meaning == "score01" else 0.0


def predicted(meaning: str, outputs: Array) -> NDArray[np.int64]:
    """The class index that each row is given, [samples]."""
    if outputs.shape[1] == 1:
        return (outputs[:, 0] > threshold(meaning)).astype(np.int64)
    chosen: NDArray[np.int64] = outputs.argmax(axis=1).astype(np.int64)
    return chosen


def accuracy(meaning: str, outputs: Array, classes: NDArray[np.int64]) -> float | None:
    """The share of rows given their own class; None for a regression or where there are no rows."""
    if meaning == "value" or not len(classes):
        return None
    return float((predicted(meaning, outputs) == classes).mean())
