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

/** What a missing place in a group is filled with: nothing, to a sum of exponentials. */
const nothingInLogits = -1e30;

/**
 * An output `[..., N]` in the order of the student's classes, `[..., S]`.
 *
 * Logits of a group are combined by `log Σ exp v`, probabilities are added. Probabilities of which some are left out are divided
 * by their sum, which the softmax does for logits.
 */
export function alignedOutput(output: Tensor, groups: ClassGroups, convention: Convention): Tensor {
  return tidy(() => {
    const { family, isLogits } = conventions[convention];
    const grouped = gatherGroups(output, groups, isLogits ? nothingInLogits : 0);
    const isOfOneEach = grouped.rank === output.rank;
    if (isLogits) return isOfOneEach ? grouped : logSumExp(grouped, -1);
    const summed = isOfOneEach ? grouped : sum(grouped, -1);
    return family === 'classes' ? renormalised(summed) : summed;
  });
}

/** The classes of each group on a last axis of their own, filled up to the largest group; without that axis where all are of one. */
function gatherGroups(output: Tensor, groups: ClassGroups, filling: number): Tensor {
  const size = Math.max(...groups.map(({ length }) => length));
  const classes = output.shape.at(-1) ?? 0;
  // The filling is one more class, behind the others.
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

/** Throws `KD_PROBABILITY_RANGE` if an example has no probability left for any of the student's classes. Reads one number back. */
export async function checkRemainder(where: string, output: Tensor, groups: ClassGroups): Promise<void> {
  const least = tidy(() => min(sum(gatherGroups(output, [groups.flat()], 0), -1)));
  const [value = NaN] = await least.data();
  least.dispose();
  if (value > 0) return;
  throw new KdError({
    code: 'KD_PROBABILITY_RANGE',
    where,
    argument: "the teacher's probabilities of the student's classes",
    expected: 'above zero in sum for every example',
    received: String(value),
    remedy: 'Take the logits of the teacher, or leave out the examples that are of none of these classes.',
  });
}
