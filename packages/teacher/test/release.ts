import type { TeacherPrediction } from '@kd/core';
import { dispose } from '@tensorflow/tfjs-core';

/** Frees an answer, as whoever asked for it does. */
export function release({ members, taps }: TeacherPrediction): void {
  dispose([...members.map(({ output }) => output), ...taps]);
}
