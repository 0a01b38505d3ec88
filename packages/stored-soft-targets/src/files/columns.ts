import { conventions } from '@kd/core';
import type { SetHeader } from './manifest.js';

/** The columns for one member of the teacher. */
export interface MemberColumns {
  /** A list: all outputs, or the k largest. */
  readonly outputs: string;
  /** With top-k, a list: the classes of the k largest outputs. */
  readonly classes: string;
  /** With top-k: the logarithm of the mass of all other classes. */
  readonly logRemaining: string;
}

/** The columns that every file has. */
export const columnNames: { readonly id: 'id'; readonly input: 'input' } = { id: 'id', input: 'input' };

/** The columns for each member: `logits`, or `logits_0`, `logits_1` ... if there are several. */
export function memberColumns({ members, output }: Pick<SetHeader, 'members' | 'output'>): MemberColumns[] {
  const kind = conventions[output.convention].isLogits ? 'logits' : 'probabilities';
  return members.map((_, index) => {
    const suffix = members.length === 1 ? '' : `_${String(index)}`;
    return {
      outputs: `${kind}${suffix}`,
      classes: `classes${suffix}`,
      logRemaining: `log_remaining${suffix}`,
    };
  });
}

/** Number of outputs of one example. */
export function widthOf({ output }: Pick<SetHeader, 'output'>): number {
  return output.rowShape.reduce((product, size) => product * size, 1);
}
