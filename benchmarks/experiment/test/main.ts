// An experiment of a teacher and a student on made-up data, for the test of what all experiments share.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { jobOf, perceptronCommand, runInPhases } from '@kd-benchmarks/experiment/perceptrons';
import type {
  PerceptronFlags,
  PerceptronJob,
  PerceptronOutcome,
} from '@kd-benchmarks/experiment/perceptrons';

const options = perceptronCommand('test', 'Tests.').parse(process.argv).opts<PerceptronFlags>();
const script = new URL('job-process.ts', import.meta.url);

runInPhases<number, PerceptronJob, PerceptronOutcome>(options, script, {
  settings: options.epochs ?? 1,
  phasesOf: (epochs, _, shared) => {
    const job = (name: string): PerceptronJob =>
      jobOf(name, shared, {
        net: { units: 4, dropout: 0, seed: name.length },
        seed: 1,
        digits: { count: 40 },
        training: { epochs, batchSize: 40, learningRate: 0.01 },
      });
    return [() => [job('teacher')], () => [job('student')]];
  },
  report: async (trained, _, __, out) => {
    const weights = trained.map(({ job, outcome }) => [
      job.name,
      outcome.weights.map((each) => Array.from(each)),
    ]);
    await writeFile(join(out, 'result.json'), JSON.stringify(weights));
  },
});
