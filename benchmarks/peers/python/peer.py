"""
Times training steps of PyTorch on request: one line of JSON in, one line of JSON out.

python -I peer.py eager|compile contiguous|channels-last
"""

import json
import os
import sys
import time

# An isolated Python does not look for modules beside its program.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import torch  # noqa: E402

from steps import step_of  # noqa: E402


def answer(**message):
    print(json.dumps(message), flush=True)


def main(mode, layout):
    torch.manual_seed(0)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    capability = torch.backends.cpu.get_cpu_capability()
    answer(version=torch.__version__, threads=torch.get_num_threads(), capability=capability)
    steps = {}
    for line in sys.stdin:
        request = json.loads(line)
        work = request["work"]
        name = work["name"]
        if name not in steps:
            steps[name] = step_of(work, mode == "compile", layout)
        milliseconds = []
        for _ in range(request["steps"]):
            start = time.perf_counter()
            steps[name]()
            milliseconds.append(1000 * (time.perf_counter() - start))
        answer(milliseconds=milliseconds)


main(*sys.argv[1:])
