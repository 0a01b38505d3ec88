import { conventions, describeTap, onlyOutput } from '@kd/core';
import type { SetHeader, StoredTap } from './manifest.js';
import { isSequence } from './row-shape.js';

/** The columns of one output of one member of the teacher. */
export interface OutputColumns {
  /** A list: all numbers, or the k largest. */
  readonly values: string;
  /** With top-k, a list: the classes of the k largest. */
  readonly classes: string;
  /** With top-k: the logarithm of the mass of all other classes. */
  readonly logRemaining: string;
}

/** The columns that every file has, and `length`, which those of sequences have. */
export const columnNames: { readonly id: 'id'; readonly input: 'input'; readonly length: 'length' } = {
  id: 'id',
  input: 'input',
  length: 'length',
};

/** Whether a set has sequences, and so a length for each example. */
export function hasSequences({ outputs, taps = [] }: Pick<SetHeader, 'outputs' | 'taps'>): boolean {
  return [...Object.values(outputs), ...taps].some(({ rowShape }) => isSequence(rowShape));
}

/**
 * The columns of an output for each member: `logits`, or `logits_0`, `logits_1` ... if there are several
 * members. The columns of named outputs start with the name: `boxes/values`.
 */
export function outputColumns(
  { members, outputs }: Pick<SetHeader, 'members' | 'outputs'>,
  name: string,
): OutputColumns[] {
  const isOnly = name === onlyOutput && Object.keys(outputs).length === 1;
  const prefix = isOnly ? '' : `${name}/`;
  const kind = conventions[outputs[name]?.convention ?? 'values'].scale;
  return members.map((_, index) => {
    const suffix = members.length === 1 ? '' : `_${String(index)}`;
    return {
      values: `${prefix}${kind}${suffix}`,
      classes: `${prefix}classes${suffix}`,
      logRemaining: `${prefix}log_remaining${suffix}`,
    };
  });
}

/** The column of a tap. No output has a column that ends like this. */
export function tapColumn({ tap }: Pick<StoredTap, 'tap'>): string {
  return `${describeTap(tap)}/tap`;
}
