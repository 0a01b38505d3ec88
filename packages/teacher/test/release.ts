import type { TeacherPrediction } from '@kd/core';
import { dispose } from '@tensorflow/tfjs-core';

/** Frees an answer, as its caller must. */
export function release({ members, taps }: TeacherPrediction): void {
  dispose([...members.map(({ output }) => output), ...taps]);
}
