import { meanWithRange } from '@kd-benchmarks/experiment';
import type { Trained } from './studies/study.js';

/** After how many steps the loss of the labels has fallen by a tenth, and for how many seeds it has not. */
export function stepsOnPlateau(trained: Trained | undefined): string {
  const steps = (trained?.results ?? []).map(({ leftPlateau }) => leftPlateau['hard'] ?? Infinity);
  const left = steps.filter(Number.isFinite);
  const never = steps.length - left.length;
  return [
    ...(left.length > 0 ? [meanWithRange(left)] : []),
    ...(never > 0 ? [`${String(never)} of ${String(steps.length)} never`] : []),
  ].join('; ');
}
