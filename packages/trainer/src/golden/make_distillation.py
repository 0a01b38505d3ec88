"""Writes distillation.json: the losses of 200 steps of distillation in PyTorch, computed in float64.

    pip install torch==2.15.0
    python make_distillation.py

Weights and examples are numbers that both sides make from seeds, exact in float32, so that the losses are all that has to be kept.
"""

import json
import math
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

STEPS = 200
BATCH = 8
BATCHES = 8
CLASSES = 10
TEMPERATURE = 4.0
SOFT_WEIGHT = 0.9
HARD_WEIGHT = 0.1


def numbers(shape, seed, limit):
    """Uniform between -limit and limit, by the generator of Park and Miller 1988, rounded to float32."""
    modulus = 2147483647
    state = seed + 1
    values = []
    for _ in range(math.prod(shape)):
        state = state * 16807 % modulus
        values.append(limit * (2 * (state / modulus) - 1))
    return torch.tensor(values, dtype=torch.float32).reshape(shape).double()


def glorot(kernel):
    """The limit of Glorot and Bengio 2010 for a tfjs kernel shape [..., inputs, outputs]."""
    return math.sqrt(6 / (math.prod(kernel[:-2]) * (kernel[-2] + kernel[-1])))


class Kernels(nn.Module):
    """Layers with tfjs kernel shapes, initialised by seed and position; biases start at zero."""

    def __init__(self, shapes, seed, scale):
        super().__init__()
        self.kernels = nn.ParameterList(
            numbers(shape, 1000 * seed + place, scale * glorot(shape)) for place, shape in enumerate(shapes)
        )
        self.biases = nn.ParameterList(torch.zeros(shape[-1], dtype=torch.float64) for shape in shapes)


class Dense(Kernels):
    def __init__(self, units, seed, scale):
        super().__init__([[20, units], [units, units], [units, CLASSES]], seed, scale)

    def forward(self, x):
        (first, second, third), (a, b, c) = self.kernels, self.biases
        x = F.relu(x @ first + a)
        x = F.relu(x @ second + b)
        return x @ third + c


class Convolutional(Kernels):
    def __init__(self, filters, seed, scale):
        shapes = [[3, 3, 1, filters], [3, 3, filters, 2 * filters], [4 * 2 * filters, CLASSES]]
        super().__init__(shapes, seed, scale)

    def forward(self, x):
        (first, second, third), (a, b, c) = self.kernels, self.biases
        x = x.permute(0, 3, 1, 2)
        x = F.max_pool2d(F.relu(F.conv2d(x, first.permute(3, 2, 0, 1), a, padding=1)), 2)
        x = F.max_pool2d(F.relu(F.conv2d(x, second.permute(3, 2, 0, 1), b, padding=1)), 2)
        return x.permute(0, 2, 3, 1).flatten(1) @ third + c


NETS = {
    "dense": {"layers": Dense, "student": 16, "teacher": 32, "shape": [20]},
    "convolutional": {"layers": Convolutional, "student": 3, "teacher": 6, "shape": [8, 8, 1]},
}
OPTIMIZERS = {
    "adam": lambda weights: torch.optim.Adam(weights, lr=1e-3),
    "sgd": lambda weights: torch.optim.SGD(weights, lr=0.01, momentum=0.9),
}


def losses_of(net, make_optimizer):
    student = net["layers"](net["student"], 1, 1)
    # Larger weights, so that logits differ as much as those of a trained teacher.
    teacher = net["layers"](net["teacher"], 2, 2)
    inputs = numbers([BATCHES, BATCH, *net["shape"]], 3, 1.0)
    labels = torch.arange(BATCHES * BATCH).mul(7).remainder(CLASSES).reshape(BATCHES, BATCH)
    optimizer = make_optimizer(student.parameters())
    losses = {"soft": [], "hard": []}
    for step in range(STEPS):
        x, y = inputs[step % BATCHES], labels[step % BATCHES]
        with torch.no_grad():
            log_p = F.log_softmax(teacher(x) / TEMPERATURE, dim=1)
        logits = student(x)
        log_q = F.log_softmax(logits / TEMPERATURE, dim=1)
        soft = TEMPERATURE**2 * F.kl_div(log_q, log_p, reduction="batchmean", log_target=True)
        hard = F.cross_entropy(logits, y)
        optimizer.zero_grad()
        (SOFT_WEIGHT * soft + HARD_WEIGHT * hard).backward()
        optimizer.step()
        for name, loss in (("soft", soft), ("hard", hard)):
            losses[name].append(float(f"{loss.item():.9g}"))
    return losses


# The nets are too small for several threads.
torch.set_num_threads(1)
cases = [("dense", "adam"), ("dense", "sgd"), ("convolutional", "sgd")]
golden = {
    "torch": torch.__version__,
    "cases": [
        {"net": net, "optimizer": optimizer, "losses": losses_of(NETS[net], OPTIMIZERS[optimizer])}
        for net, optimizer in cases
    ],
}
path = pathlib.Path(__file__).with_name("distillation.json")
path.write_text(json.dumps(golden, separators=(",", ":")).replace('{"net"', '\n{"net"') + "\n")
