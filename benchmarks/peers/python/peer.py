"""Times training steps of PyTorch in eager mode on request: one line of JSON in, one line of JSON out."""

import json
import os
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

TEMPERATURE = 4.0


def perceptron(units):
    return nn.Sequential(
        nn.Sequential(nn.Linear(784, units), nn.ReLU()),
        nn.Sequential(nn.Linear(units, units), nn.ReLU(), nn.Linear(units, 10)),
    )


def convnet(channels):
    return nn.Sequential(
        nn.Sequential(nn.Conv2d(1, channels, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        nn.Sequential(
            nn.Conv2d(channels, 2 * channels, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(7 * 7 * 2 * channels, 10),
        ),
    )


def soft_target_loss(student, teacher):
    """The KD loss of RepDistiller: the sum over all elements, divided by the batch size, times T squared."""
    log_q = F.log_softmax(student / TEMPERATURE, dim=1)
    p = F.softmax(teacher / TEMPERATURE, dim=1)
    return F.kl_div(log_q, p, reduction="sum") * TEMPERATURE**2 / student.shape[0]


def step_of(work):
    """Returns a function that makes one step of a work and returns its loss."""
    net, kind = work.split("-", 1)
    if net == "mlp":
        x = torch.randn(128, 784)
        student, teacher, regressor = perceptron(800), perceptron(1200), nn.Linear(800, 1200)
    else:
        x = torch.randn(64, 1, 28, 28)
        student, teacher, regressor = convnet(16), convnet(32), nn.Conv2d(16, 32, 1)
    y = torch.randint(0, 10, (x.shape[0],))
    teacher.eval()
    with torch.no_grad():
        at_hand = teacher(x)

    def plain():
        return F.cross_entropy(student(x), y)

    def distilled(targets):
        logits = student(x)
        return 0.9 * soft_target_loss(logits, targets()) + 0.1 * F.cross_entropy(logits, y)

    @torch.no_grad()
    def live():
        return teacher(x)

    def hint():
        with torch.no_grad():
            target = teacher[0](x)
        return F.mse_loss(regressor(student[0](x)), target)

    losses = {
        "plain": plain,
        "kd": lambda: distilled(live),
        "kd-targets": lambda: distilled(lambda: at_hand),
        "hint": hint,
    }
    learning = [student[0], regressor] if kind == "hint" else [student]
    parameters = [parameter for module in learning for parameter in module.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=1e-3)
    loss_of = losses[kind]

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def main():
    torch.manual_seed(0)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    steps = {}
    print(json.dumps({"type": "ready", "version": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        work = request["work"]
        if work not in steps:
            steps[work] = step_of(work)
        milliseconds = []
        for _ in range(request["steps"]):
            start = time.perf_counter()
            steps[work]()
            milliseconds.append(1000 * (time.perf_counter() - start))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"type": "times", "milliseconds": milliseconds, "peakBytes": peak}), flush=True)


main()
