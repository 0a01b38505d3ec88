import { tensorsOfAnswer } from '@kd/core';
import type { TeacherAnswer } from '@kd/core';
import { dispose } from '@tensorflow/tfjs-core';

/** Frees an answer, as its caller must. */
export function release({ members, taps }: TeacherAnswer): void {
  dispose(tensorsOfAnswer({ members, taps }));
}
