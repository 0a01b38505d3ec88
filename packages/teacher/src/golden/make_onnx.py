"""Writes small ONNX models, and onnx.json: the outputs of Python's onnxruntime.

    pip install onnx onnxruntime scikit-learn skl2onnx
    python make_onnx.py
"""

import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from skl2onnx import to_onnx
from sklearn.linear_model import LogisticRegression

folder = pathlib.Path(__file__).parent
random = np.random.default_rng(1)
FLOAT, DOUBLE, INT64 = TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.INT64


def normal(*shape, dtype=np.float32):
    return random.standard_normal(shape).astype(dtype)


def model_of(nodes, inputs, outputs, weights):
    def infos(values):
        return [helper.make_tensor_value_info(name, kind, shape) for name, kind, shape in values]

    initializers = [numpy_helper.from_array(value, name) for name, value in weights.items()]
    graph = helper.make_graph(nodes, "golden", infos(inputs), infos(outputs), initializers)
    # Old enough for every onnxruntime that the package takes.
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(made)
    return made


def dense(x, name, y):
    return helper.make_node("Gemm", [x, f"{name}/kernel", f"{name}/bias"], [y])


def mlp(kind=FLOAT, dtype=np.float32):
    """Two outputs: the logits and a hidden layer, which can be tapped."""
    weights = {
        "hidden/kernel": normal(4, 6, dtype=dtype),
        "hidden/bias": normal(6, dtype=dtype),
        "top/kernel": normal(6, 3, dtype=dtype),
        "top/bias": normal(3, dtype=dtype),
    }
    nodes = [dense("x", "hidden", "sum"), helper.make_node("Relu", ["sum"], ["hidden"]), dense("hidden", "top", "logits")]
    outputs = [("logits", kind, ["batch", 3]), ("hidden", kind, ["batch", 6])]
    return model_of(nodes, [("x", kind, ["batch", 4])], outputs, weights)


def convnet():
    """Channels first, as PyTorch exports it."""
    weights = {
        "conv/filter": normal(5, 2, 3, 3),
        "conv/bias": normal(5),
        "top/kernel": normal(5, 3),
        "top/bias": normal(3),
    }
    nodes = [
        helper.make_node("Conv", ["image", "conv/filter", "conv/bias"], ["conv"], pads=[1, 1, 1, 1], strides=[2, 2]),
        helper.make_node("Relu", ["conv"], ["map"]),
        helper.make_node("GlobalAveragePool", ["map"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        dense("flat", "top", "logits"),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
    ]
    outputs = [("probabilities", FLOAT, ["batch", 3]), ("map", FLOAT, ["batch", 5, 3, 4])]
    return model_of(nodes, [("image", FLOAT, ["batch", 2, 6, 8])], outputs, weights)


def tokens():
    """Two inputs of 64-bit integers and floats."""
    weights = {"table": normal(7, 3)}
    nodes = [
        helper.make_node("Gather", ["table", "ids"], ["embedded"]),
        helper.make_node("Unsqueeze", ["scale", "last"], ["scales"]),
        helper.make_node("Mul", ["embedded", "scales"], ["scaled"]),
        helper.make_node("ReduceMean", ["scaled"], ["logits"], axes=[1], keepdims=0),
    ]
    inputs = [("ids", INT64, ["batch", "length"]), ("scale", FLOAT, ["batch", "length"])]
    return model_of(nodes, inputs, [("logits", FLOAT, ["batch", 3])], {**weights, "last": np.array([2])})


def decoder():
    """A language model without a cache: each position sees the mean of the positions up to it that are not masked."""
    weights = {
        "table": normal(7, 4),
        "kernel": normal(4, 7),
        "one": np.float32(1),
        "first": np.array(1),
        "last": np.array([2]),
    }
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["embedded"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["masks"]),
        helper.make_node("Mul", ["embedded", "masks"], ["seen"]),
        helper.make_node("CumSum", ["seen", "first"], ["sum"]),
        helper.make_node("CumSum", ["masks", "first"], ["counted"]),
        helper.make_node("Max", ["counted", "one"], ["count"]),
        helper.make_node("Div", ["sum", "count"], ["mean"]),
        helper.make_node("Tanh", ["mean"], ["hidden"]),
        helper.make_node("MatMul", ["hidden", "kernel"], ["logits"]),
    ]
    inputs = [(name, INT64, ["batch", "length"]) for name in ("input_ids", "attention_mask")]
    outputs = [("logits", FLOAT, ["batch", "length", 7]), ("hidden", FLOAT, ["batch", "length", 4])]
    return model_of(nodes, inputs, outputs, weights)


def logistic():
    x = normal(60, 4)
    y = np.argmax(x[:, :3] + 0.5 * normal(60, 3), axis=1)
    return LogisticRegression().fit(x, y), x


def run(made, feeds):
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, feeds)))


def values(arrays):
    return {
        name: {"shape": list(array.shape), "values": [float(f"{value:.9g}") for value in array.ravel().tolist()]}
        for name, array in arrays.items()
    }


classifier, sample = logistic()
models = {
    "mlp": (mlp(), {"x": normal(5, 4)}),
    "mlp-float64": (mlp(DOUBLE, np.float64), {"x": normal(5, 4, dtype=np.float64)}),
    "convnet": (convnet(), {"image": normal(3, 2, 6, 8)}),
    "tokens": (tokens(), {"ids": random.integers(0, 7, (2, 5)), "scale": normal(2, 5)}),
    "logistic": (to_onnx(classifier, sample[:1], options={"zipmap": False}, target_opset=13), {"X": sample[:5]}),
    "logistic-zipmap": (to_onnx(classifier, sample[:1], target_opset=13), None),
    "decoder": (
        decoder(),
        {
            "input_ids": np.array([[3, 1, 4, 1], [5, 2, 6, 0]]),
            # The first token of the first text and the last one of the second are masked.
            "attention_mask": np.array([[0, 1, 1, 1], [1, 1, 1, 0]]),
        },
    ),
}
golden = {"reference": f"onnxruntime {onnxruntime.__version__} of Python", "models": {}}
for name, (made, feeds) in models.items():
    (folder / f"{name}.onnx").write_bytes(made.SerializeToString())
    if feeds is not None:
        golden["models"][name] = {"inputs": values(feeds), "outputs": values(run(made, feeds))}
(folder / "onnx.json").write_text(json.dumps(golden) + "\n")
