"""Writes fusion.json: losses and gradients of ReviewKD's fusion blocks in float64.

    python3 make_fusion.py

Chen, Liu, Zhao, Jia 2021, Distilling Knowledge via Knowledge Review (arXiv:2104.09044), with what the paper
leaves open as in the authors' code: github.com/dvlab-research/ReviewKD, CIFAR-100/model/reviewkd.py.

From the deepest stage i = n to the shallowest, for the student's maps x_i and the teacher's t_i:

    r_i = BN(conv1x1(x_i))                       to `mid` channels
    f_n = r_n
    f_i = r_i a + up(f_{i+1}) b,  (a, b) = sigmoid(conv1x1([r_i, up(f_{i+1})])), to the size of x_i
    f_i = nearest(f_i) of the size of t_i, and so it goes on to the next stage
    y_i = BN(conv3x3(f_i))                       to the channels of t_i
    loss = sum_i HCL(y_i, t_i)

BN normalises by the biased variance of batch and positions plus 1e-5; nearest takes for row i of n the row
floor(i m / n) of m. HCL sums the mean squared error at full size with the weight 1 and of maps pooled to 4, 2
and 1 with the weights 1/2, 1/4, 1/8, as far as they are smaller, and divides by the sum of the weights used.
Each axis longer than such a size is pooled to it; the authors' code looks at the height alone.

Gradients are by complex steps, Im f(x + i h) / h, which are exact to rounding for analytic functions (Squire
and Trapp 1998, Using Complex Variables to Estimate Derivatives of Real Functions).
"""

import cmath
import json
import math
import pathlib

STEP = 1e-30
EPSILON = 1e-5


def numbers(seed):
    """Multiples of 1/64 from -2 to 2, the same in every run."""
    state = seed
    while True:
        state = (1103515245 * state + 12345) % 2**31
        yield ((state >> 8) % 257 - 128) / 64


def filled(shape, draw):
    if not shape:
        return next(draw)
    return [filled(shape[1:], draw) for _ in range(shape[0])]


def shape_of(array):
    return [len(array), *shape_of(array[0])] if isinstance(array, list) else []


def as_maps(array):
    """A vector for each example counts as a map of one position."""
    return [[[row]] for row in array] if len(shape_of(array)) == 2 else array


def at_each(maps, change):
    return [[[change(pixel) for pixel in row] for row in image] for image in maps]


def product(pixel, kernel):
    return [sum(x * row[to] for x, row in zip(pixel, kernel)) for to in range(len(kernel[0]))]


def conv3x3(maps, kernel):
    _, height, width, _ = shape_of(maps)
    out = range(len(kernel[0][0][0]))

    def pixel_at(image, i, j):
        total = [0 for _ in out]
        for di in range(3):
            for dj in range(3):
                if 0 <= i + di - 1 < height and 0 <= j + dj - 1 < width:
                    part = product(image[i + di - 1][j + dj - 1], kernel[di][dj])
                    total = [a + b for a, b in zip(total, part)]
        return total

    return [[[pixel_at(image, i, j) for j in range(width)] for i in range(height)] for image in maps]


def normalised(maps, scale, offset):
    pixels = [pixel for image in maps for row in image for pixel in row]
    channels = list(zip(*pixels))
    means = [sum(channel) / len(channel) for channel in channels]
    deviations = [
        cmath.sqrt(sum((x - mean) ** 2 for x in channel) / len(channel) + EPSILON)
        for channel, mean in zip(channels, means)
    ]
    return at_each(
        maps,
        lambda pixel: [
            (x - mean) / deviation * a + b
            for x, mean, deviation, a, b in zip(pixel, means, deviations, scale, offset)
        ],
    )


