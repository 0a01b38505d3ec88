// All kinds of students, teachers and inputs that tfjs accepts: each trains, or is refused before the first
// step.
import '@tensorflow/tfjs-backend-cpu';
import type { Teacher } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import type { Recipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import type { TrainOptions } from '@kd/trainer';
import type { Column, InMemoryData } from '@kd/data';
import { setBackend, tensor2d, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { numbers, sgd } from '../nets.js';
import { outcome } from '../outcome.js';

await setBackend('cpu');

/** The outcome of a training and its number of steps: `finished after 2`, `KD_TENSOR_SHAPE: ... after 0`. */
async function trained(
  recipe: () => Recipe,
  data: InMemoryData,
  more: Partial<TrainOptions> = {},
): Promise<string> {
  let steps = 0;
  const seen = await outcome(async () => {
    const onEvent: TrainOptions['onEvent'] = ({ type }) => void (steps += Number(type === 'step'));
    const options = { data, batchSize: 4, epochs: 1, optimizer: sgd, onEvent, ...more };
    return (await train(defineRecipe(recipe()), options)).reason;
  });
  return `${seen} after ${String(steps)}`;
}
const onLabels = (learner: LayersModel) => (): Recipe => ({
  student: { model: learner, convention: 'logits' },
  terms: [hardTarget()],
});
const onTeacher = (learner: LayersModel, teacher: Teacher) => (): Recipe => ({
  ...onLabels(learner)(),
  teacher,
  terms: [softTarget({ temperature: 2 })],
});
const linear = (config: object): LayersModel =>
  sequential({ layers: [layers.dense({ units: 2, ...config })] });

describe('batch normalisation in a student', () => {
  const data = { inputs: numbers(4, [2]), labels: Int32Array.of(0, 1, 0, 1) };
  const normalized = (config: object): LayersModel =>
    sequential({
      layers: [
        layers.dense({ units: 3, inputShape: [2] }),
        layers.batchNormalization({ name: 'norm', ...config }),
        layers.dense({ units: 2 }),
      ],
    });

  it.each([{}, { trainable: false }])('trains with %j', async (config) => {
    expect(await trained(onLabels(normalized(config)), data)).toBe('finished after 1');
  });
});

describe('a fixed batch size in', () => {
  it('a student equals that of the training', async () => {
    const student = linear({ batchInputShape: [4, 3] });
    const data = { inputs: numbers(8, [3]), labels: new Int32Array(8) };
    expect(await trained(onLabels(student), data)).toBe('finished after 2');
  });

  const teacher = layersTeacher(linear({ batchInputShape: [4, 3] }), { convention: 'logits' });

  it('a teacher equals that of the training', async () => {
    const student = linear({ inputShape: [3] });
    expect(await trained(onTeacher(student, teacher), { inputs: numbers(8, [3]) })).toBe('finished after 2');
  });
});

describe('whole numbers as inputs', () => {
  // Above 2^24, where float32 has no odd numbers.
  const tokens = [16777217, 16777219];
  const seenBy = async (inputs: Column): Promise<string> => {
    const seen: string[] = [];
    const teacher: Teacher = {
      describe: () =>
        Promise.resolve({
          outputs: { output: { convention: 'logits', shape: [null, 2] } },
          taps: [],
          fingerprint: 'v1',
          frozen: true,
        }),
      predict: async ({ inputs: given }) => {
        const [x] = Object.values(given) as [Tensor];
        seen.push(x.dtype, ...Array.from(await x.data(), String).sort());
        return { members: [{ outputs: { output: zeros([2, 2]) }, weight: 1 }], taps: [] };
      },
    };
    const student = linear({ inputShape: [1], kernelInitializer: 'zeros' });
    expect(await trained(onTeacher(student, teacher), { inputs })).toBe('finished after 1');
    return seen.join(' ');
  };
  const seen = { array: '', tensor: '' };
  beforeAll(async () => {
    seen.array = await seenBy({ values: Int32Array.from(tokens), shape: [2, 1] });
    seen.tensor = await seenBy(tensor2d(tokens, [2, 1], 'int32'));
  });

  it.each(['array', 'tensor'] as const)('reach a teacher unchanged from an int32 %s', (kind) => {
    expect(seen[kind]).toBe('int32 16777217 16777219');
  });
});
