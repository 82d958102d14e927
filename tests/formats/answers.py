"""What the tests of exports share: a small trained network, and onnxruntime as a consumer has it."""

import hand_made
import numpy as np
import onnxruntime

MEANINGS = tuple(hand_made.ENCODINGS)
ANSWERING = (".npz", ".safetensors", ".onnx")


def runtime(data):
    """onnxruntime on the bytes, with its optimisations as a consumer has them, one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def run(data, rows):
    return runtime(data).run(None, {"input": rows.astype(np.float32)})[-1]


def simple(meaning="logit", **options):
    classes = ("a", "b", "c") if meaning in ("logits", "scores01", "scores_pm") else ("ham", "spam")
    task = "regression" if meaning == "value" else "classification"
    data = hand_made.table(("x1", "x2"), 90, task, classes)
    return hand_made.trained(hand_made.two_layers, data, ("x1", "x2"), meaning, **options)
