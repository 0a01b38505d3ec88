import { backend } from '@tensorflow/tfjs-core';

interface Binding {
  callFunction(...args: readonly unknown[]): unknown;
  getNumOfTensors(): number;
}

interface FunctionBackend {
  binding: Binding;
}

/** The tensors that TensorFlow holds for tfjs-node. */
export function handles(): number {
  return (backend() as unknown as FunctionBackend).binding.getNumOfTensors();
}

/** How many functions of TensorFlow `body` calls, of those that it makes itself. */
export async function withCalls(body: () => unknown): Promise<number> {
  const native = backend() as unknown as FunctionBackend;
  const { binding } = native;
  let calls = 0;
  const callFunction: Binding['callFunction'] = (...args) => {
    calls += 1;
    return binding.callFunction(...args);
  };
  native.binding = Object.create(binding, { callFunction: { value: callFunction } }) as Binding;
  try {
    await body();
  } finally {
    native.binding = binding;
  }
  return calls;
}
