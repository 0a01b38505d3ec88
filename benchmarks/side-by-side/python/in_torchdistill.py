"""The recipe in torchdistill: its distillation box with its KDLoss."""

import os

import torch
import torchdistill
from torchdistill.core.distillation import DistillationBox

from in_torch import optimizer_of, perceptron, weights_of

torch.set_num_threads(len(os.sched_getaffinity(0)))

ABOUT = f"torchdistill {torchdistill.__version__}, PyTorch {torch.__version__}"


FORWARD = {"forward_proc": "forward_batch_only"}
LOGITS = {"path": ".", "io": "output"}


def criterion(recipe):
    logits = {f"{net}_module_{part}": value for net in ("student", "teacher") for part, value in LOGITS.items()}
    kd_loss = {
        "key": "KDLoss",
        "kwargs": {
            **logits,
            "temperature": recipe["temperature"],
            "alpha": 1 - recipe["softWeight"],
            "reduction": "batchmean",
        },
    }
    return {
        "key": "WeightedSumLoss",
        "kwargs": {"sub_terms": {"kd": {"criterion": kd_loss, "weight": 1.0}}},
    }



def start(work, recipe):
    student = perceptron(work.student, recipe["activation"])
    teacher = perceptron(work.teacher, "relu")
    key, arguments = optimizer_of(recipe)
    configuration = {
        "num_epochs": 1,
        # Without this line the box also trains the teacher.
        "teacher": {"requires_grad": False, **FORWARD},
        "student": FORWARD,
        "optimizer": {"key": key, "kwargs": arguments},
        "criterion": criterion(recipe),
    }
    box = DistillationBox(teacher, student, {}, configuration, torch.device("cpu"), None, False, 1)

    def step(x, y):
        labels = torch.from_numpy(y).long() if recipe["labels"] else None
        loss = box.forward_process(torch.from_numpy(x), labels)
        box.post_forward_process(loss)
        return loss.item()

    return step, lambda: weights_of(student)
