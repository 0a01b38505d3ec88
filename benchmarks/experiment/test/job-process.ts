import { hardTarget } from '@kd/soft-target-loss';
import { readWeights, serveJobs } from '@kd-benchmarks/experiment';
import { trainPerceptron } from '@kd-benchmarks/experiment/perceptrons';
import type { PerceptronJob, PerceptronOutcome } from '@kd-benchmarks/experiment/perceptrons';

const size = 40;
const data = {
  inputs: {
    values: Float32Array.from({ length: size * 784 }, (_, index) => Math.sin(index ** 2)),
    shape: [size, 784],
  },
  labels: Int32Array.from({ length: size }, (_, row) => row % 10),
  ids: Array.from({ length: size }, (_, row) => String(row)),
};

serveJobs<PerceptronJob, PerceptronOutcome>(async (job, signal, onProgress) => {
  const lesson = { data, terms: [hardTarget()] };
  const { model, reason } = await trainPerceptron(job, lesson, { signal, onProgress });
  return { reason, weights: await readWeights(model) };
});
