"""The recipe in plain PyTorch, with the KD loss of RepDistiller."""

import os

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(len(os.sched_getaffinity(0)))

ABOUT = f"PyTorch {torch.__version__}"


ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh}


def perceptron(weights, activation):
    layers = []
    for kernel, bias in zip(weights[::2], weights[1::2]):
        layer = nn.Linear(*kernel.shape)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(kernel.T))
            layer.bias.copy_(torch.from_numpy(bias))
        layers += [layer, ACTIVATIONS[activation]()]
    return nn.Sequential(*layers[:-1])


def weights_of(model):
    pairs = [(layer.weight, layer.bias) for layer in model if isinstance(layer, nn.Linear)]
    return [array.detach().numpy() for weight, bias in pairs for array in (weight.T, bias)]


def optimizer_of(recipe):
    """The key and the arguments of an optimizer of PyTorch."""
    rate = {"lr": recipe["learningRate"]}
    if recipe["optimizer"] == "sgd":
        return "SGD", {**rate, "momentum": recipe["momentum"]}
    return "Adam", {**rate, "eps": recipe["epsilon"]}


def start(work, recipe):
    student = perceptron(work.student, recipe["activation"])
    teacher = perceptron(work.teacher, "relu")
    temperature, soft_weight = recipe["temperature"], recipe["softWeight"]
    key, arguments = optimizer_of(recipe)
    optimizer = getattr(torch.optim, key)(student.parameters(), **arguments)

    def step(x, y):
        x, y = torch.from_numpy(x), torch.from_numpy(y).long()
        with torch.no_grad():
            targets = F.softmax(teacher(x) / temperature, dim=1)
        logits = student(x)
        log_probabilities = F.log_softmax(logits / temperature, dim=1)
        soft = F.kl_div(log_probabilities, targets, reduction="batchmean") * temperature**2
        loss = soft_weight * soft + (1 - soft_weight) * F.cross_entropy(logits, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step, lambda: weights_of(student)