def nearest(maps, height, width):
    _, rows, columns, _ = shape_of(maps)
    return [
        [[image[i * rows // height][j * columns // width] for j in range(width)] for i in range(height)]
        for image in maps
    ]


def pooled(image, size):
    height, width, channels = shape_of(image)

    def cells(full):
        to = min(size, full)
        return [range(k * full // to, math.ceil((k + 1) * full / to)) for k in range(to)]

    return [
        [
            [
                sum(image[i][j][channel] for i in rows for j in columns) / (len(rows) * len(columns))
                for channel in range(channels)
            ]
            for columns in cells(width)
        ]
        for rows in cells(height)
    ]


def flat(array):
    return [x for part in array for x in flat(part)] if isinstance(array, list) else [array]


def mean_square(image, other):
    differences = [a - b for a, b in zip(flat(image), flat(other))]
    return sum(x * x for x in differences) / len(differences)


def context_loss(student, teacher):
    """The mean over the examples."""
    longest = max(shape_of(student)[1:3])
    levels = [None, *[size for size in (4, 2, 1) if size < longest]]
    total = 0
    for image, other in zip(student, teacher):
        for level, size in enumerate(levels):
            pair = (image, other) if size is None else (pooled(image, size), pooled(other, size))
            total += 0.5**level * mean_square(*pair)
    return total / sum(0.5**level for level in range(len(levels))) / len(student)


def sigmoid(x):
    return 1 / (1 + cmath.exp(-x))


def fuse(reduced, deeper, kernel, bias):
    def pixel_of(x, y):
        a, b = [sigmoid(z + c) for z, c in zip(product(x + y, kernel), bias)]
        return [a * p + b * q for p, q in zip(x, y)]

    return [
        [[pixel_of(x, y) for x, y in zip(row, other)] for row, other in zip(image, below)]
        for image, below in zip(reduced, deeper)
    ]


def loss_of(student, teacher, weights):
    deeper, total = None, 0
    for stage in reversed(range(len(student))):
        x, t = as_maps(student[stage]), as_maps(teacher[stage])
        (height, width), (to_height, to_width) = shape_of(x)[1:3], shape_of(t)[1:3]
        reduced = at_each(x, lambda pixel: product(pixel, weights["reduce"][stage]))
        fused = normalised(reduced, weights["reduceScale"][stage], weights["reduceOffset"][stage])
        if deeper is not None:
            above = nearest(deeper, height, width)
            fused = fuse(fused, above, weights["attention"][stage], weights["attentionBias"][stage])
        deeper = nearest(fused, to_height, to_width)
        expanded = conv3x3(deeper, weights["expand"][stage])
        total += context_loss(
            normalised(expanded, weights["expandScale"][stage], weights["expandOffset"][stage]), t
        )
    return total


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


def case(name, student_shapes, teacher_shapes, mid, seed):
    draw = numbers(seed)
    student = [filled(shape, draw) for shape in student_shapes]
    teacher = [filled(shape, draw) for shape in teacher_shapes]
    ones = [(shape[-1], other[-1]) for shape, other in zip(student_shapes, teacher_shapes)]
    weights = {
        "reduce": [filled([given, mid], draw) for given, _ in ones],
        "reduceScale": [filled([mid], draw) for _ in ones],
        "reduceOffset": [filled([mid], draw) for _ in ones],
        "attention": [filled([2 * mid, 2], draw) for _ in ones[1:]],
        "attentionBias": [filled([2], draw) for _ in ones[1:]],
        "expand": [filled([3, 3, mid, wanted], draw) for _, wanted in ones],
        "expandScale": [filled([wanted], draw) for _, wanted in ones],
        "expandOffset": [filled([wanted], draw) for _, wanted in ones],
    }

    def loss():
        return loss_of(student, teacher, weights)

    return {
        "name": name,
        "params": {"channels": mid},
        "inputs": {"student": student, "teacher": teacher, **weights},
        "expected": {
            "loss": complex(loss()).real,
            "gradStudent": gradient(student, loss),
            "gradParams": {
                f"{part}/{stage}": gradient(array, loss)
                for part, arrays in weights.items()
                for stage, array in enumerate(arrays)
            },
        },
    }


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


cases = [
    case("one stage", [[2, 2, 3, 2]], [[2, 2, 3, 3]], 2, 1),
    case("two stages of equal sizes", [[2, 4, 4, 2], [2, 2, 2, 3]], [[2, 4, 4, 3], [2, 2, 2, 2]], 3, 2),
    case(
        "three stages of other sizes, and vectors",
        [[3, 4, 5, 2], [3, 3, 2, 2], [3, 3]],
        [[3, 6, 6, 2], [3, 2, 2, 3], [3, 2]],
        2,
        3,
    ),
]
path = pathlib.Path(__file__).parent / "fusion.json"
path.write_text(json.dumps(rounded({"method": "reviewkd fusion", "cases": cases}), separators=(",", ":")) + "\n")
