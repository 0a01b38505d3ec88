import type { Tensor } from '@tensorflow/tfjs-core';
import { describeShape, describeValue } from '@kd/core';
import type { NamedWeight } from '@kd/core';
import type { Damaged } from './damaged.js';

/** A tensor that a file of a checkpoint must contain. */
export type ExpectedTensor = Pick<Tensor, 'shape' | 'dtype'> & { readonly name: string };

/** The tensors that hold the values of weights. */
export function tensorsFor(weights: readonly Pick<NamedWeight, 'name' | 'variable'>[]): ExpectedTensor[] {
  return weights.map(({ name, variable: { shape, dtype } }) => ({ name, shape, dtype }));
}

/** Throws unless a file contains these tensors, with these shapes and dtypes, and no others. */
export function checkTensors(
  expected: readonly ExpectedTensor[],
  tensors: Readonly<Record<string, Tensor>>,
  damaged: Damaged,
): void {
  const found = new Map(Object.entries(tensors));
  for (const { name, shape, dtype } of expected) {
    const tensor = found.get(name);
    found.delete(name);
    if (tensor === undefined) throw damaged(`complete with ${name}`, 'a file without it');
    if (tensor.dtype === dtype && describeShape(tensor.shape) === describeShape(shape)) continue;
    const own = `${dtype} tensor ${describeShape(shape)}`;
    throw damaged(`a file whose ${name} is a ${own}`, describeValue(tensor));
  }
  const [stranger] = found.keys();
  if (stranger !== undefined) throw damaged('a file of the tensors of this training only', stranger);
}
