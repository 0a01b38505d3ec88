"""Writes ensemble-weights.json: weights of ensembles on the simplex, found by SciPy's SLSQP in float64.

    pip install numpy scipy
    python make_weights.py
"""

import json
import pathlib

import numpy as np
import scipy
from scipy.optimize import minimize
from scipy.special import log_softmax, logsumexp

random = np.random.default_rng(3)
EXAMPLES, CLASSES = 60, 4
NAMES = ["sharp", "dull", "wrong"]

labels = random.integers(0, CLASSES, EXAMPLES)
right = np.eye(CLASSES)[labels]
noise = random.standard_normal((len(NAMES), EXAMPLES, CLASSES))
# One member is overconfident, one knows more but is unsure, and one knows next to nothing.
logits = np.array([2.0 * right + 2.5 * noise[0], 1.2 * right + 0.6 * noise[1], 0.1 * right + noise[2]])
logits = logits.astype(np.float32).astype(np.float64)
log_p = log_softmax(logits, axis=-1)


def arithmetic(w):
    chosen = log_p[:, np.arange(EXAMPLES), labels]
    return -logsumexp(chosen, axis=0, b=w[:, None]).mean()


def geometric(w):
    mixed = np.einsum("k,knc->nc", w, log_p)
    return -log_softmax(mixed, axis=-1)[np.arange(EXAMPLES), labels].mean()


def fit(objective):
    equal = np.full(len(NAMES), 1 / len(NAMES))
    best = minimize(
        objective,
        equal,
        method="SLSQP",
        bounds=[(0, 1)] * len(NAMES),
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        options={"ftol": 1e-14, "maxiter": 1000},
    )
    return {
        "weights": dict(zip(NAMES, [round(float(w), 6) for w in best.x])),
        "before": float(f"{objective(equal):.9g}"),
        "after": float(f"{best.fun:.9g}"),
    }


golden = {
    "reference": f"SLSQP of scipy {scipy.__version__}",
    "labels": labels.tolist(),
    "logits": {name: [[float(f"{v:.9g}") for v in row] for row in member] for name, member in zip(NAMES, logits.tolist())},
    "arithmetic": fit(arithmetic),
    "geometric": fit(geometric),
}
path = pathlib.Path(__file__).parent / "ensemble-weights.json"
path.write_text(json.dumps(golden) + "\n")
