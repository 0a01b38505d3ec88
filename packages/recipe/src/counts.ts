import { mul } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { selected } from '@kd/core';
import type { Batch } from '@kd/core';

/** What counts in a batch for some terms: which rows, and which positions. */
export interface Counts {
  /** `[B]`: sample weights, times 0 for rows without targets if the terms read targets. */
  readonly rows: Tensor | undefined;
  /** `[B, ...]`. */
  readonly mask: Tensor | undefined;
  /** A value with zeros in what does not count. */
  blank(value: Tensor): Tensor;
  /** The same for class ids, which have as many axes as the mask. */
  blankIds(ids: Tensor): Tensor;
}

/**
 * What counts in a batch for terms that read targets, or for those that do not.
 *
 * Values are blanked before the loss, not only weighed after it: the backward pass multiplies the gradient of
 * what does not count by zero, and NaN times zero is NaN. Each value is blanked once for all terms.
 */
export function countsOf({ sampleWeight, labelled, mask }: Batch, readsTargets: boolean): Counts {
  const marks = [sampleWeight, ...(readsTargets ? [labelled] : [])].filter((one) => one !== undefined);
  const rows = marks.length < 2 ? marks[0] : mul(marks[0] as Tensor, marks[1] as Tensor);
  const known = { byRow: new Map<Tensor, Tensor>(), byPosition: new Map<Tensor, Tensor>() };
  const blankOnce = (value: Tensor, positions: boolean): Tensor => {
    // A target has positions as class ids and none as values.
    const already = known[positions ? 'byPosition' : 'byRow'];
    const done = already.get(value) ?? blanked(value, rows, positions ? mask : undefined);
    already.set(value, done);
    return done;
  };
  return {
    rows,
    mask,
    blank: (value) => blankOnce(value, hasPositions(value, mask, 1)),
    blankIds: (ids) => blankOnce(ids, hasPositions(ids, mask, 0)),
  };
}

/** Whether a value has the positions of a mask, and so many axes more. */
export function hasPositions(value: Tensor, mask: Tensor | undefined, more: number): mask is Tensor {
  if (mask === undefined || value.rank !== mask.rank + more) return false;
  return mask.shape.every((size, axis) => size === value.shape[axis]);
}

function blanked(value: Tensor, rows: Tensor | undefined, mask: Tensor | undefined): Tensor {
  const ofRows = rows === undefined ? value : selected(value, rows);
  return mask === undefined ? ofRows : selected(ofRows, mask);
}
