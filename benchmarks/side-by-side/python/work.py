"""What all peers share: the weights that they start from and the batches that they see."""

import json
from collections import namedtuple
from pathlib import Path

import numpy as np

Work = namedtuple("Work", "student teacher batches")


def read_work(folder, is_reversed):
    folder = Path(folder)
    shapes = json.loads((folder / "shapes.json").read_text())
    images = np.fromfile(folder / "images.bin", "<f4").reshape(-1, shapes["batch"], shapes["pixels"])
    labels = np.fromfile(folder / "labels.bin", "<i4").reshape(-1, shapes["batch"])
    if is_reversed:
        images, labels = (np.ascontiguousarray(values[:, ::-1]) for values in (images, labels))
    student, teacher = (
        split(np.fromfile(folder / f"{net}.bin", "<f4"), shapes[net]) for net in ("student", "teacher")
    )
    return Work(student, teacher, list(zip(images, labels)))


def split(values, shapes):
    """Kernels [inputs, units] and biases [units], alternately."""
    arrays = []
    for shape in shapes:
        size = int(np.prod(shape))
        arrays.append(values[:size].reshape(shape))
        values = values[size:]
    return arrays


def write_weights(file, weights):
    np.concatenate([np.ravel(array) for array in weights]).astype("<f4").tofile(file)
