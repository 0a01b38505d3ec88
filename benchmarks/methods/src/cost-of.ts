import process from 'node:process';
import { median } from '@kd-benchmarks/shared';
import type { Cost } from './job.js';
import { trainStudent } from './train-net.js';
import type { Lesson } from './train-net.js';
import { part } from './works/work.js';
import type { Learner } from './works/work.js';

/** Epochs that warm up: the teacher's answers, and what the backend compiles. */
const warmUp = 2;

/**
 * Times the steps of a method, of its last stage if it has several. The memory is that of the whole process,
 * which should do nothing else.
 */
export async function costOf(learner: Learner, lesson: Omit<Lesson, 'seed'>, steps: number): Promise<Cost> {
  const { batchSize } = learner.training;
  const training = { ...learner.training, epochs: warmUp + 2 };
  const pictures = part(lesson.pictures, 0, Math.min(lesson.pictures.size, batchSize * steps));
  const times: number[] = [];
  const student = await trainStudent(
    { ...learner, training },
    { ...lesson, pictures, seed: 1 },
    {
      signal: new AbortController().signal,
      onEvent: (event) => {
        if (event.type === 'step' && event.epoch >= warmUp) times.push(event.milliseconds);
      },
    },
  );
  student.model.dispose();
  return { milliseconds: median(times), memory: process.resourceUsage().maxRSS / 1024 };
}
