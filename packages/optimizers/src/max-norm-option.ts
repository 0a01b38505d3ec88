import { describeValue, either, KdError, nearestNames, positive, record, valueAtPath } from '@kd/core';
import type { Check } from '@kd/core';

/** A limit for all kernels, or limits by layer path; layers under no path have none. */
export type MaxNorm = number | Readonly<Record<string, number>>;

/** Describes the option `maxNorm`. */
export const maxNormOption: Check<MaxNorm> = either(positive, record(positive));

/** The limit for the weight of this name. */
export function maxNormAt(maxNorm: MaxNorm | undefined, name: string): number | undefined {
  return typeof maxNorm === 'object' ? valueAtPath(maxNorm, name) : maxNorm;
}

/** Throws if a path leads to no weight: a limit that is misspelt would be no limit. */
export function checkPaths(where: string, maxNorm: MaxNorm | undefined, names: readonly string[]): void {
  if (typeof maxNorm !== 'object') return;
  for (const path of Object.keys(maxNorm)) {
    if (names.some((name) => valueAtPath({ [path]: true }, name))) continue;
    const layers = names.flatMap((name) => /^(.+)\/[^/]+$/.exec(name)?.[1] ?? []);
    const nearest = nearestNames(path, layers);
    throw new KdError({
      code: 'KD_OPTION_RANGE',
      where,
      argument: `options.maxNorm[${describeValue(path)}]`,
      expected: 'for the path of a layer with weights',
      received: describeValue(path),
      remedy: nearest === '' ? 'Write layers of nested models as a path.' : `Did you mean ${nearest}?`,
    });
  }
}

// When tfjs reads an optimizer back, it takes every key for an option, and makes dense1 of dense_1. The name
// of a layer has no %.

/** Limits as tfjs stores them with a model. */
export function maxNormAsJson(maxNorm: MaxNorm): MaxNorm {
  return renamed(maxNorm, (path) => path.replaceAll('_', '%5F'));
}

/** The reverse of `maxNormAsJson`. */
export function maxNormFromJson(stored: MaxNorm): MaxNorm {
  return renamed(stored, (path) => path.replaceAll('%5F', '_'));
}

function renamed(maxNorm: MaxNorm, rename: (path: string) => string): MaxNorm {
  if (typeof maxNorm === 'number') return maxNorm;
  return Object.fromEntries(Object.entries(maxNorm).map(([path, limit]) => [rename(path), limit]));
}
