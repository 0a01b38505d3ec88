/**
 * The value for a layer or weight among values by path: that of the longest path that is `path` or contains
 * it, whatever the order of the keys.
 *
 * @param values by path, as `backbone` or `backbone/dense_1`; `a` contains `a/kernel` but not `a_1/kernel`
 * @param path of a layer or a weight
 * @returns the value, or undefined if no path contains it
 *
 * @example
 * ```ts
 * import { valueAtPath } from '@kd/core';
 * const limits = { backbone: 4, 'backbone/dense_1': 2 };
 * console.log(['backbone/dense_1/kernel', 'backbone/dense_2/kernel', 'logits/kernel'].map((path) => valueAtPath(limits, path)));
 * // [ 2, 4, undefined ]
 * ```
 */
export function valueAtPath<V>(values: Readonly<Record<string, V>>, path: string): V | undefined {
  const [longest] = Object.keys(values)
    .filter((key) => path === key || path.startsWith(`${key}/`))
    .sort((a, b) => b.length - a.length);
  return longest === undefined ? undefined : values[longest];
}
