import { backends, expectClose, expectNoLeak, useBackend } from '@kd/testing';
import { namedWeights } from '@kd/model';
import { mean, randomNormal, softmax, tensor1d, tensor2d, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model as buildModel, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { applyBiasOffsets, fitBiasOffsets, biasWithOffsets } from './index.js';

const offsets = [0, 3.5, -1];
const hidden = () => layers.dense({ units: 4, activation: 'relu', inputShape: [2], name: 'hidden' });
const top = (more: Partial<Parameters<typeof layers.dense>[0]> = {}) =>
  layers.dense({ units: 3, name: 'top', biasInitializer: 'ones', ...more });

const plain = (): LayersModel => sequential({ layers: [hidden(), top()] });
function functional(): LayersModel {
  const image = input({ shape: [2] });
  // Created before the layers that it follows, so that the order of creation reveals nothing.
  const softmaxLayer = layers.softmax();
  const logits = top().apply(hidden().apply(image)) as SymbolicTensor;
  return buildModel({ inputs: image, outputs: softmaxLayer.apply(logits) as SymbolicTensor });
}
function nested(): LayersModel {
  const head = sequential({ name: 'head', layers: [top({ inputShape: [4] })] });
  const model = sequential({ layers: [hidden()] });
  model.add(head);
  return model;
}
const models: readonly [string, () => LayersModel][] = [
  ['logits', plain],
  ['a softmax as its activation', () => sequential({ layers: [hidden(), top({ activation: 'softmax' })] })],
  ['a softmax behind it', functional],
  [
    'an activation behind it',
    () => sequential({ layers: [hidden(), top(), layers.activation({ activation: 'softmax' })] }),
  ],
  ['a nested model at its end', nested],
];

async function weightsOf(model: LayersModel): Promise<Record<string, number[]>> {
  const entries = namedWeights(model).map(
    async ({ name, variable }) => [name, Array.from(await variable.data())] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

describe.each(models)('of a model with %s', (_name, make) => {
  beforeAll(() => useBackend('cpu'));

  it('the corrected bias is the bias plus the offsets, and the model is unchanged', async () => {
    const model = make();
    const before = await weightsOf(model);
    const bias = biasWithOffsets(model, { offsets });
    expect([bias.shape, Array.from(await bias.data())]).toEqual([[3], [1, 4.5, 0]]);
    expect(await weightsOf(model)).toEqual(before);
  });

  it('adding to the bias changes no byte of the other weights', async () => {
    const model = make();
    const before = await weightsOf(model);
    applyBiasOffsets(model, { offsets });
    const name = Object.keys(before).find((each) => each.endsWith('top/bias')) ?? '';
    expect(await weightsOf(model)).toEqual({ ...before, [name]: [1, 4.5, 0] });
  });

  it('leaks no tensor', async () => {
    const model = make();
    await expectNoLeak(() => {
      biasWithOffsets(model, { offsets }).dispose();
      applyBiasOffsets(model, { offsets });
    });
  });
});

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('a corrected student gives each class the same mean probability as the teacher', async () => {
    const [teacher, student] = [plain(), plain()];
    student.layers[1]?.setWeights([randomNormal([4, 3], 0, 1, 'float32', 1), tensor1d([0, -6, 2])]);
    const inputs = randomNormal([64, 2], 0, 3, 'float32', 2);
    const ofTeacher = softmax(teacher.predict(inputs) as Tensor);
    const correction = await fitBiasOffsets(ofTeacher, student.predict(inputs) as Tensor);
    applyBiasOffsets(student, correction);
    const meanOf = async (probabilities: Tensor): Promise<number[]> =>
      Array.from(await mean(probabilities, 0).data());
    expectClose(await meanOf(softmax(student.predict(inputs) as Tensor)), await meanOf(ofTeacher), {
      relative: 1e-5,
      absolute: 1e-6,
    });
  });
});

describe('offsets from a file', () => {
  it('are accepted', async () => {
    await useBackend('cpu');
    const model = plain();
    applyBiasOffsets(
      model,
      JSON.parse('{"offsets":[1,2,3],"before":1,"after":0.5}') as { offsets: number[] },
    );
    const [last = zeros([1])] = namedWeights(model).slice(-1).map(({ variable }) => variable as Tensor); // prettier-ignore
    expect(Array.from(await last.data())).toEqual([2, 3, 4]);
    expect((model.predict(tensor2d([[0, 0]])) as Tensor).shape).toEqual([1, 3]);
  });
});
