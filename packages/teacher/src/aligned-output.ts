import { conventions, KdError } from '@kd/core';
import type { Convention } from '@kd/core';
import {
  concat,
  div,
  fill,
  gather,
  logSumExp,
  min,
  reshape,
  sum,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ClassGroups } from './class-groups.js';

/** Fills the missing places of a group: it adds nothing to a sum of exponentials. */
const nothingInLogits = -1e30;

/**
 * Maps an output `[..., N]` to the student's classes, `[..., S]`.
 *
 * Logits of a group are combined by `log Σ exp v`; probabilities are added. If classes are left out,
 * probabilities are divided by their sum, as the softmax does for logits.
 */
export function alignedOutput(output: Tensor, groups: ClassGroups, convention: Convention): Tensor {
  return tidy(() => {
    const { family, scale } = conventions[convention];
    const isLogits = scale === 'logits';
    const grouped = gatherGroups(output, groups, isLogits ? nothingInLogits : 0);
    const isOfOneEach = grouped.rank === output.rank;
    if (isLogits) return isOfOneEach ? grouped : logSumExp(grouped, -1);
    const summed = isOfOneEach ? grouped : sum(grouped, -1);
    return family === 'classes' ? renormalised(summed) : summed;
  });
}

/**
 * The classes of each group on a new last axis, padded to the largest group; without that axis if every group
 * has one class.
 */
function gatherGroups(output: Tensor, groups: ClassGroups, filling: number): Tensor {
  const size = Math.max(...groups.map(({ length }) => length));
  const classes = output.shape.at(-1) ?? 0;
  // The padding is an additional class after the others.
  const filled = concat([output, fill([...output.shape.slice(0, -1), 1], filling)], -1);
  const indices = groups.flatMap((group) =>
    Array.from({ length: size }, (_, index) => group[index] ?? classes),
  );
  const gathered = gather(filled, tensor1d(indices, 'int32'), output.rank - 1);
  return size === 1 ? gathered : reshape(gathered, [...output.shape.slice(0, -1), groups.length, size]);
}

function renormalised(probabilities: Tensor): Tensor {
  return div(probabilities, sum(probabilities, -1, true));
}

/**
 * Throws `KD_PROBABILITY_RANGE` if an example has zero probability for all of the student's classes. Reads
 * one number back.
 */
export async function checkRemainder(where: string, output: Tensor, groups: ClassGroups): Promise<void> {
  const least = tidy(() => min(sum(gatherGroups(output, [groups.flat()], 0), -1)));
  const [value = NaN] = await least.data();
  least.dispose();
  if (value > 0) return;
  throw new KdError({
    code: 'KD_PROBABILITY_RANGE',
    where,
    argument: "the teacher's probabilities for the student's classes",
    expected: 'greater than zero in sum for every example',
    received: String(value),
    remedy: "Use the teacher's logits, or remove the examples that belong to none of these classes.",
  });
}
