"""Times training steps of PyTorch on request: one line of JSON in, one line of JSON out."""

import argparse
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

TEMPERATURE = 4.0
SHAPES = {"dense": (784,), "conv": (1, 28, 28), "resnet": (3, 32, 32)}


def dense(units):
    return nn.Sequential(
        nn.Linear(784, units), nn.ReLU(), nn.Linear(units, units), nn.ReLU(), nn.Linear(units, 10)
    )


def conv(channels):
    return nn.Sequential(
        nn.Conv2d(1, channels, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(channels, 2 * channels, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(7 * 7 * 2 * channels, 10),
    )


def normalised(channels, filters, size, stride):
    convolution = nn.Conv2d(channels, filters, size, stride, padding=size // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(filters))


class Block(nn.Module):
    def __init__(self, channels, filters, stride):
        super().__init__()
        self.first = normalised(channels, filters, 3, stride)
        self.second = normalised(filters, filters, 3, 1)
        self.shortcut = nn.Identity() if stride == 1 else normalised(channels, filters, 1, stride)

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x))) + self.shortcut(x))


def resnet(width):
    return nn.Sequential(
        normalised(3, width, 3, 1),
        nn.ReLU(),
        Block(width, width, 1),
        Block(width, 2 * width, 2),
        Block(2 * width, 4 * width, 2),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(4 * width, 10),
    )


NETS = {"dense": dense, "conv": conv, "resnet": resnet}


def soft_target_loss(student, teacher):
    """The KD loss of RepDistiller: the sum over all elements, divided by the batch size, times T squared."""
    log_q = F.log_softmax(student / TEMPERATURE, dim=1)
    p = F.softmax(teacher / TEMPERATURE, dim=1)
    return F.kl_div(log_q, p, reduction="sum") * TEMPERATURE**2 / student.shape[0]


def step_of(work, device, compiles):
    """Returns a function that makes one step of a work and reads its loss."""
    net = NETS[work["net"]]
    student = net(work["width"]).to(device)
    x = torch.randn(work["batch"], *SHAPES[work["net"]], device=device)
    y = (torch.arange(work["batch"], device=device) % 10).long()
    if work["step"] == "plain":

        def loss_of(x, y):
            return F.cross_entropy(student(x), y)

    else:
        teacher = net(work["teacherWidth"]).to(device).eval()

        def loss_of(x, y):
            with torch.no_grad():
                taught = teacher(x)
            logits = student(x)
            return 0.9 * soft_target_loss(logits, taught) + 0.1 * F.cross_entropy(logits, y)

    if compiles:
        torch._dynamo.reset()
        loss_of = torch.compile(loss_of, dynamic=False)
    optimizer = torch.optim.Adam(student.parameters(), lr=1e-3)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(x, y)
        loss.backward()
        optimizer.step()
        # Waits for the device.
        return loss.item()

    return step


def timed(step, request):
    step()
    limit = request["seconds"]
    start = time.perf_counter()
    for _ in range(request["untimed"] - 1):
        step()
        if time.perf_counter() - start > limit:
            break
    milliseconds = []
    start = time.perf_counter()
    for _ in range(request["steps"]):
        before = time.perf_counter()
        step()
        now = time.perf_counter()
        milliseconds.append(1000 * (now - before))
        if now - start > limit:
            break
    return milliseconds


def send(message):
    print(json.dumps(message), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--tf32", action="store_true")
    options = parser.parse_args()
    if options.device == "cuda" and not torch.cuda.is_available():
        send({"type": "failure", "message": f"PyTorch {torch.__version__} sees no GPU"})
        return
    torch.manual_seed(0)
    torch.backends.cuda.matmul.allow_tf32 = options.tf32
    torch.backends.cudnn.allow_tf32 = options.tf32
    name = torch.cuda.get_device_name() if options.device == "cuda" else "processor"
    tf32 = "TF32" if options.tf32 else "float32"
    send({"type": "ready", "about": f"PyTorch {torch.__version__}, CUDA {torch.version.cuda}, {tf32}, on {name}"})
    current, step = None, None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["work"] != current:
                step = None
                if options.device == "cuda":
                    torch.cuda.empty_cache()
                step = step_of(request["work"], options.device, options.compile)
                current = request["work"]
            answer = {"type": "times", "milliseconds": timed(step, request)}
            if options.compile:
                answer["compiled"] = True
        except Exception as error:  # noqa: BLE001, whatever it is, the other works go on
            current = None
            answer = {"type": "failure", "message": f"{type(error).__name__}: {error}"[:1000]}
        send(answer)


main()
