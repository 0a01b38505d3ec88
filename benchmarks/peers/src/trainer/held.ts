import process from 'node:process';
import { backend, memory } from '@tensorflow/tfjs-core';
import type { Held } from '../messages.js';

/** The methods of tfjs-node's binding that tell what TensorFlow holds. */
interface Binding {
  getNumOfTensors(): number;
  addFunction(...given: readonly unknown[]): void;
  removeFunction(...given: readonly unknown[]): void;
}

/**
 * Counts TensorFlow's functions from now on, which costs every call of the binding a little, and returns what
 * the process holds whenever it is asked.
 */
export function watchMemory(): () => Held {
  const native = backend() as { binding?: Binding };
  const { binding } = native;
  let functions = 0;
  if (binding !== undefined) {
    const counted = (name: 'addFunction' | 'removeFunction', by: number): PropertyDescriptor => ({
      value: (...given: readonly unknown[]): void => {
        binding[name](...given);
        functions += by;
      },
    });
    // The binding's own properties cannot be replaced.
    native.binding = Object.create(binding, {
      addFunction: counted('addFunction', 1),
      removeFunction: counted('removeFunction', -1),
    }) as Binding;
  }
  return () => {
    // So that garbage, whose amount depends on chance, does not count.
    globalThis.gc?.();
    return {
      tensors: memory().numTensors,
      handles: binding?.getNumOfTensors(),
      functions: binding === undefined ? undefined : functions,
      rssBytes: process.memoryUsage().rss,
      peakBytes: process.resourceUsage().maxRSS * 1024,
    };
  };
}
