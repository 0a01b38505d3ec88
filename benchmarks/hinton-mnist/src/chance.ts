import { compareSeeds, textOfChance } from '@kd-benchmarks/experiment/parts';
import type { Result } from './job.js';

type OfSeed = Pick<Result, 'seed' | 'wrong'>;

/** McNemar's p over the pairs of seeds, as text; empty if one of the two is not there yet. */
export function chance(first: readonly OfSeed[], second: readonly OfSeed[]): string {
  return first.length === 0 || second.length === 0 ? '' : textOfChance(compareSeeds(first, second).p);
}
