import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { backends, useBackend } from '@kd/testing';
import { engine, memory, Tensor, train as optimizers } from '@tensorflow/tfjs-core';
import type { Optimizer } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { examples, net, options } from '../test/small.js';
import { train } from './index.js';
import type { TrainOptions } from './index.js';

const noisy = (seed: number): LayersModel =>
  net(seed, [layers.batchNormalization({}), layers.dropout({ rate: 0.5 })]);
const distil = async (
  student: LayersModel,
  teacher: LayersModel,
  more: Partial<TrainOptions> = {},
): Promise<void> => {
  const recipe = defineRecipe({
    student: { model: student, convention: 'logits' },
    teacher: layersTeacher(teacher, { convention: 'logits' }),
    terms: [softTarget({ temperature: 2 }), hardTarget()],
  });
  await train(recipe, options(examples(8), more));
};

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(backends)('a step on %s', (backend) => {
  it('leaks no tensor, nor does the training', async () => {
    await useBackend(backend);
    const [student, teacher] = [noisy(1), noisy(7)];
    let disposed = 0;
    const optimizer = (): Optimizer => {
      const adam = optimizers.adam(0.01);
      const original = adam.dispose.bind(adam);
      adam.dispose = () => {
        disposed += 1;
        original();
      };
      return adam;
    };
    const before = memory().numTensors;
    const counts: number[] = [];
    const onBatchEnd = (): void => {
      counts.push(memory().numTensors);
    };
    await distil(student, teacher, { epochs: 100, callbacks: [{ onBatchEnd }], optimizer });
    expect(counts).toHaveLength(200);
    // From the second step on: in the first the optimizer creates its moments.
    expect(new Set(counts.slice(1)).size).toBe(1);
    expect(disposed).toBe(1);
    expect(memory().numTensors).toBe(before);
    await distil(student, teacher, { validation: { data: examples(5) }, epochs: 3 });
    expect(memory().numTensors).toBe(before);
  });
});

describe('a step', () => {
  it('reads back one packed tensor, and nothing else', async () => {
    await useBackend('cpu');
    const reads: string[] = [];
    const names = ['data', 'dataSync', 'array', 'arraySync', 'buffer', 'bufferSync', 'bytes'] as const;
    for (const name of names) {
      const original = (
        Tensor.prototype as unknown as Record<string, ((...given: unknown[]) => unknown) | undefined>
      )[name];
      if (original === undefined) continue;
      vi.spyOn(Tensor.prototype, name as 'data').mockImplementation(function (this: Tensor) {
        reads.push(`${name} [${this.shape.join()}]`);
        return original.call(this) as never;
      });
    }
    const [student, teacher] = [noisy(1), noisy(7)];
    const perStep: string[][] = [];
    const callbacks = [
      { onBatchBegin: () => void reads.splice(0), onBatchEnd: () => void perStep.push([...reads]) },
    ];
    await distil(student, teacher, { epochs: 2, callbacks });
    // Gradient norm, total, two terms.
    expect(perStep).toEqual(Array(4).fill(['data [4]']));
    const labelled = Uint8Array.of(1, 1, 0, 1, 1, 0, 1, 1);
    perStep.splice(0);
    await distil(student, teacher, { data: { ...examples(8), labelled }, callbacks });
    // And the number of examples that the second term averages over.
    expect(perStep).toEqual(Array(2).fill(['data [5]']));
  });

  it('runs the teacher once forward, the student once forward and once backward', async () => {
    await useBackend('cpu');
    const [student, teacher] = [net(1), net(7)];
    const calls: string[] = [];
    for (const [name, model] of Object.entries({ student, teacher })) {
      model.layers.forEach((layer, index) => {
        const original = layer.call.bind(layer);
        vi.spyOn(layer, 'call').mockImplementation((inputs, kwargs: { training?: boolean }) => {
          calls.push(`${name} ${String(index)} ${kwargs.training === true ? 'training' : 'inference'}`);
          return original(inputs, kwargs);
        });
      });
    }
    const perStep: string[][] = [];
    const callbacks = [
      { onBatchBegin: () => void calls.splice(0), onBatchEnd: () => void perStep.push([...calls]) },
    ];
    await distil(student, teacher, { callbacks });
    expect(perStep).toEqual(
      Array(2).fill([
        'teacher 0 inference',
        'teacher 1 inference',
        'student 0 training',
        'student 1 training',
      ]),
    );
  });

  it('multiplies no more matrices than that takes', async () => {
    await useBackend('cpu');
    const productsIn = async (steps: number): Promise<number> => {
      const kernels = await kernelsOf(() => distil(net(1), net(7), { batchSize: 8 / steps }));
      // The fused kernel of tfjs-node runs the plain one.
      const product = backends.includes('cpu') ? /^(_FusedMatMul|BatchMatMul)$/ : /^BatchMatMul$/;
      return kernels.filter((name) => product.test(name)).length;
    };
    const [one, two] = [await productsIn(1), await productsIn(2)];
    // Two layers: 2 for the teacher, 2 for the student, and backward 2 for each layer, except the gradient of
    // the inputs.
    expect(two - one).toBe(7);
  });
});

/** The names of all kernels that the backend runs, in order. */
async function kernelsOf(body: () => Promise<void>): Promise<string[]> {
  const { kernels } = await engine().profile(async () => {
    await body();
    return [];
  });
  return kernels.map(({ name }) => name);
}
