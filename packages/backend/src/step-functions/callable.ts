import type { FunctionBinding } from './function-backend.js';
import { graphDef } from './graph.js';
import type { End } from './graph.js';
import type { Body } from './prune.js';

/** A function of TensorFlow. */
export interface Callable {
  /** Runs it on tensors by their ids; returns those of its outputs. */
  readonly call: (ids: Int32Array) => readonly number[];
  readonly remove: () => void;
}

/** Adds a function to TensorFlow. */
export function callableOf(
  binding: FunctionBinding,
  { nodes, controls }: Body,
  inputs: readonly string[],
  outputs: readonly End[],
): Callable {
  const name = `kd_${crypto.randomUUID().replaceAll('-', '')}`;
  binding.addFunction(name, graphDef({ nodes }), inputs, outputs, controls);
  return {
    call: (ids) => [...binding.callFunction(name, ids, outputs.length)],
    remove: () => {
      binding.removeFunction(name);
    },
  };
}

/**
 * Of two functions that change nothing the faster one, if it gives the bits of the plain one: the first call
 * runs both and decides.
 */
export function fasterIfEqual(binding: FunctionBinding, plain: Callable, faster: () => Callable): Callable {
  let chosen: Callable | undefined;
  const decide = (ids: Int32Array): readonly number[] => {
    const expected = plain.call(ids);
    chosen = withSameBits(binding, faster, ids, expected);
    if (chosen === undefined) chosen = plain;
    else plain.remove();
    return expected;
  };
  return {
    call: (ids) => chosen?.call(ids) ?? decide(ids),
    remove: () => {
      (chosen ?? plain).remove();
    },
  };
}

function withSameBits(
  binding: FunctionBinding,
  make: () => Callable,
  ids: Int32Array,
  expected: readonly number[],
): Callable | undefined {
  let candidate: Callable | undefined;
  let received: readonly number[];
  try {
    candidate = make();
    received = candidate.call(ids);
  } catch {
    // This TensorFlow has no such operation, or no kernel of it on this device.
    candidate?.remove();
    return undefined;
  }
  const isEqual = expected.every((id, index) => {
    const [one, other] = [bytesOf(binding, id), bytesOf(binding, received[index] as number)];
    return one.length === other.length && one.every((byte, at) => byte === other[at]);
  });
  for (const id of received) binding.deleteTensor(id);
  if (isEqual) return candidate;
  candidate.remove();
  return undefined;
}

function bytesOf(binding: FunctionBinding, id: number): Uint8Array {
  const { buffer, byteOffset, byteLength } = binding.tensorDataSync(id) as unknown as ArrayBufferView;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
