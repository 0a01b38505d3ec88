"""
Makes steps of one run on request: one line of JSON in, one line of JSON out.

python -I peer.py in_torch|in_torchdistill|in_keras
"""

import importlib
import json
import os
import resource
import sys
import time

# An isolated Python does not look for modules beside its program.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from work import read_work, write_weights  # noqa: E402

# Libraries may print; the answers have the original standard output to themselves.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def answer(**message):
    print(json.dumps(message), file=answers, flush=True)


def main(module):
    peer = importlib.import_module(module)
    answer(about=peer.ABOUT)
    taken = 0
    for line in sys.stdin:
        request = json.loads(line)
        if request["type"] == "start":
            recipe = request["recipe"]
            work = read_work(request["folder"], recipe["isReversed"])
            step, weights = peer.start(work, recipe)
            answer()
        elif request["type"] == "steps":
            losses, milliseconds = [], []
            for _ in range(request["count"]):
                x, y = work.batches[taken % len(work.batches)]
                start = time.perf_counter()
                losses.append(float(step(x, y)))
                milliseconds.append(1000 * (time.perf_counter() - start))
                taken += 1
            answer(losses=losses, milliseconds=milliseconds)
        else:
            write_weights(request["file"], weights())
            answer(peakBytes=1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


main(*sys.argv[1:])
