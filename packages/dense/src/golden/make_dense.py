"""Writes channel-wise.json, pearson-features.json and localization.json: losses and gradients in float64.

    python3 make_dense.py

Channel-wise: Shu et al. 2021, Channel-wise Knowledge Distillation for Dense Prediction (arXiv:2011.13256),

    T² / C  sum_c KL(p_c || q_c),    p_c = softmax over positions of t_c / T,  q_c of s_c / T

the mean over the examples; the same as in github.com/open-mmlab/mmrazor, mmrazor/models/losses/cwd.py.

Pearson: Cao et al. 2022, PKD: General Distillation Framework for Object Detectors via Pearson Correlation
Coefficient (arXiv:2207.02039),

    1 / (2 n C)  sum (z(s) - z(t))²

z centres each channel and divides it by its deviation over the n values of batch and positions. With the biased
deviation that is the mean of 1 - r over the channels. The form "mmrazor" is that of pkd_loss.py there: the
unbiased deviation, plus 1e-6.

Localization: Zheng et al. 2022, Localization Distillation for Dense Object Detection (arXiv:2102.12252),

    T² sum_edges KL(p || q) at each location,    p = softmax over bins of t / T,  q of s / T

the mean over the locations, weighted by the region. The form "ld" is that of github.com/HikariTJU/LD, kd_loss.py
and ld_head.py in mmdet/models: the mean over the bins and the four edges, and the weighted sum over locations.

Gradients are by complex steps, Im f(x + i h) / h, which are exact to rounding for analytic functions (Squire
and Trapp 1998, Using Complex Variables to Estimate Derivatives of Real Functions).
"""

import cmath
import json
import pathlib

STEP = 1e-30


def numbers(seed, scale=1):
    """Multiples of 1/64 from -2 to 2, the same in every run, times a scale."""
    state = seed
    while True:
        state = (1103515245 * state + 12345) % 2**31
        yield scale * ((state >> 8) % 257 - 128) / 64


def filled(shape, draw):
    if not shape:
        return next(draw)
    return [filled(shape[1:], draw) for _ in range(shape[0])]


def log_softmax(row, temperature):
    scaled = [x / temperature for x in row]
    most = max(complex(x).real for x in scaled)
    total = most + cmath.log(sum(cmath.exp(x - most) for x in scaled))
    return [x - total for x in scaled]


def divergence(teacher, student, temperature):
    """T² KL(p || q)."""
    pairs = list(zip(log_softmax(teacher, temperature), log_softmax(student, temperature)))
    return temperature**2 * sum(cmath.exp(log_p) * (log_p - log_q) for log_p, log_q in pairs)


def channels_of(maps):
    """The values of all positions of all maps for each channel."""
    return list(zip(*[pixel for image in maps for row in image for pixel in row]))


def channel_wise(teacher, student, temperature):
    total = 0
    for image, other in zip(teacher, student):
        pairs = list(zip(channels_of([image]), channels_of([other])))
        total += sum(divergence(t, s, temperature) for t, s in pairs) / len(pairs)
    return total / len(teacher)


def standardised(values, unbiased, epsilon):
    mean = sum(values) / len(values)
    variance = sum((x - mean) ** 2 for x in values) / (len(values) - unbiased)
    return [(x - mean) / (cmath.sqrt(variance) + epsilon) for x in values]


def pearson(teacher, student, form):
    how = (1, 1e-6) if form == "mmrazor" else (0, 0)
    pairs = list(zip(channels_of(teacher), channels_of(student)))
    squares = [
        (a - b) ** 2 for t, s in pairs for a, b in zip(standardised(t, *how), standardised(s, *how))
    ]
    return sum(squares) / len(squares) / 2


def localization(teacher, student, region, temperature, form):
    total, weights = 0, 0
    for example in range(len(teacher)):
        for location in range(len(teacher[example])):
            pairs = list(zip(teacher[example][location], student[example][location]))
            value = sum(divergence(t, s, temperature) for t, s in pairs)
            bins = len(pairs[0][0])
            weight = 1 if region is None else region[example][location]
            total += weight * (value / bins / len(pairs) if form == "ld" else value)
            weights += weight
    return total if form == "ld" else total / weights


def gradient(array, loss):
    """Moves each number of the array in place, and puts it back."""
    slopes = []
    for index, value in enumerate(array):
        if isinstance(value, list):
            slopes.append(gradient(value, loss))
            continue
        array[index] = complex(value, STEP)
        slopes.append(loss().imag / STEP)
        array[index] = value
    return slopes


def case(name, params, inputs, loss):
    return {
        "name": name,
        "params": params,
        "inputs": {key: value for key, value in inputs.items() if value is not None},
        "expected": {"loss": complex(loss()).real, "gradStudent": gradient(inputs["student"], loss)},
    }


def channel_wise_case(name, shape, temperature, seed, scale=1):
    draw = numbers(seed, scale)
    teacher, student = filled(shape, draw), filled(shape, draw)
    return case(
        name,
        {"temperature": temperature},
        {"student": student, "teacher": teacher},
        lambda: channel_wise(teacher, student, temperature),
    )


def pearson_case(name, shape, seed, form="paper"):
    draw = numbers(seed)
    teacher, student = filled(shape, draw), filled(shape, draw)
    return case(
        name,
        {"form": form},
        {"student": student, "teacher": teacher},
        lambda: pearson(teacher, student, form),
    )


def localization_case(name, shape, temperature, seed, region=None, form="paper"):
    draw = numbers(seed, 4)
    teacher, student = filled(shape, draw), filled(shape, draw)
    return case(
        name,
        {"temperature": temperature, "form": form},
        {"student": student, "teacher": teacher, "region": region},
        lambda: localization(teacher, student, region, temperature, form),
    )


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def write(name, cases):
    path = pathlib.Path(__file__).parent / f"{name}.json"
    path.write_text(json.dumps(rounded({"method": name, "cases": cases}), separators=(",", ":")) + "\n")


region = [[0.25, 0, 1], [0, 0.5, 0.75]]
write(
    "channel-wise",
    [
        channel_wise_case("temperature 1", [2, 3, 4, 2], 1, 1),
        channel_wise_case("temperature 4", [2, 4, 3, 3], 4, 2, 4),
        channel_wise_case("large logits", [1, 2, 2, 2], 1, 3, 20),
    ],
)
write(
    "pearson-features",
    [
        pearson_case("two examples", [2, 3, 4, 2], 1),
        pearson_case("one example", [1, 2, 3, 3], 2),
        pearson_case("as mmrazor", [2, 3, 2, 2], 3, "mmrazor"),
    ],
)
write(
    "localization",
    [
        localization_case("all locations", [2, 3, 4, 5], 1, 1),
        localization_case("a region, temperature 10", [2, 3, 4, 5], 10, 2, region),
        localization_case("as LD", [2, 3, 4, 3], 10, 3, region, "ld"),
    ],
)
