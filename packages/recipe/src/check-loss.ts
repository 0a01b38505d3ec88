import { Tensor } from '@tensorflow/tfjs-core';
import { describeShape, describeValue, KdError } from '@kd/core';
import type { Term, TermBatch, TermLoss } from '@kd/core';
import { hasPositions } from './counts.js';
import type { Counts } from './counts.js';

/** Throws `KD_TERM_VALUES` unless a term has returned a loss of the shape that it declares. */
export function checkLoss(
  term: Term,
  batch: TermBatch,
  returned: unknown,
  { mask }: Counts,
  rows: number,
): TermLoss {
  const { values: given, weights, carry = {} } = Object(returned) as { [name in keyof TermLoss]?: unknown };
  if (!(given instanceof Tensor)) throw noLoss(term, returned);
  const values: Tensor = given as Tensor;
  checkCarry(term, carry);
  if (term.reduces === 'batch') {
    if (values.rank !== 0) throw wrongPart(term, 'values', 'of shape []', values);
    // Weights would have no meaning for a relation between examples, and must not be dropped silently.
    if (weights !== undefined) throw wrongPart(term, 'weights', 'absent', weights);
    checkPositions(term, batch, mask, values);
    return { values, carry } as TermLoss;
  }
  if (values.rank === 0 || values.shape[0] !== rows)
    throw wrongPart(
      term,
      'values',
      `of shape [${String(rows)}], or [${String(rows)},...] for positions`,
      values,
    );
  if (weights !== undefined && shapeOf(weights) !== describeShape(values.shape))
    throw wrongPart(term, 'weights', `of shape ${describeShape(values.shape)}, like the values`, weights);
  checkPositions(term, batch, mask, values);
  return { values, weights, carry } as TermLoss;
}

function noLoss({ name }: Term, returned: unknown): KdError {
  const isPromise = typeof (Object(returned) as { readonly then?: unknown }).then === 'function';
  return new KdError({
    code: 'KD_TERM_VALUES',
    where: `the term ${JSON.stringify(name)}`,
    argument: 'what its loss returns',
    expected: 'an object { values } with a tensor',
    received: isPromise ? 'a promise' : describeValue(returned),
    remedy: isPromise
      ? 'A loss is computed inside the tape: make it synchronous, and read nothing back.'
      : 'Return { values }, one value per example: return { values: mean(error, -1) }.',
  });
}

function checkCarry(term: Term, carry: unknown): void {
  const odd = Object.entries(Object(carry) as Readonly<Record<string, unknown>>).find(
    ([, value]) => !(value instanceof Tensor),
  );
  if (odd === undefined) return;
  throw wrongPart(term, `carry.${odd[0]}`, 'a tensor', odd[1]);
}

/** Masked positions count in values from which they are no longer told apart. */
function checkPositions(term: Term, batch: TermBatch, mask: Tensor | undefined, values: Tensor): void {
  if (mask === undefined) return;
  if (values.rank > 1) {
    if (mask.rank <= values.rank && mask.shape.every((size, axis) => size === values.shape[axis])) return;
    throw wrongPart(term, 'values', `of the shape of the mask, ${describeShape(mask.shape)}`, values);
  }
  if (term.reads.mask === true || !readsPositions(batch, mask)) return;
  throw new KdError({
    code: 'KD_TERM_VALUES',
    where: `the term ${JSON.stringify(term.name)}`,
    argument: 'values of its loss',
    expected: `one for each position ${describeShape(mask.shape)}, because the batch has a mask`,
    received: describeShape(values.shape),
    remedy: 'Return a value per position, or read the mask: reads: { mask: true }.',
  });
}

function readsPositions({ student, teacher, targets, inputs }: TermBatch, mask: Tensor): boolean {
  const values = [student, teacher, targets, inputs].flatMap((side) => Object.values<unknown>(side).flat());
  return values.some((value) => {
    const { output = value } = value as { readonly output?: Tensor };
    return hasPositions(output as Tensor, mask, 1);
  });
}

function shapeOf(value: unknown): string | undefined {
  return value instanceof Tensor ? describeShape((value as Tensor).shape) : undefined;
}

/** The error for a part of a loss. */
export function wrongPart(
  { name, reduces }: Term,
  part: string,
  expected: string,
  received: unknown,
): KdError {
  return new KdError({
    code: 'KD_TERM_VALUES',
    where: `the term ${JSON.stringify(name)}`,
    argument: `${part} of its loss`,
    expected: `${expected}, because it reduces ${JSON.stringify(reduces)}`,
    received: shapeOf(received) ?? describeValue(received),
    remedy:
      reduces === 'batch'
        ? 'Return one number for the batch, without weights.'
        : 'Sum or average over all axes but the first, or but those of the positions.',
  });
}
