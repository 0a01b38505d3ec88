"""Writes one small network as a SavedModel and as a tfjs graph model, and tensorflow.json: TensorFlow's outputs for an input.

    pip install tensorflow-cpu
    python make_tensorflow.py
"""

import base64
import json
import os
import pathlib
import shutil

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import tensorflow as tf
from google.protobuf.json_format import MessageToDict
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

folder = pathlib.Path(__file__).parent
random = np.random.default_rng(2)


def normal(*shape):
    return random.standard_normal(shape).astype(np.float32)


class Network(tf.Module):
    def __init__(self):
        super().__init__()
        self.filter = tf.Variable(normal(3, 3, 2, 5))
        self.kernel = tf.Variable(normal(5, 3))
        self.bias = tf.Variable(normal(3))

    @tf.function(input_signature=[tf.TensorSpec([None, 6, 8, 2], tf.float32, name="image")])
    def serve(self, image):
        features = tf.nn.relu(tf.nn.conv2d(image, self.filter, 2, "SAME"), name="features")
        pooled = tf.reduce_mean(features, [1, 2], name="pooled")
        return {"logits": tf.add(tf.matmul(pooled, self.kernel), self.bias, name="logits"), "pooled": pooled}


network = Network()
image = normal(3, 6, 8, 2)
saved = folder / "saved-model"
shutil.rmtree(saved, ignore_errors=True)
tf.saved_model.save(network, str(saved), signatures={"serving_default": network.serve})


def graph_model():
    """As the converter writes it: the graph with the values of its constants apart."""
    frozen = convert_variables_to_constants_v2(network.serve.get_concrete_function())
    definition = frozen.graph.as_graph_def()
    weights = []
    for node in definition.node:
        if node.op != "Const":
            continue
        value = tf.make_ndarray(node.attr["value"].tensor)
        weights.append((node.name, value))
        node.attr["value"].tensor.ClearField("tensor_content")
        node.attr["value"].tensor.ClearField("int_val")
        node.attr["value"].tensor.ClearField("float_val")
    topology = MessageToDict(definition)
    topology.pop("library", None)

    def info(name, tensor):
        shape = [{"size": str(-1 if size is None else size)} for size in tensor.shape]
        kind = {tf.float32: "DT_FLOAT", tf.int32: "DT_INT32"}[tensor.dtype]
        return name, {"name": tensor.name, "dtype": kind, "tensorShape": {"dim": shape}}

    names = sorted(network.serve.get_concrete_function().structured_outputs)
    return {
        "modelTopology": topology,
        "weightSpecs": [{"name": name, "shape": list(value.shape), "dtype": str(value.dtype)} for name, value in weights],
        "weights": base64.b64encode(b"".join(value.tobytes() for _, value in weights)).decode(),
        "signature": {
            "inputs": dict([info("image", frozen.inputs[0])]),
            "outputs": dict(info(name, tensor) for name, tensor in zip(names, frozen.outputs)),
        },
    }


def values(array):
    return {"shape": list(array.shape), "values": [float(f"{value:.9g}") for value in array.ravel().tolist()]}


features = tf.nn.relu(tf.nn.conv2d(image, network.filter, 2, "SAME")).numpy()
outputs = {name: value.numpy() for name, value in network.serve(image).items()}
golden = {
    "reference": f"tensorflow-cpu {tf.__version__} of Python",
    "inputs": {"image": values(image)},
    "outputs": {name: values(value) for name, value in {**outputs, "features": features}.items()},
}
(folder / "tensorflow.json").write_text(json.dumps(golden) + "\n")
(folder / "graph-model.json").write_text(json.dumps(graph_model()) + "\n")
