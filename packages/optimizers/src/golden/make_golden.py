"""Writes optimizers.json: the results of PyTorch's optimizers for given gradients in 50 steps.

    pip install torch
    python make_golden.py
"""

import json
import math
import pathlib

import numpy as np
import torch

STEPS = 50
SHAPES = {"kernel": [5, 4], "bias": [4], "filter": [2, 2, 3, 2]}
SHOWN = [1, 26, STEPS]

random = np.random.default_rng(1)


def normal(shape, scale=1.0):
    return (scale * random.standard_normal(shape)).astype(np.float32)


def tiny(shape):
    """Both signs and all sizes from 1e-10 to 1e-5, so that epsilon matters to varying degrees."""
    size = 10.0 ** random.uniform(-10, -5, shape)
    return (size * random.choice([-1.0, 1.0], shape)).astype(np.float32)


start = {name: normal(shape) for name, shape in SHAPES.items()}
gradients = {
    "ordinary": {name: normal([STEPS, *shape]) for name, shape in SHAPES.items()},
    # The same size in all steps, because epsilon is added to the root of a weight's average.
    "tiny": {name: tiny(shape) * (1 + 0.3 * normal([STEPS, *shape])) for name, shape in SHAPES.items()},
}
# The loss sum(curvature / 2 x^2 - shift x), whose gradient depends on the weights.
quadratic = {
    "curvature": {name: random.uniform(0.5, 3, shape).astype(np.float32) for name, shape in SHAPES.items()},
    "shift": {name: normal(shape) for name, shape in SHAPES.items()},
}
assigned = {name: normal(shape) for name, shape in SHAPES.items()}

MAKERS = {
    "sgd": (torch.optim.SGD, {"momentum": "momentum", "dampening": "dampening", "nesterov": "nesterov"}),
    "adam": (torch.optim.Adam, {"epsilon": "eps"}),
    "adamW": (torch.optim.AdamW, {"epsilon": "eps"}),
    "rmsprop": (
        torch.optim.RMSprop,
        {"alpha": "alpha", "epsilon": "eps", "momentum": "momentum", "centered": "centered"},
    ),
}
SHARED = {"learningRate": "lr", "weightDecay": "weight_decay"}
SLOTS = {
    "momentum_buffer": "momentumBuffer",
    "exp_avg": "firstMoment",
    "exp_avg_sq": "secondMoment",
    "square_avg": "squareAverage",
    "grad_avg": "gradientAverage",
}


def make_optimizer(name, options, parameters):
    maker, own = MAKERS[name]
    names = {**SHARED, **own}
    arguments = {names[key]: value for key, value in options.items() if key in names}
    if "beta1" in options or "beta2" in options:
        arguments["betas"] = (options.get("beta1", 0.9), options.get("beta2", 0.999))
    return maker(parameters, foreach=False, **arguments)


def run(case):
    options = case["options"]
    weights = {name: torch.nn.Parameter(torch.tensor(value)) for name, value in start.items()}
    optimizer = make_optimizer(case["optimizer"], options, list(weights.values()))
    shown = {}
    for step in range(STEPS):
        if step == case.get("assignBefore"):
            with torch.no_grad():
                for name, weight in weights.items():
                    weight.copy_(torch.tensor(assigned[name]))
        if "learningRates" in case:
            optimizer.param_groups[0]["lr"] = case["learningRates"][step]
        for name, weight in weights.items():
            if case["gradients"] == "quadratic":
                curvature, shift = (torch.tensor(quadratic[key][name]) for key in ("curvature", "shift"))
                weight.grad = curvature * weight.detach() - shift
            else:
                weight.grad = torch.tensor(gradients[case["gradients"]][name][step])
            if name == "filter" and step < case.get("filterFrom", 0):
                weight.grad = None
        if "clipNorm" in options:
            torch.nn.utils.clip_grad_norm_(list(weights.values()), options["clipNorm"])
        optimizer.step()
        if "maxNorm" in options:
            with torch.no_grad():
                for weight in weights.values():
                    if weight.dim() > 1:
                        weight.copy_(torch.renorm(weight, 2, weight.dim() - 1, options["maxNorm"]))
        if step + 1 in SHOWN:
            shown[step + 1] = {name: numbers(weight.detach().numpy()) for name, weight in weights.items()}
    slots = {}
    for name, weight in weights.items():
        for key, value in optimizer.state[weight].items():
            if key in SLOTS and value is not None:
                slots[f"{SLOTS[key]}/{name}"] = numbers(value.numpy())
    return {**case, "weights": shown, "slots": slots}


def numbers(array):
    """Nine digits represent a float32 exactly."""
    return [float(f"{value:.9g}") for value in array.ravel()]


def named(arrays):
    return {name: numbers(array) for name, array in arrays.items()}


