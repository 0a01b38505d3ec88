import { countErrors, readWeights, writeWeights } from '@kd-benchmarks/experiment';
import type { JobProgress, Weights } from '@kd-benchmarks/experiment';
import type { Teacher } from '@kd/core';
import { cachedTeacher, layersTeacher } from '@kd/teacher';
import { costOf } from './cost-of.js';
import type { Job, MethodJob, Outcome } from './job.js';
import { methodNamed } from './methods/index.js';
import { searchAndTrain } from './search-and-train.js';
import { trainStudent, trainTeacher } from './train-net.js';
import { workOf } from './work-of.js';
import { part } from './works/work.js';
import type { Parts, Pictures, TappedNet, Work } from './works/work.js';

/** What a job listens and reports to. */
export interface JobContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
}

/** Runs one job on the current backend. */
export async function runJob(job: Job, context: JobContext): Promise<Outcome> {
  const work = await workOf(job.work);
  const pictures = await work.load();
  if (job.kind === 'teacher') return runTeacher(work, pictures, context);
  const teacher = teacherOf(work, job.teacher);
  const learning = part(pictures.learning, 0, work.students);
  try {
    if (job.kind === 'method') return await runMethod(job, work, { ...pictures, learning }, teacher, context);
    const lesson = { method: methodNamed(job.method), candidate: job.candidate, teacher, pictures: learning };
    return { reason: 'finished', cost: await costOf(work.student, lesson, job.steps) };
  } finally {
    teacher.asked.dispose?.();
    teacher.net.model.dispose();
  }
}

async function runTeacher(
  work: Work,
  { learning, test }: Parts,
  { signal, onProgress }: JobContext,
): Promise<Outcome> {
  const { epochs } = work.teacher.training;
  const teacher = await trainTeacher(work.teacher, learning, {
    signal,
    onEvent: (event) => {
      if (event.type === 'epoch')
        onProgress({ share: (event.epoch + 1) / epochs, epoch: event.epoch, loss: event.total });
    },
  });
  if (signal.aborted) return { reason: 'aborted' };
  const weights = await readWeights(teacher.model);
  return { reason: 'finished', weights, test: await accuracy(teacher, test) };
}

async function runMethod(
  job: MethodJob,
  work: Work,
  { learning, validation, test }: Parts,
  teacher: AskedNet,
  { signal, onProgress }: JobContext,
): Promise<Outcome> {
  const method = methodNamed(job.method);
  const trainings = method.candidates.length + job.seeds.length - 1;
  let done = 0;
  const result = await searchAndTrain(method.candidates, job.seeds, async (candidate, seed) => {
    const lesson = { method, candidate, seed, pictures: learning, teacher };
    const student = await trainStudent(work.student, lesson, {
      signal,
      onEvent: (event) => {
        if (event.type === 'epoch')
          onProgress({ share: done / trainings, epoch: event.epoch, loss: event.total });
      },
    });
    done += 1;
    const measured = signal.aborted
      ? undefined
      : { validation: await accuracy(student, validation), test: await accuracy(student, test) };
    student.model.dispose();
    return measured;
  });
  return result === undefined ? { reason: 'aborted' } : { reason: 'finished', result };
}

/** The trained teacher, asked once about each picture. */
interface AskedNet {
  readonly net: TappedNet;
  readonly asked: Teacher;
}

function teacherOf(work: Work, weights: Weights): AskedNet {
  const net = work.teacher.net(1);
  writeWeights(net.model, weights);
  const live = layersTeacher(net.model, { convention: 'logits' });
  // Pictures that change in each epoch have other answers each time.
  return { net, asked: work.student.training.augmentations === undefined ? cachedTeacher(live) : live };
}

/** In per cent. */
async function accuracy({ model }: TappedNet, pictures: Pictures): Promise<number> {
  return 100 * (1 - (await countErrors(model, pictures)) / pictures.size);
}
