#!/bin/sh
# Eight shards as a job array: sbatch slurm/extract.sh, in examples/stored-targets on a file system that all
# nodes share. Slurm sets SLURM_ARRAY_TASK_ID, _MIN and _COUNT, which tell each task its shard. A requeued
# task resumes after its last file.
# Afterwards: npx @kd/stored-soft-targets merge runs/targets
#SBATCH --job-name=soft-targets
#SBATCH --array=0-7
#SBATCH --requeue
#SBATCH --cpus-per-task=2
#SBATCH --time=01:00:00
exec node --conditions=@kd/source --import tsx extract.ts \
  --teacher runs/stored-targets/teacher --out runs/targets --digits 60000
