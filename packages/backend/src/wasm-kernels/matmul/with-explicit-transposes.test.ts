import '@tensorflow/tfjs-layers';
import { expectClose, useBackend } from '@kd/testing';
import {
  fused,
  grads,
  matMul,
  mul,
  relu,
  reshape,
  setBackend,
  sum,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { registerTrainingKernels } from '../../register-training-kernels.js';
import { cheapestPlan } from './cheapest-plan.js';

const tolerance = { relative: 1e-4, absolute: 1e-4 };

interface Case {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly batchOfA: readonly number[];
  readonly batchOfB: readonly number[];
  readonly seed: number;
}

const side = fc.oneof(fc.integer({ min: 1, max: 96 }), fc.constantFrom(1, 2, 31, 33, 65));
const sides = { m: side, k: side, n: side, transposeA: fc.boolean(), transposeB: fc.boolean() };
const seed = fc.integer({ min: 1, max: 1e6 });
const matrices = fc.record({
  ...sides,
  seed,
  batchOfA: fc.constantFrom([], [1]),
  batchOfB: fc.constantFrom([], [1]),
});
const batches = fc.integer({ min: 2, max: 4 }).chain((size) =>
  fc.record({
    ...sides,
    m: fc.integer({ min: 1, max: 20 }),
    k: fc.integer({ min: 1, max: 20 }),
    n: fc.integer({ min: 1, max: 20 }),
    seed,
    batchOfA: fc.constantFrom([], [1], [size]),
    batchOfB: fc.constantFrom([], [1], [size]),
  }),
);

/** Values in [-1, 1] that repeat with the seed. */
function values(shape: readonly number[], seed: number): Tensor {
  let state = seed;
  const next = (): number => {
    state = (state * 16807) % 2147483647;
    return (2 * state) / 2147483647 - 1;
  };
  return tensor(Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next), [...shape]);
}

function operands({ m, k, n, transposeA, transposeB, batchOfA, batchOfB, seed }: Case): [Tensor, Tensor] {
  return [
    values([...batchOfA, ...(transposeA ? [k, m] : [m, k])], seed),
    values([...batchOfB, ...(transposeB ? [n, k] : [k, n])], seed + 1),
  ];
}

/** What `body` returns on a backend, as arrays with their shapes. */
async function on(
  backend: string,
  body: () => Tensor[],
): Promise<{ shapes: number[][]; values: Float32Array[] }> {
  await setBackend(backend);
  const tensors = tidy(body);
  const read = await Promise.all(tensors.map((x) => x.data<'float32'>()));
  tensors.forEach((x) => {
    x.dispose();
  });
  return { shapes: tensors.map((x) => x.shape), values: read };
}

async function expectSame(body: () => Tensor[]): Promise<void> {
  const wasm = await on('wasm', body);
  const cpu = await on('cpu', body);
  expect(wasm.shapes).toEqual(cpu.shapes);
  wasm.values.forEach((value, index) => {
    expectClose(value, [...(cpu.values[index] ?? [])], tolerance);
  });
}

beforeAll(async () => {
  await useBackend('cpu');
  await useBackend('wasm');
  registerTrainingKernels();
});
afterEach(async () => {
  await setBackend('wasm');
});

describe('matMul', () => {
  it('has cpu’s values for two matrices, with each plan', async () => {
    const plans = new Set<string>();
    await fc.assert(
      fc.asyncProperty(matrices, async (given) => {
        plans.add(cheapestPlan(given, ['stock', 'straight', 'mirrored']));
        await expectSame(() => {
          const [a, b] = operands(given);
          return [matMul(a, b, given.transposeA, given.transposeB)];
        });
      }),
      { numRuns: 150 },
    );
    expect([...plans].sort()).toEqual(['mirrored', 'stock', 'straight']);
  });

  it('has cpu’s values for batches, and for one matrix times several', async () => {
    await fc.assert(
      fc.asyncProperty(batches, (given) =>
        expectSame(() => {
          const [a, b] = operands(given);
          return [matMul(a, b, given.transposeA, given.transposeB)];
        }),
      ),
      { numRuns: 150 },
    );
  });

  it('has cpu’s gradients', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(matrices, batches), (given) =>
        expectSame(() => {
          // tfjs itself has no gradient of a product that repeats one operand.
          const [a, b] = operands({ ...given, batchOfB: given.batchOfA });
          const loss = grads((x: Tensor, y: Tensor) => {
            const product = matMul(x, y, given.transposeA, given.transposeB);
            return sum(mul(product, values(product.shape, given.seed + 2)));
          });
          return loss([a, b]);
        }),
      ),
      { numRuns: 150 },
    );
  });

  it('multiplies by a tensor and by its reshape, which share their data', async () => {
    const b = [1, 2, 3, 4, 5, 6];
    await expectSame(() => {
      const right = tensor(b, [2, 3]);
      const rows = tensor([1, 1, 1], [1, 3]);
      const one = tensor([1, 1], [1, 2]);
      return [
        matMul(one, right),
        matMul(rows, reshape(right, [3, 2])),
        matMul(one, right),
        matMul(reshape(right, [2, 3]), reshape(right, [3, 2])),
      ];
    });
  });

  it('reports operands that do not fit in the caller’s terms', () => {
    const [a, b] = [values([64, 32], 1), values([48, 64], 2)];
    expect(() => matMul(a, b, true, true)).not.toThrow();
    expect(() => matMul(a, b, true, false)).toThrow(/inner shapes.*64,32.*48,64.*transposeA=true/);
    a.dispose();
    b.dispose();
  });
});

describe('fused.matMul', () => {
  const activations = ['linear', 'relu', 'relu6', 'sigmoid', 'elu', 'leakyrelu', 'prelu'] as const;

  it('has cpu’s values for matrices and batches, with bias and activation', async () => {
    const drawn = fc.oneof(matrices, batches);
    await fc.assert(
      fc.asyncProperty(
        drawn,
        fc.boolean(),
        fc.constantFrom(...activations),
        async (given, biased, activation) => {
          const { transposeA, transposeB, n, seed } = given;
          await expectSame(() => {
            const [a, b] = operands(given);
            const bias = biased ? { bias: values([n], seed + 3) } : {};
            const weights = activation === 'prelu' ? { preluActivationWeights: values([n], seed + 4) } : {};
            return [
              fused.matMul({
                a,
                b,
                transposeA,
                transposeB,
                activation,
                leakyreluAlpha: 0.3,
                ...bias,
                ...weights,
              }),
            ];
          });
        },
      ),
      { numRuns: 250 },
    );
  });

  it('has cpu’s gradients, with bias and relu', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(matrices, batches), async (given) => {
        const { transposeA, transposeB, n } = given;
        await expectSame(() => {
          const [a, b] = operands({ ...given, batchOfB: given.batchOfA });
          const bias = values([n], given.seed + 3);
          const loss = grads((x: Tensor, y: Tensor, z: Tensor) =>
            sum(relu(fused.matMul({ a: x, b: y, bias: z, transposeA, transposeB, activation: 'linear' }))),
          );
          return loss([a, b, bias]);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('multiplies by a tensor and by its reshape, which share their data', async () => {
    await expectSame(() => {
      const b = tensor([1, 2, 3, 4, 5, -6], [2, 3]);
      return [
        fused.matMul({ a: tensor([1, 1], [1, 2]), b, activation: 'relu' }),
        fused.matMul({ a: tensor([1, 1, 1], [1, 3]), b: reshape(b, [3, 2]), activation: 'relu' }),
      ];
    });
  });
});
