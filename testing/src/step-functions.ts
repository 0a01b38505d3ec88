import { backend } from '@tensorflow/tfjs-core';

interface Binding {
  addFunction(name: string, graph: Uint8Array, ...args: readonly unknown[]): void;
  callFunction(name: string, ...args: readonly unknown[]): unknown;
  getNumOfTensors(): number;
}

interface FunctionBackend {
  binding: Binding;
}

/** The tensors that TensorFlow holds for tfjs-node. */
export function handles(): number {
  return (backend() as unknown as FunctionBackend).binding.getNumOfTensors();
}

/**
 * How many functions of TensorFlow `body` calls, of those that it makes itself. The first call of a function
 * with convolutions tries a faster form of it too, which does not count.
 */
export async function withCalls(body: () => unknown): Promise<number> {
  const native = backend() as unknown as FunctionBackend;
  const { binding } = native;
  let calls = 0;
  const untried = new Set<string>();
  const addFunction: Binding['addFunction'] = (name, graph, ...args) => {
    if (new TextDecoder('latin1').decode(graph).includes('_FusedConv2D')) untried.add(name);
    binding.addFunction(name, graph, ...args);
  };
  const callFunction: Binding['callFunction'] = (name, ...args) => {
    if (!untried.delete(name)) calls += 1;
    return binding.callFunction(name, ...args);
  };
  native.binding = Object.create(binding, {
    addFunction: { value: addFunction },
    callFunction: { value: callFunction },
  }) as Binding;
  try {
    await body();
  } finally {
    native.binding = binding;
  }
  return calls;
}
