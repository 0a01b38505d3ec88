"""Trains a scikit-learn classifier on digits from Node, and exports it to ONNX with logits as its output."""

import argparse
import json
import platform
import warnings

import numpy as np
import onnx
import sklearn
import skl2onnx
from onnx import TensorProto, helper
from skl2onnx.common.data_types import FloatTensorType
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

# Dates from 2022; every current reader of ONNX supports it.
OPSET = 17


def digits_of(folder, name):
    # byte / 255 as in Node: divided in float64, then rounded to float32.
    gray = (np.arange(256) / 255).astype(np.float32)
    return gray[np.load(f"{folder}/{name}-images.npy")], np.load(f"{folder}/{name}-labels.npy")


def with_logits(classifier):
    """The classifier as an ONNX graph that ends before its softmax."""
    model = skl2onnx.to_onnx(
        classifier,
        # None: any number of rows. Without it the model takes one batch size only.
        initial_types=[("pixels", FloatTensorType([None, classifier.n_features_in_]))],
        # Probabilities as a tensor, not as a list of dictionaries.
        options={"zipmap": False},
        target_opset=OPSET,
    )
    graph = model.graph
    # Hidden layers use relu, so there is only one softmax.
    (softmax,) = [node for node in graph.node if node.op_type == "Softmax"]
    logits = softmax.input[0]
    needed, kept = {logits}, []
    for node in reversed(graph.node):
        if needed & set(node.output):
            kept.insert(0, node)
            needed.update(node.input)
    for node in kept:
        for position, name in enumerate(node.output):
            if name == logits:
                node.output[position] = "logits"
    classes = len(classifier.classes_)
    cut = helper.make_graph(
        kept,
        "teacher",
        graph.input,
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [None, classes])],
        [constant for constant in graph.initializer if constant.name in needed],
    )
    result = helper.make_model(cut, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(result, full_check=True)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder with the digits")
    parser.add_argument("--out", required=True, help="path of the teacher without its extension")
    parser.add_argument("--units", type=int, required=True, help="units of each hidden layer")
    parser.add_argument("--layers", type=int, default=2, help="hidden layers")
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--learning-rate", type=float, required=True)
    flags = parser.parse_args()

    images, labels = digits_of(flags.data, "learning")
    classifier = MLPClassifier(
        (flags.units,) * flags.layers,
        activation="relu",
        max_iter=flags.epochs,
        batch_size=min(flags.batch_size, len(labels)),
        learning_rate_init=flags.learning_rate,
        random_state=1,
    )
    # The number of epochs is fixed, so stopping before convergence is intended.
    warnings.simplefilter("ignore", ConvergenceWarning)
    classifier.fit(images, labels)

    onnx.save(with_logits(classifier), f"{flags.out}.onnx")
    unseen, _ = digits_of(flags.data, "unseen")
    # Node compares these answers with those of the ONNX model.
    about = {
        "classifier": "MLPClassifier",
        "versions": {
            "python": platform.python_version(),
            "scikit-learn": sklearn.__version__,
            "skl2onnx": skl2onnx.__version__,
            "onnx": onnx.__version__,
        },
        "digits": len(labels),
        "probabilities": [[float(f"{p:.6g}") for p in row] for row in classifier.predict_proba(unseen)],
    }
    with open(f"{flags.out}.json", "w") as file:
        json.dump(about, file)


main()
