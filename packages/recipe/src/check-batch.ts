import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFloat32, checkShape, describeShape, KdError } from '@kd/core';
import type { Batch, Targets, Term, TermNeed, TermShapes } from '@kd/core';

const where = 'the data';

function missing(term: string, need: TermNeed, remedy: string): KdError {
  return new KdError({
    code: 'KD_TERM_NEEDS',
    where: `the term ${JSON.stringify(term)}`,
    argument: `batch.${need}`,
    expected: 'given',
    received: 'undefined',
    remedy,
  });
}

/** Rejects for targets, weights or labels that the terms cannot be computed from. Reads small tensors back; call it outside a step. */
export async function checkTargets(
  targets: Targets,
  terms: readonly Term[],
  shapesOfTerm: readonly TermShapes[],
): Promise<void> {
  for (const { name, needs = [], reduces } of terms) {
    if (needs.includes('targets') && targets.targets === undefined)
      throw missing(name, 'targets', 'Add labels to the data.');
    if (needs.includes('ids') && targets.ids === undefined)
      throw missing(name, 'ids', 'Give every example an id.');
    if (needs.includes('mask') && targets.mask === undefined)
      throw missing(name, 'mask', 'Add the mask of the sequences.');
    if (reduces === 'batch' && targets.sampleWeight !== undefined) {
      throw new KdError({
        code: 'KD_TERM_NEEDS',
        where: `the term ${JSON.stringify(name)}`,
        argument: 'batch.sampleWeight',
        expected: 'absent, as the term relates whole batches',
        received: describeShape(targets.sampleWeight.shape),
        remedy: 'Leave out the sample weights, or the term.',
      });
    }
  }
  await checkWeights(
    targets.sampleWeight,
    'sampleWeight',
    (value) => Number.isFinite(value) && value >= 0,
    'finite numbers >= 0',
  );
  await checkWeights(targets.labelled, 'labelled', (value) => value === 0 || value === 1, 'numbers 0 or 1');
  for (const [index, term] of terms.entries())
    await term.checkBatch?.(targets, shapesOfTerm[index] as TermShapes);
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
  if (wrong >= 0) throw weightError(`${name}[${String(wrong)}]`, `among ${expected}`, String(values[wrong]));
  if (name === 'sampleWeight' && values.every((value) => value === 0)) {
    throw weightError(name, 'with at least one weight above 0', 'zeros only');
  }
}

function weightError(argument: string, expected: string, received: string): KdError {
  const remedy = 'Correct the weights; leave them out to count every example once.';
  return new KdError({ code: 'KD_WEIGHT_RANGE', where, argument, expected, received, remedy });
}

/** Throws unless every tensor of a batch has as many rows as its inputs. */
export function checkRows(batch: Batch): number {
  const parts = Object.entries({
    ...batch.inputs,
    ...Object.fromEntries(
      Object.entries(batch.targets ?? {}).map(([name, target]) => [`targets.${name}`, target]),
    ),
    ...(batch.sampleWeight === undefined ? {} : { sampleWeight: batch.sampleWeight }),
    ...(batch.labelled === undefined ? {} : { labelled: batch.labelled }),
    ...(batch.mask === undefined ? {} : { mask: batch.mask }),
  }).map(([name, tensor]) => ({ name, rows: tensor.shape.at(0) ?? 0 }));
  if (batch.ids !== undefined) parts.push({ name: 'ids', rows: batch.ids.length });
  const rows = parts[0]?.rows ?? 0;
  const odd = parts.find((part) => part.rows !== rows);
  if (odd !== undefined) {
    throw new KdError({
      code: 'KD_DATA_LENGTH',
      where,
      argument: odd.name,
      expected: `of ${String(rows)} examples, as ${parts[0]?.name ?? ''}`,
      received: String(odd.rows),
      remedy: 'Give every part of a batch the same first dimension.',
    });
  }
  if (rows > 0) return rows;
  throw new KdError({
    code: 'KD_BATCH_EMPTY',
    where,
    argument: 'batch',
    expected: 'at least one example',
    received: 'none',
    remedy: 'Drop empty batches from the stream.',
  });
}
