import { Tensor } from '@tensorflow/tfjs-core';
import type { Named } from './batch.js';
import type { Computation } from './step-functions.js';

/** Whether all inputs are tensors that nobody has disposed. */
export function areLive(inputs: Named): boolean {
  return Object.values<unknown>(inputs).every((input) => input instanceof Tensor && !input.isDisposed);
}

/** Runs of equal signatures can be one function. */
export function signatureOf(key: string, { inputs, state }: Computation): string {
  const first = new Map<object, string>();
  const shapes = Object.entries(inputs).map(([name, { dataId, dtype, shape }]) => {
    // What shares its numbers with another input is written down as that one.
    const same = first.get(dataId) ?? '';
    first.set(dataId, name);
    return `${name}:${dtype}:${shape.join()}${same}`;
  });
  return [key, ...shapes, ...state.map(({ id }) => id)].join(' ');
}
