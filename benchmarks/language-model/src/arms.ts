import type { Lesson } from './job.js';
import type { Settings } from './settings.js';

/** A kind of student: its students differ in the seed alone. */
export interface Arm {
  readonly name: string;
  /** Absent: the text alone. */
  readonly lesson?: Lesson;
}

/** The student that learns from the text alone. */
export const alone: Arm = { name: 'student alone' };

/** The student that asks the teacher. */
export function distilled({ softWeight }: Settings): Arm {
  return { name: 'distilled', lesson: { softWeight } };
}

/** Students of stored answers, by the number of characters in them. */
export function ofStored({ softWeight, topK }: Settings): Arm[] {
  return topK.map((k) => ({ name: `stored top ${String(k)}`, lesson: { softWeight, topK: k } }));
}

/** Students that write a share of the batches themselves. */
export function ofOwnPolicy({ softWeight, shares, promptLength }: Settings): Arm[] {
  return shares.map((share) => ({
    name: `on policy, λ = ${String(share)}`,
    lesson: { softWeight, written: { share, promptLength } },
  }));
}

/** All kinds of students. */
export function armsOf(settings: Settings): Arm[] {
  return [alone, distilled(settings), ...ofStored(settings), ...ofOwnPolicy(settings)];
}
