// Which convolutions a function runs with their bias and ReLU in one operation; no bit may depend on it.
import { stepFunctions } from '@kd/core';
import { hasTensorflow } from '@kd/testing/tensorflow';
import {
  add,
  backend,
  conv2d,
  dispose,
  grads,
  randomNormal,
  relu,
  setBackend,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FunctionBackend } from './function-backend.js';

const isInstalled = (await hasTensorflow()) && stepFunctions() !== undefined;

/** The graphs of functions by name, as they are added, and the names of those that are called. */
async function watched(body: () => void | Promise<void>) {
  const native = backend() as unknown as FunctionBackend;
  const { binding } = native;
  const graphs = new Map<string, string>();
  const called: string[] = [];
  native.binding = Object.create(binding, {
    addFunction: {
      value: (...args: Parameters<typeof binding.addFunction>) => {
        graphs.set(args[0], new TextDecoder('latin1').decode(args[1]));
        binding.addFunction(...args);
      },
    },
    callFunction: {
      value: (...args: Parameters<typeof binding.callFunction>) => {
        called.push(args[0]);
        return binding.callFunction(...args);
      },
    },
  }) as typeof binding;
  try {
    await body();
  } finally {
    native.binding = binding;
  }
  return called.map((name) => graphs.get(name)?.includes('_FusedConv2D'));
}

interface Inputs {
  readonly x: Tensor4D;
  readonly kernel: Tensor4D;
  readonly bias: Tensor;
}

/** The outputs and their gradients, whose graph has every use of a sum that training has. */
function outputsOf({ x, kernel, bias }: Inputs, strides: number): Record<string, Tensor> {
  const net = (...[kernel, bias]: Tensor[]): Tensor =>
    relu(add(conv2d(x, kernel as Tensor4D, strides, 'same'), bias as Tensor1D));
  const [dKernel, dBias] = grads((...given) => sum(net(...given)))([kernel, bias]) as [Tensor, Tensor];
  return { y: net(kernel, bias), dKernel, dBias };
}

async function bitsOf(outputs: Readonly<Record<string, Tensor>>): Promise<number[][]> {
  const numbers = await Promise.all(Object.values(outputs).map(async (one) => Array.from(await one.data())));
  dispose({ ...outputs });
  return numbers;
}

describe.skipIf(!isInstalled)('a function on tfjs-node', () => {
  beforeAll(() => setBackend('tensorflow'));

  it.each([
    ['a bias', [4, 28, 28, 1], [3, 3, 1, 16], [16], 1, true],
    ['strides', [3, 9, 9, 16], [3, 3, 16, 32], [32], 2, true],
    ['a pointwise kernel', [2, 7, 7, 20], [1, 1, 20, 7], [7], 1, true],
    ['one output', [2, 5, 5, 3], [5, 5, 3, 1], [1], 1, true],
    // TensorFlow would end the process for such a bias.
    ['an image that is added', [2, 5, 5, 3], [3, 3, 3, 8], [1, 5, 5, 8], 1, false],
    ['one number for all channels', [2, 5, 5, 3], [3, 3, 3, 8], [1], 1, false],
  ] as const)('has the bits of single operations with %s', async (_, x, kernel, bias, strides, isFused) => {
    const inputs = {
      x: randomNormal<Rank.R4>([...x], 0, 1, 'float32', 1),
      kernel: randomNormal<Rank.R4>([...kernel], 0, 0.3, 'float32', 2),
      bias: randomNormal([...bias], 0, 1, 'float32', 3),
    };
    const trace = stepFunctions()?.trace({
      inputs: { ...inputs },
      state: [],
      body: () => ({ tensors: tidy(() => outputsOf(inputs, strides)), layout: undefined }),
    });
    expect(trace?.refusal).toBeUndefined();
    const expected = await bitsOf(trace?.computed.tensors ?? {});
    const received: number[][][] = [];
    const fused = await watched(async () => {
      const compiled = trace?.compile();
      for (let run = 0; run < 3; run++) received.push(await bitsOf(compiled?.run({ ...inputs }) ?? {}));
      compiled?.dispose();
    });
    expect(expected.flat().length).toBeGreaterThan(100);
    for (const numbers of received) expect(numbers).toEqual(expected);
    // The first run tries both.
    expect(fused).toEqual(isFused ? [false, true, true, true] : [false, false, false]);
  });
});
