"""Writes feature_queue.json: losses and gradients of a feature queue, in float64, with nothing but Python.

    python3 make_feature_queue.py

The formula is that of lightly-train's distillation (github.com/lightly-ai/lightly-train,
src/lightly_train/_methods/distillation, at commit 8f5a75c4107743fc9fdbd77e6fbc45664a014fd0): the mean over a
batch of KL(softmax(Q t / T) || softmax(Q s / T)), t and s = x W + b of length 1. Q has the teacher's vectors t
of this batch and those of the queue; here without its empty places, which count as vectors of zeros there.
"""

import json
import math
import pathlib


def numbers(rows, columns, seed, limit=2.0):
    """Multiples of 1/64, exact in float32, by the generator of Park and Miller 1988."""
    state, values = seed, []
    for _ in range(rows):
        row = []
        for _ in range(columns):
            state = state * 16807 % 2147483647
            row.append(round(64 * limit * (2 * state / 2147483647 - 1)) / 64)
        values.append(row)
    return values


def dot(a, b):
    return math.fsum(x * y for x, y in zip(a, b))


def unit(vector):
    length = math.sqrt(dot(vector, vector))
    return [x / length for x in vector]


def softmax(logits):
    largest = max(logits)
    powers = [math.exp(x - largest) for x in logits]
    return [power / math.fsum(powers) for power in powers]


def project(inputs, x):
    columns = list(zip(*inputs["kernel"]))
    return [dot(x, column) + bias for column, bias in zip(columns, inputs["bias"])]


def loss(inputs, temperature):
    teachers = [unit(t) for t in inputs["teacher"]]
    classes = teachers + [unit(q) for q in inputs["queue"] if any(q)]
    total = 0.0
    for t, x in zip(teachers, inputs["student"]):
        p, q = (softmax([dot(c, v) / temperature for c in classes]) for v in (t, unit(project(inputs, x))))
        total += math.fsum(a * (math.log(a) - math.log(b)) for a, b in zip(p, q))
    return total / len(teachers)


def gradients(inputs, temperature):
    teachers = [unit(t) for t in inputs["teacher"]]
    classes = teachers + [unit(q) for q in inputs["queue"] if any(q)]
    batch, length = len(teachers), len(inputs["bias"])
    of_kernel = [[0.0] * length for _ in inputs["kernel"]]
    of_bias, of_student = [0.0] * length, []
    for t, x in zip(teachers, inputs["student"]):
        u = project(inputs, x)
        s = unit(u)
        p, q = (softmax([dot(c, v) / temperature for c in classes]) for v in (t, s))
        of_unit = [math.fsum((b - a) * c[d] for a, b, c in zip(p, q, classes)) / temperature for d in range(length)]
        along = dot(of_unit, s)
        of_projected = [(g - along * y) / math.sqrt(dot(u, u)) / batch for g, y in zip(of_unit, s)]
        of_student.append([dot(row, of_projected) for row in inputs["kernel"]])
        for row, value in zip(of_kernel, x):
            for d in range(length):
                row[d] += value * of_projected[d]
        of_bias = [a + b for a, b in zip(of_bias, of_projected)]
    return of_student, {"kernel": of_kernel, "bias": of_bias}


def differs(inputs, temperature, gradient, name):
    """The largest difference from central differences."""
    worst, step = 0.0, 1e-5
    for row, slopes in zip(inputs[name], gradient):
        for at, slope in enumerate(slopes):
            value, sides = row[at], []
            for sign in (1, -1):
                row[at] = value + sign * step
                sides.append(loss(inputs, temperature))
            row[at] = value
            worst = max(worst, abs((sides[0] - sides[1]) / (2 * step) - slope))
    return worst


def case(name, batch, sizes, filled, size, temperature, seed):
    student, teacher = sizes
    queue = numbers(filled, teacher, seed + 2) + [[0.0] * teacher for _ in range(size - filled)]
    inputs = {
        "student": numbers(batch, student, seed),
        "teacher": numbers(batch, teacher, seed + 1),
        "queue": queue,
        "kernel": numbers(student, teacher, seed + 3, 1.0),
        "bias": numbers(1, teacher, seed + 4, 0.5)[0],
    }
    of_student, of_parameters = gradients(inputs, temperature)
    assert differs(inputs, temperature, of_student, "student") < 1e-6
    assert differs(inputs, temperature, of_parameters["kernel"], "kernel") < 1e-6
    expected = {"loss": loss(inputs, temperature), "gradStudent": of_student, "gradParams": of_parameters}
    return {"name": name, "params": {"temperature": temperature, "size": size}, "inputs": inputs, "expected": expected}


cases = [
    case("full_queue", 3, (4, 5), 6, 6, 0.07, 11),
    case("partly_filled", 4, (3, 2), 3, 8, 0.2, 23),
    case("empty_queue", 3, (5, 4), 0, 4, 0.07, 37),
    case("one_example", 1, (4, 3), 5, 5, 0.5, 41),
    case("more_than_the_queue_holds", 5, (2, 3), 2, 2, 0.1, 53),
]
path = pathlib.Path(__file__).with_name("feature_queue.json")
source = {
    "repo": "lightly-ai/lightly-train",
    "file": "src/lightly_train/_methods/distillation",
    "commit": "8f5a75c4107743fc9fdbd77e6fbc45664a014fd0",
}
note = "its formula in float64, by make_feature_queue.py; the classes are the batch and the places that are filled"
path.write_text(json.dumps({"method": "feature_queue", "reference": source, "note": note, "cases": cases}) + "\n")
