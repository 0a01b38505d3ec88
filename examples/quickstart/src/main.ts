import { access, constants, mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { selectBackend } from '@kd/backend/node';
import { KdError } from '@kd/core';
import { abortOnInterrupt } from '@kd/trainer/node';
import { runExperiment } from './experiment.js';
import type { Trained } from './experiment.js';
import { readOptions } from './options.js';
import { drawProgress } from './progress.js';
import { processPool } from './process-pool.js';
import { report } from './report.js';
import { saveModel } from './save-model.js';

async function main(): Promise<void> {
  const started = performance.now();
  const options = readOptions(process.argv);
  await makeFolder(options.out);
  // This process only loads and saves; those of the pool train.
  const backend = await selectBackend({
    threads: 1,
    ...(options.backend === undefined ? {} : { require: options.backend }),
  });
  const cores = availableParallelism();
  const ownsTheDevice = backend.name === 'tensorflow' || backend.name === 'webgpu';
  const processes = ownsTheDevice ? 1 : Math.min(2, cores);
  const pool = processPool(processes, Math.max(1, Math.floor(cores / processes)));
  const interrupt = abortOnInterrupt();
  interrupt.signal.addEventListener('abort', pool.abort);
  console.log(`Backend: ${backend.package}. Ctrl-C ends the training and saves what was learnt.`);
  try {
    const experiment = await runExperiment(options, backend.name, pool, drawProgress);
    if (experiment.interrupted === undefined) {
      await report(experiment, options, backend.name, () => Math.round((performance.now() - started) / 1000));
    } else {
      await saveInterrupted(experiment.interrupted, options.out);
      process.exitCode = 130;
    }
  } finally {
    interrupt.dispose();
    pool.close();
  }
}

async function saveInterrupted(trained: readonly Trained[], out: string): Promise<void> {
  for (const { job, outcome } of trained) {
    const folder = join(out, 'interrupted', job.name.replaceAll(/\W+/g, '-'));
    await saveModel(job.perceptron, outcome.weights, folder);
    const state = outcome.reason === 'aborted' ? 'as far as it was trained' : 'trained to its end';
    console.log(`Interrupted. The ${job.name}, ${state}, is in ${folder}.`);
  }
}

/** Makes the folder of the results before the first step: a wrong path is not to be found out after four minutes. */
async function makeFolder(out: string): Promise<void> {
  try {
    await mkdir(out, { recursive: true });
    await access(out, constants.W_OK);
  } catch (cause) {
    throw new KdError({
      code: 'KD_FILE_WRITE',
      where: 'quickstart',
      argument: '--out',
      expected: 'a folder that can be written to',
      received: JSON.stringify(out),
      remedy: 'Choose another folder, or look at its permissions.',
      cause,
    });
  }
}

main().catch((error: unknown) => {
  console.error(KdError.isInstance(error) ? `${error.message} [${error.code}]` : error);
  process.exitCode = 1;
});
