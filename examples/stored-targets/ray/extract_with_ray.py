"""Stores the soft targets of MNIST with Ray: one task for each shard, on whatever machines the cluster has.

    pip install ray
    python ray/extract_with_ray.py --teacher runs/stored-targets/teacher --out runs/ray-targets --shards 4

`out` has to be a directory that all machines share. Ray restarts a killed task, which resumes after
its last file.
"""

import argparse
import pathlib
import subprocess

import ray

EXAMPLE = pathlib.Path(__file__).resolve().parent.parent


def node(script: str, *arguments: str) -> str:
    """Runs a script of Node and gives its last line; fails with what it printed as errors."""
    command = ["node", "--conditions=@kd/source", "--import", "tsx", script, *arguments]
    done = subprocess.run(command, cwd=EXAMPLE, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout.strip().splitlines()[-1]


@ray.remote(num_cpus=1, max_retries=3, retry_exceptions=True)
def extract(index: int, options: argparse.Namespace) -> str:
    return node(
        "extract.ts",
        *["--teacher", options.teacher, "--out", options.out, "--digits", str(options.digits)],
        *["--shard", f"{index}/{options.shards}"],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teacher", required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--out", required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--digits", type=int, default=10000)
    parser.add_argument("--shards", type=int, default=4)
    options = parser.parse_args()
    # Of a cluster that is there the address comes from RAY_ADDRESS.
    ray.init(include_dashboard=False)
    for line in ray.get([extract.remote(index, options) for index in range(options.shards)]):
        print(line)
    print(node("merge.ts", options.out))


if __name__ == "__main__":
    main()
