import { compare, textOfChance } from '@kd-benchmarks/experiment/parts';
import type { Result } from './job.js';

/** McNemar's p over the pairs of seeds, as text; empty without a pair. */
export function chance(
  first: readonly Pick<Result, 'seed' | 'wrong'>[],
  second: readonly Pick<Result, 'seed' | 'wrong'>[],
): string {
  const pairs = first.flatMap(({ seed, wrong }) => {
    const other = second.find((result) => result.seed === seed);
    return other === undefined ? [] : [[wrong, other.wrong] as const];
  });
  if (pairs.length === 0) return '';
  return textOfChance(compare(pairs).p);
}