cosine = [0.05 * (1 + math.cos(math.pi * step / STEPS)) for step in range(STEPS)]
cases = [
    ("sgd", {"learningRate": 0.1}, {}),
    ("sgd", {"learningRate": 0.1, "weightDecay": 0.1}, {}),
    ("sgd", {"learningRate": 0.1, "clipNorm": 2}, {}),
    ("sgd", {"learningRate": 1e4, "clipNorm": 1e-5}, {"gradients": "tiny"}),
    ("sgd", {"learningRate": 0.1, "clipNorm": 2, "weightDecay": 0.1, "maxNorm": 1.5}, {}),
    ("sgd", {"learningRate": 0.1}, {"learningRates": cosine}),
    ("sgd", {"learningRate": 0.05, "momentum": 0.9}, {}),
    ("sgd", {"learningRate": 0.05, "momentum": 0.9, "weightDecay": 0.1}, {}),
    ("sgd", {"learningRate": 0.05, "momentum": 0.9, "dampening": 0.4}, {}),
    ("sgd", {"learningRate": 0.05, "momentum": 0.9, "dampening": 0.4}, {"filterFrom": 20}),
    ("sgd", {"learningRate": 0.05, "momentum": 0.9, "nesterov": True}, {}),
    ("sgd", {"learningRate": 0.05, "momentum": 0.9, "nesterov": True, "weightDecay": 0.1, "clipNorm": 2}, {}),
    ("sgd", {"learningRate": 0.05, "momentum": 0.9}, {"learningRates": cosine}),
    ("sgd", {"learningRate": 0.05, "momentum": 0.9}, {"gradients": "quadratic", "assignBefore": 25}),
    ("adam", {}, {}),
    ("adam", {"learningRate": 0.01}, {}),
    ("adam", {"learningRate": 0.01}, {"gradients": "tiny"}),
    ("adam", {"learningRate": 0.01, "epsilon": 1e-3}, {}),
    ("adam", {"learningRate": 0.01, "beta1": 0.5, "beta2": 0.9}, {}),
    ("adam", {"learningRate": 0.01, "beta1": 0.0, "beta2": 0.0}, {}),
    ("adam", {"learningRate": 0.01, "weightDecay": 0.1}, {}),
    ("adam", {"learningRate": 0.01, "clipNorm": 2}, {}),
    ("adam", {"learningRate": 0.01, "maxNorm": 1.5}, {}),
    ("adam", {"learningRate": 0.01}, {"learningRates": cosine}),
    ("adam", {"learningRate": 0.01}, {"filterFrom": 20}),
    ("adam", {"learningRate": 0.05}, {"gradients": "quadratic", "assignBefore": 25}),
    ("adamW", {}, {}),
    ("adamW", {"learningRate": 0.01, "weightDecay": 0.5}, {}),
    ("adamW", {"learningRate": 0.01, "weightDecay": 0}, {}),
    ("adamW", {"learningRate": 0.01, "weightDecay": 0.5}, {"gradients": "tiny"}),
    ("adamW", {"learningRate": 0.01, "weightDecay": 0.5}, {"learningRates": cosine}),
    ("adamW", {"learningRate": 0.01, "weightDecay": 0.5, "clipNorm": 2, "maxNorm": 1.5}, {}),
    ("adamW", {"learningRate": 0.05, "weightDecay": 0.1}, {"gradients": "quadratic", "assignBefore": 25}),
    ("rmsprop", {}, {}),
    ("rmsprop", {"learningRate": 0.01, "alpha": 0.9}, {}),
    ("rmsprop", {"learningRate": 0.01}, {"gradients": "tiny"}),
    ("rmsprop", {"learningRate": 0.01, "epsilon": 1e-3}, {}),
    ("rmsprop", {"learningRate": 0.01, "centered": True}, {}),
    ("rmsprop", {"learningRate": 0.01, "centered": True}, {"gradients": "tiny"}),
    ("rmsprop", {"learningRate": 0.01, "momentum": 0.9}, {}),
    ("rmsprop", {"learningRate": 0.01, "momentum": 0.9, "centered": True, "weightDecay": 0.1, "clipNorm": 2}, {}),
    ("rmsprop", {"learningRate": 0.01, "weightDecay": 0.1}, {}),
    ("rmsprop", {"learningRate": 0.01, "maxNorm": 1.5}, {}),
    ("rmsprop", {"learningRate": 0.01, "momentum": 0.9}, {"learningRates": cosine}),
    ("rmsprop", {"learningRate": 0.01, "momentum": 0.9}, {"gradients": "quadratic", "assignBefore": 25}),
]

golden = {
    "torch": torch.__version__,
    "shapes": SHAPES,
    "start": named(start),
    "assigned": named(assigned),
    "gradients": {key: {name: [numbers(step) for step in steps] for name, steps in each.items()} for key, each in gradients.items()},
    "quadratic": {key: named(arrays) for key, arrays in quadratic.items()},
    "cases": [
        run({"optimizer": optimizer, "options": options, "gradients": "ordinary", **more})
        for optimizer, options, more in cases
    ],
}
path = pathlib.Path(__file__).with_name("optimizers.json")
path.write_text(json.dumps(golden, separators=(",", ":")).replace('{"optimizer"', '\n{"optimizer"') + "\n")
