import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFloat32, checkShape, KdError } from '@kd/core';
import type { Targets } from '@kd/core';
import { checkNeeds } from './check-needs.js';
import { checkTarget } from './check-target.js';
import { outputOfTarget } from './output-of-target.js';
import type { PreparedTerm } from './prepared.js';

const where = 'the data';

/**
 * Rejects targets, weights or labels that the terms cannot use. Reads small tensors back, so call it outside
 * a step.
 */
export async function checkTargets(targets: Targets, terms: readonly PreparedTerm[]): Promise<void> {
  checkNeeds(targets, terms);
  await checkWeights(
    targets.sampleWeight,
    'sampleWeight',
    (value) => Number.isFinite(value) && value >= 0,
    'a finite number >= 0',
  );
  await checkWeights(targets.labelled, 'labelled', (value) => value === 0 || value === 1, '0 or 1');
  for (const { term, sources } of terms) {
    for (const [key, { as, target = key }] of Object.entries(term.reads.targets ?? {})) {
      const output = outputOfTarget(key, as, sources.student)?.shape;
      await checkTarget({ where: `the term ${JSON.stringify(term.name)}`, as, target, output }, targets);
    }
  }
}

async function checkWeights(
  weights: Tensor | undefined,
  name: 'sampleWeight' | 'labelled',
  isLegal: (value: number) => boolean,
  expected: string,
): Promise<void> {
  if (weights === undefined) return;
  checkFloat32(where, name, weights);
  checkShape(where, name, weights, [weights.shape.at(0) ?? 0]);
  const values = await weights.data();
  const wrong = values.findIndex((value) => !isLegal(value));
  if (wrong >= 0) throw weightError(`${name}[${String(wrong)}]`, expected, String(values[wrong]));
  if (name === 'sampleWeight' && values.every((value) => value === 0)) {
    throw weightError(name, 'with at least one weight above 0', 'zeros only');
  }
}

function weightError(argument: string, expected: string, received: string): KdError {
  const remedy = 'Correct the weights, or leave them out to count every example once.';
  return new KdError({ code: 'KD_WEIGHT_RANGE', where, argument, expected, received, remedy });
}
