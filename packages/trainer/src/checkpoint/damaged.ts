import { KdError } from '@kd/core';

/** The error for a part of a checkpoint: what it must be, and what it is. */
export type Damaged = (expected: string, received: string, cause?: unknown) => KdError;

/** The errors `KD_CHECKPOINT_DAMAGED` for the parts of the checkpoint of this name. */
export function damagedParts(where: string, checkpoint: string): (part: string) => Damaged {
  return (part) => (expected, received, cause) =>
    new KdError({
      code: 'KD_CHECKPOINT_DAMAGED',
      where,
      argument: `${part} of the checkpoint ${checkpoint}`,
      expected,
      received,
      remedy: `Delete ${checkpoint}; the previous checkpoint, if there is one, is used then.`,
      cause,
    });
}
