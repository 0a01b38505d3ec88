import { KdError } from '@kd/core';
import type { Entry } from './completion-entries.js';
import type { AnswerPlace } from './only-choice.js';

/**
 * The logit of a class that is not among the tokens. A probability of 0 in float32 at every T up to 96, and
 * the loss stays finite.
 */
const absent = -1e4;

/**
 * `log(p_c / sum p)` with the probability p_c of all tokens of a class, for each class.
 *
 * @param classOf the class of each token
 * @param minimumShare the least probability of all classes together
 */
export function logitsOfClasses(
  { where, answer }: AnswerPlace,
  entries: readonly Entry[],
  classOf: ReadonlyMap<string, number>,
  classes: number,
  minimumShare: number,
): Float32Array {
  const masses = new Float64Array(classes);
  for (const { token, logprob } of entries) {
    const index = classOf.get(token);
    if (index !== undefined) masses[index] = (masses[index] ?? 0) + Math.exp(logprob);
  }
  const share = masses.reduce((sum, mass) => sum + mass, 0);
  if (share >= minimumShare)
    return Float32Array.from(masses, (mass) => Math.max(Math.log(mass / share), absent));
  const tokens = entries
    .slice(0, 8)
    .map(({ token, logprob }) => `${JSON.stringify(token)} ${Math.exp(logprob).toFixed(3)}`);
  throw new KdError({
    code: 'KD_CLASSES_SHARE',
    where,
    argument: `the probability of all classes in ${answer}`,
    expected: `at least ${String(minimumShare)}`,
    received: `${share.toFixed(3)}, with the tokens ${tokens.join(', ')}${entries.length > tokens.length ? ', …' : ''}`,
    remedy: 'Ask more plainly for one of the labels, add their spellings to tokens, or lower minimumShare.',
  });
}
