// What a call must not change: the fields, entries and numbers of its arguments.
import { Tensor, Variable } from '@tensorflow/tfjs-core';
import { isPlainObject } from './places.js';

const deepest = 6;
const identities = new WeakMap<object, number>();
let objects = 0;

function identity(value: object): string {
  const known = identities.get(value) ?? (objects += 1);
  identities.set(value, known);
  return `#${String(known)}`;
}

/** A text that differs after a change. It calls no getter and passes over what a proxy refuses. */
export function fingerprint(value: unknown, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null)
    return Object.is(value, -0) ? '-0' : String(value);
  if (depth > deepest) return identity(value);
  const inside = (each: unknown): string => fingerprint(each, depth + 1);
  try {
    if (value instanceof Tensor) return `${identity(value)}(${numbersOf(value as Tensor)})`;
    if (ArrayBuffer.isView(value)) return `${identity(value)}(${bytesOf(value)})`;
    if (value instanceof Map || value instanceof Set)
      return `${identity(value)}(${[...value.keys(), ...value.values()].map(inside).join()})`;
    if (!Array.isArray(value) && !isPlainObject(value)) return identity(value);
    const fields = Object.entries(Object.getOwnPropertyDescriptors(value));
    return `${identity(value)}{${fields.map(([key, one]) => `${key}:${inside(one.value)}`).join()}}`;
  } catch {
    return identity(value);
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  new Uint8Array(buffer, byteOffset, Math.min(byteLength, 512)).join();

// A training may change variables.
function numbersOf(tensor: Tensor): string {
  if (tensor.isDisposed) return 'disposed';
  const hasNumbers = !(tensor instanceof Variable) && tensor.size < 512 && tensor.dtype !== 'complex64';
  return hasNumbers ? tensor.dataSync().join() : 'alive';
}
