import { rm } from 'node:fs/promises';
import { augmentedStream, randomShift } from '@kd/data';
import { jsonLines, readJsonLines } from '@kd/report/node';
import { storedTeacher } from '@kd/stored-soft-targets/node';
import { trainStages } from '@kd/trainer';
import type { StagesOptions, TrainEvent } from '@kd/trainer';
import { checkpointDirectory } from '@kd/trainer/node';
import type { JobProgress } from '@kd-benchmarks/experiment';
import { sparing, wrongRows } from '@kd-benchmarks/experiment/parts';
import type { Digits } from '@kd-datasets/mnist';
import { keepAnswers } from './answers.js';
import { asMaps, digitsOf } from './digits.js';
import { hintEpochsOf } from './job.js';
import type { Job, Outcome } from './job.js';
import { net } from './models.js';
import { resultOf } from './result-of.js';
import { stagesOf, stepsPerEpoch } from './stages-of.js';

/** What a job listens and reports to. */
export interface JobContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
}

/** Runs one job on the current backend. It resumes where an earlier run was interrupted. */
export async function runJob(job: Job, { signal, onProgress }: JobContext): Promise<Outcome> {
  const { seed, uniform, checkpoints } = job;
  const digits = await digitsOf(job.digits);
  const teacher = job.teacher === undefined ? undefined : await storedTeacher(job.teacher);
  const model = net(job.plan, { seed, ...(uniform !== undefined && { uniform }) });
  // A resumed training has forgotten the losses of its first steps.
  const events = `${checkpoints}.jsonl`;
  const note = jsonLines(events);
  try {
    const run = await trainStages(
      {
        student: { model, convention: 'logits' },
        ...(teacher && { teacher }),
        stages: stagesOf(model, job),
      },
      {
        ...dataFor(job, digits.learning),
        validation: { data: asMaps(digits.validation), batchSize: 250 },
        seed,
        signal,
        checkpoint: { store: sparing(checkpointDirectory(checkpoints)), resume: true },
        onEvent: (event) => {
          note(event);
          if (event.type === 'step') onProgress(progressOf(job, event));
        },
      },
    );
    if (run.reason === 'aborted') return { reason: 'aborted' };
    if (job.answers !== undefined)
      await keepAnswers(job.answers, model, [digits.learning, digits.validation], signal);
    const wrong = await wrongRows(model, digits[job.judgedOn]);
    const result = resultOf(job, run.stages, (await readJsonLines(events)).events, wrong);
    await checkpointDirectory(checkpoints).remove();
    await rm(events);
    return { reason: run.reason, result };
  } catch (error) {
    if (signal.aborted && error === signal.reason) return { reason: 'aborted' };
    throw error;
  } finally {
    model.dispose();
  }
}

function dataFor({ shift, training }: Job, learning: Digits): Pick<StagesOptions, 'data' | 'batchSize'> {
  const { batchSize } = training;
  const data = asMaps(learning);
  if (shift === undefined) return { data, batchSize };
  const augmentations = [randomShift({ height: shift, width: shift })];
  return { data: augmentedStream(data, { batchSize, augmentations }) };
}

function progressOf(
  job: Job,
  { stage, step, epoch, total }: Extract<TrainEvent, { readonly type: 'step' }>,
): JobProgress {
  const before = stage === 0 ? 0 : hintEpochsOf(job) * stepsPerEpoch(job);
  return { share: (before + step + 1) / (job.training.epochs * stepsPerEpoch(job)), epoch, loss: total };
}
