import { rm } from 'node:fs/promises';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { storeSoftTargets } from '@kd/stored-soft-targets/node';
import { layersTeacher } from '@kd/teacher';
import type { Digits } from '@kd-datasets/mnist';
import { asMaps } from './digits.js';
import { hintLayer } from './plans.js';

/** The file that is written last: without it the answers are incomplete. */
export function sealOf(answers: string): string {
  return `${answers}/manifest.json`;
}

/** Asks a teacher once for its logits and hints, and keeps them for all of its students. */
export async function keepAnswers(
  folder: string,
  model: LayersModel,
  digits: readonly Digits[],
  signal: AbortSignal,
): Promise<void> {
  // Answers of an earlier teacher would be refused.
  await rm(folder, { recursive: true, force: true });
  const teacher = layersTeacher(model, { convention: 'logits' });
  for (const some of digits) {
    const data = asMaps(some);
    await storeSoftTargets({ teacher, data, out: folder, taps: [hintLayer], signal });
  }
}
