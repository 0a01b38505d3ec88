import type { Job } from './job.js';

/** The cost of a training, up to a constant factor: that of the student, and of a teacher that is asked. */
export function workOf({ shape, teacher, lesson, text: { chapters }, training: { epochs } }: Job): number {
  const costOf = ({ width, blocks }: Job['shape']): number => blocks * width * (12 * width + 64);
  const asked = teacher && lesson?.topK === undefined ? costOf(teacher.shape) : 0;
  return chapters * epochs * (3 * costOf(shape) + asked + 20_000);
}
