"""Training steps in PyTorch."""

import itertools

import torch
from torch import nn
from torch.nn import functional as F

from nets import build

FORMATS = {"contiguous": torch.contiguous_format, "channels-last": torch.channels_last}


def soft_target_loss(student, teacher, temperature):
    """The KD loss of RepDistiller: the sum over all elements, divided by the batch size, times T squared."""
    log_q = F.log_softmax(student / temperature, dim=1)
    p = F.softmax(teacher / temperature, dim=1)
    return F.kl_div(log_q, p, reduction="sum") * temperature**2 / student.shape[0]


def regressor_between(kind, width, teacher_width):
    return nn.Linear(width, teacher_width) if kind == "perceptron" else nn.Conv2d(width, teacher_width, 1)


def step_of(work, compiles, layout):
    """Returns a function that makes one step of a work and returns its loss."""
    kind, step, width, teacher_width = (work[key] for key in ("builder", "step", "width", "teacherWidth"))
    temperature, soft_weight = work["temperature"], work["softWeight"]
    shape = work["input"]
    if len(shape) == 3:
        shape = [shape[2], shape[0], shape[1]]

    def placed(value):
        return value.to(memory_format=FORMATS[layout]) if len(shape) == 3 else value

    student, teacher = placed(build(kind, width)), placed(build(kind, teacher_width))
    teacher.eval()
    batches = []
    for _ in range(work["batches"]):
        x = placed(torch.randn(work["batch"], *shape))
        with torch.no_grad():
            batches.append((x, torch.randint(0, 10, (work["batch"],)), teacher(x)))
    learning = [student]
    if step == "hint":
        regressor = placed(regressor_between(kind, width, teacher_width))
        learning = [student[0], regressor]

    def distilled(x, y, targets):
        logits = student(x)
        soft = soft_target_loss(logits, targets, temperature)
        return soft_weight * soft + (1 - soft_weight) * F.cross_entropy(logits, y)

    def live(x, y, _):
        with torch.no_grad():
            targets = teacher(x)
        return distilled(x, y, targets)

    def hint(x, _y, _targets):
        with torch.no_grad():
            target = teacher[0](x)
        return F.mse_loss(regressor(student[0](x)), target)

    losses = {
        "plain": lambda x, y, _: F.cross_entropy(student(x), y),
        "kd": live,
        "kd-targets": distilled,
        "kd-cached": distilled,
        "hint": hint,
    }
    parameters = [parameter for module in learning for parameter in module.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=work["learningRate"])
    loss_of, take_step = losses[step], optimizer.step
    if compiles:
        loss_of, take_step = torch.compile(loss_of), torch.compile(take_step)
    in_turn = itertools.cycle(batches)

    def one_step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(*next(in_turn))
        loss.backward()
        take_step()
        return loss.item()

    return one_step
