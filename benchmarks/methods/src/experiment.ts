import process from 'node:process';
import { KdError } from '@kd/core';
import { processPool } from '@kd-benchmarks/experiment';
import type { ExperimentTools } from '@kd-benchmarks/experiment';
import type { Job, Outcome } from './job.js';
import { methods } from './methods/index.js';
import type { Method } from './methods/method.js';
import type { Options } from './options.js';
import { report } from './report.js';
import { resultsFile } from './results.js';
import { timeMissing } from './time-missing.js';
import { trainMissing } from './train-missing.js';
import { trainedTeacher } from './trained-teacher.js';
import { workOf } from './work-of.js';

/** Runs what is missing, saves each part as soon as it is done, and reports. */
export async function experiment(
  { out, tiny = false, data, pair, seeds, only, cost }: Options,
  script: URL,
  { backend, pool, signal }: Omit<ExperimentTools<Job, Outcome>, 'seconds'>,
): Promise<void> {
  const work = { tiny, pair, ...(data === undefined ? {} : { data }) };
  const { name } = await workOf(work);
  const names = methods.map((method) => method.name);
  const wanted = chosenBy(only);
  const results = await resultsFile(out, { work: name, backend, methods: [] }, names);
  const shared = { backend, work };
  const teacher = await trainedTeacher(out, name, shared, pool);
  if (teacher !== undefined) {
    await results.saveTeacher({ test: teacher.test });
    const numbers = Array.from({ length: seeds }, (_, index) => index + 1);
    await trainMissing(wanted, { ...shared, teacher: teacher.weights, seeds: numbers }, pool, results);
    // Alone on the machine: a pool of one process for each method, whose memory is then its own.
    const alone = () => processPool<Job, Outcome>(script, { size: 1, threads: 2 });
    if (cost) await timeMissing(wanted, { ...shared, teacher: teacher.weights }, alone, results, signal);
  }
  if (signal.aborted) process.exitCode = 130;
  else await report(out, results.present());
}

function chosenBy(only = ''): readonly Method[] {
  const chosen = methods.filter(({ name }) => name.includes(only));
  if (chosen.length > 0) return chosen;
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where: 'methods',
    argument: '--only',
    expected: 'a part of the name of a method',
    received: JSON.stringify(only),
    remedy: `Pass a part of one of: ${methods.map(({ name }) => name).join('; ')}.`,
  });
}
