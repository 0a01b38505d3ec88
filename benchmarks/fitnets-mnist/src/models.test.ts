import { namedWeights } from '@kd/model';
import { useBackend } from '@kd/testing';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { multiplicationsOf } from './multiplications.js';
import { net } from './models.js';
import { hintLayer, middleOf, paperStudent, paperTeacher, smallStudent, smallTeacher } from './plans.js';

const shapes = (model: LayersModel): Record<string, unknown> =>
  Object.fromEntries(model.layers.map(({ name, outputShape }) => [name, outputShape.slice(1)]));

const kernelOf = async (model: LayersModel, layer: string): Promise<number[]> =>
  Array.from((await model.getLayer(layer).weights[0]?.read().data()) ?? []);

await useBackend('cpu');

describe("the paper's teacher", () => {
  const teacher = net(paperTeacher, { seed: 1 });

  it('has 361,066 parameters and ends in a map of 3x3', () => {
    expect(teacher.countParams()).toBe(361_066);
    expect(shapes(teacher)).toEqual({
      image: [28, 28, 1],
      convolution_1: [21, 21, 96],
      maxout_1: [21, 21, 48],
      pooling_1: [11, 11, 48],
      padding_2: [17, 17, 48],
      convolution_2: [10, 10, 96],
      maxout_2: [10, 10, 48],
      pooling_2: [4, 4, 48],
      padding_3: [10, 10, 48],
      convolution_3: [6, 6, 48],
      maxout_3: [6, 6, 24],
      pooling_3: [3, 3, 24],
      flat: [216],
      logits: [10],
    });
  });

  it('costs 34 million multiplications', () => {
    const [first, second, third] = [21 * 21 * 64 * 96, 10 * 10 * 64 * 48 * 96, 6 * 6 * 25 * 48 * 48];
    expect(multiplicationsOf(paperTeacher)).toBe(first + second + third + 2160);
  });
});

describe("the paper's student", () => {
  const student = net(paperStudent, { seed: 1 });

  it('has 30,130 parameters, a twelfth of those of the teacher, in twice as many layers', () => {
    expect(student.countParams()).toBe(30_130);
    expect(shapes(student)).toMatchObject({
      maxout_1: [24, 24, 16],
      maxout_2: [22, 22, 16],
      pooling_2: [10, 10, 16],
      maxout_3: [12, 12, 16],
      maxout_4: [10, 10, 16],
      pooling_4: [4, 4, 16],
      maxout_5: [8, 8, 12],
      maxout_6: [6, 6, 12],
      pooling_6: [3, 3, 12],
      logits: [10],
    });
  });

  it('costs 5.3 million multiplications', () => {
    const first = 24 * 24 * 25 * 32 + 22 * 22 * 9 * 16 * 32;
    const second = 12 * 12 * 25 * 16 * 32 + 10 * 10 * 9 * 16 * 32;
    const third = 8 * 8 * 9 * 16 * 24 + 6 * 6 * 9 * 12 * 24;
    expect(multiplicationsOf(paperStudent)).toBe(first + second + third + 1080);
    expect(multiplicationsOf(paperStudent)).toBe(5_310_648);
  });

  it('has a map no smaller than that of the hint, so that a convolution maps one to the other', () => {
    expect(shapes(student)[middleOf(paperStudent)]).toEqual([4, 4, 16]);
    expect(shapes(net(paperTeacher, { seed: 1 }))[hintLayer]).toEqual([4, 4, 48]);
  });

  it('outputs logits: nothing follows the last dense layer', () => {
    expect(student.layers.at(-1)?.getConfig()).toMatchObject({ activation: 'linear' });
  });
});

describe('the small nets', () => {
  const teacher = net(smallTeacher, { seed: 1 });
  const student = net(smallStudent, { seed: 1 });

  it('have the form of the large ones: twice the depth, fewer parameters, matching maps', () => {
    expect([teacher, student].map((model) => model.countParams())).toEqual([13_338, 5_202]);
    expect([smallTeacher, smallStudent].map(multiplicationsOf)).toEqual([1_833_400, 704_592]);
    expect(shapes(teacher)).toMatchObject({ [hintLayer]: [6, 6, 16], logits: [10] });
    expect(shapes(student)).toMatchObject({ [middleOf(smallStudent)]: [6, 6, 8], pooling_6: [3, 3, 8] });
  });
});

describe('the first weights', () => {
  it('depend on the seed, and differ from layer to layer', async () => {
    const [model, same, other] = [
      net(paperStudent, { seed: 1 }),
      net(paperStudent, { seed: 1 }),
      net(paperStudent, { seed: 2 }),
    ] as const;
    const kernel = await kernelOf(model, 'convolution_3');
    expect(await kernelOf(same, 'convolution_3')).toEqual(kernel);
    expect(await kernelOf(other, 'convolution_3')).not.toEqual(kernel);
    expect(await kernelOf(model, 'convolution_4')).not.toEqual(kernel);
    expect(await kernelOf(net(paperStudent, { seed: 0 }), 'convolution_3')).toEqual(
      await kernelOf(net(paperStudent, { seed: 0 }), 'convolution_3'),
    );
  });

  it('are small and uniform within a given number, as in the paper', async () => {
    const kernel = await kernelOf(net(paperStudent, { seed: 1, uniform: 0.005 }), 'convolution_3');
    const [lowest, highest] = [Math.min(...kernel), Math.max(...kernel)];
    expect(lowest).toBeGreaterThanOrEqual(-0.005);
    expect(highest).toBeLessThanOrEqual(0.005);
    expect([lowest < -0.0049, highest > 0.0049]).toEqual([true, true]);
    const squares = kernel.reduce((sum, weight) => sum + weight ** 2, 0) / kernel.length;
    expect(Math.sqrt(squares * 3)).toBeCloseTo(0.005, 4);
  });

  it('have names in the order of the layers', () => {
    const names = namedWeights(net(paperStudent, { seed: 1 })).map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(['convolution_1/kernel', 'convolution_1/bias']);
    expect(names).toHaveLength(14);
  });
});
