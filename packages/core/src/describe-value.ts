import { Tensor } from '@tensorflow/tfjs-core';

/** A shape for messages: `[4,10]`, with `?` for unknown dimensions. */
export function describeShape(shape: readonly (number | null)[]): string {
  return `[${shape.map((size) => size ?? '?').join(',')}]`;
}

/** Short description of any value for the "received" part of an error. */
export function describeValue(value: unknown): string {
  if (value instanceof Tensor) {
    const article = value.isDisposed ? 'a disposed' : value.dtype === 'int32' ? 'an' : 'a';
    return `${article} ${value.dtype} tensor ${describeShape(value.shape as number[])}`;
  }
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`;
  if (Array.isArray(value)) return `an array of length ${String(value.length)}`;
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    return `an object with ${[...keys.slice(0, 8), ...(keys.length > 8 ? ['…'] : [])].join(', ') || 'no keys'}`;
  }
  return String(value);
}
