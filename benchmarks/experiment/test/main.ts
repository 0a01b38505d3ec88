// An experiment with a teacher and a student on synthetic data, to test what all experiments share.
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
    const job = (name: string, passes: number, learningRate: number): PerceptronJob =>
      jobOf(name, shared, {
        net: { units: 4, dropout: 0, seed: name.length },
        seed: 1,
        digits: { count: 40 },
        training: { epochs: passes, batchSize: 40, learningRate },
      });
    // The student takes long enough for the test to interrupt it.
    const rate = Number(process.env['LEARNING_RATE'] ?? 0.01);
    return [() => [job('teacher', 2, 0.01)], () => [job('student', epochs, rate)]];
  },
  report: async (trained, _, __, out) => {
    const names = trained.map(({ job }) => job.name);
    await writeFile(join(out, 'result.json'), JSON.stringify(names));
  },
});
