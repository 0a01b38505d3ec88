import type { ProcessPool } from '../process-pool.js';
import { expect, it } from 'vitest';
import { jobOf, weightsOf } from './job.js';
import type { PerceptronJob, PerceptronOutcome } from './job.js';
import { trainInPhases } from './train-in-phases.js';

const job = (name: string, learnt?: Float32Array): PerceptronJob & { readonly learnt?: Float32Array } =>
  jobOf(
    name,
    { backend: 'cpu', out: 'runs/x' },
    {
      net: { units: 3, dropout: 0, seed: 1 },
      seed: 1,
      digits: { count: 10 },
      training: { epochs: 1, batchSize: 10, learningRate: 0.1 },
      ...(learnt === undefined ? {} : { learnt }),
    },
  );

/**
 * A pool in which the weight of each training is the length of its name; the training named `aborted` is
 * interrupted.
 */
function pool(
  aborted?: string,
): ProcessPool<PerceptronJob, PerceptronOutcome> & { readonly ran: PerceptronJob[] } {
  const ran: PerceptronJob[] = [];
  return {
    ran,
    run: (jobs) => {
      ran.push(...jobs);
      return Promise.resolve(
        jobs.map(({ name }) => ({
          reason: name === aborted ? ('aborted' as const) : ('finished' as const),
          weights: [Float32Array.of(name.length)],
        })),
      );
    },
    abort: () => undefined,
    close: () => undefined,
  };
}

const phases = [
  () => [job('teacher'), job('alone')],
  (trained: Parameters<typeof weightsOf>[1]) => [job('student', weightsOf('teacher', trained)[0])],
];

it('makes the jobs of a phase from the outcomes of earlier phases', async () => {
  const used = pool();
  const trained = await trainInPhases(phases, used);
  expect(trained?.map((each) => each.job.name)).toEqual(['teacher', 'alone', 'student']);
  expect(used.ran[2]).toMatchObject({
    learnt: Float32Array.of(7),
    checkpoints: 'runs/x/checkpoints/student',
  });
});

it('starts no phase after an interrupted one, and returns nothing', async () => {
  const used = pool('alone');
  expect(await trainInPhases(phases, used)).toBeUndefined();
  expect(used.ran.map(({ name }) => name)).toEqual(['teacher', 'alone']);
});
