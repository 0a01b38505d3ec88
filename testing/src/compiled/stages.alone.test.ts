// Trainings of several stages or students in steps of one call, compared with eager ones, to the bit.
import { stepFunctions } from '@kd/core';
import { adam, rmsprop, sgd } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher, onlineTeacher } from '@kd/teacher';
import { hasTensorflow } from '@kd/testing/tensorflow';
import { train, trainStages, trainTogether } from '@kd/trainer';
import { trainInTwoStages } from '@kd/two-stage-trainer';
import { setBackend } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { bothWays, expectSame, weightsOf } from './both-ways.js';
import { batchSize, dataOf, denseNet, mapNet } from './small.js';

const isInstalled = (await hasTensorflow()) && stepFunctions() !== undefined;

const normalized = (phase?: number): LayersModel =>
  denseNet([layers.batchNormalization({ name: 'norm' })], {}, phase);
const terms = [hardTarget(), softTarget({ temperature: 2 })];
const shared = { data: dataOf(), batchSize, seed: 3 };

describe.skipIf(!isInstalled)('steps of one call', () => {
  beforeAll(() => setBackend('tensorflow'));

  it('have the bits of eager ones in trainStages', async () => {
    const both = await bothWays(async (way) => {
      const model = normalized();
      const teacher = layersTeacher(normalized(5), { convention: 'logits' });
      const optimizer = () => adam({ learningRate: 0.02 });
      const stages = [
        { name: 'head', terms, trainable: ['logits'], epochs: 3, optimizer },
        { name: 'all', terms, epochs: 3, optimizer, learningRateMultipliers: { hidden: 0.1 } },
        { name: 'labels', terms: [hardTarget()], epochs: 2, optimizer: () => sgd({ learningRate: 0.1 }) },
      ];
      const student = { model, convention: 'logits' } as const;
      await trainStages({ student, teacher, stages }, { ...shared, ...way });
      return weightsOf(model);
    });
    expectSame(both);
    expect(both.compiled.reasons).toEqual([undefined, undefined, undefined]);
  });

  it.each(['two stages', 'joint'] as const)(
    'have the bits of eager ones in trainInTwoStages, %s',
    async (strategy) => {
      const both = await bothWays(async (way) => {
        const [model, wide] = [mapNet('guided', 3), mapNet('hinted', 4, 5)];
        const stage = { epochs: 3, optimizer: () => rmsprop({ learningRate: 0.01 }) };
        await trainInTwoStages(
          {
            student: { model, convention: 'logits' },
            teacher: layersTeacher(wide, { convention: 'logits' }),
            ...{ hint: 'hinted', guided: 'guided', strategy },
          },
          { ...shared, data: dataOf([4, 4, 2]), ...way, distillation: stage, ...(strategy === 'joint' ? {} : { hints: stage }) }, // prettier-ignore
        );
        return weightsOf(model, wide);
      });
      expectSame(both);
    },
  );

  it('have the bits of eager ones in trainTogether, where each teaches the other', async () => {
    const both = await bothWays(async ({ compile, onEvent }) => {
      const [one, other] = [normalized(), denseNet([], {}, 5)];
      const recipeOf = (model: LayersModel, peer: LayersModel) =>
        defineRecipe({
          student: { model, convention: 'logits' },
          teacher: onlineTeacher(peer, { convention: 'logits' }),
          terms,
        });
      const optimizer = () => adam({ learningRate: 0.02 });
      await trainTogether(
        { one: recipeOf(one, other), other: recipeOf(other, one) },
        {
          ...{ ...shared, compile, epochs: 5, optimizer },
          validation: { data: dataOf([4], 4), patience: 2 },
          onEvent: (_, event) => { onEvent(event); },
        }, // prettier-ignore
      );
      return weightsOf(one, other);
    });
    expectSame(both);
  });

  it('have the bits of eager ones in two trainings at once, one of which ends early', async () => {
    const both = await bothWays(async ({ compile, onEvent }) => {
      const [one, other, teaching] = [normalized(), normalized(4), normalized(5)];
      const teacher = layersTeacher(teaching, { convention: 'logits' });
      const controller = new AbortController();
      const trained = (model: LayersModel, signal?: AbortSignal): Promise<unknown> => {
        let steps = 0;
        return train(defineRecipe({ student: { model, convention: 'logits' }, teacher, terms }), {
          ...{ ...shared, compile, epochs: 4, optimizer: () => adam({ learningRate: 0.02 }) },
          ...(signal && { signal }),
          onEvent: (event) => {
            if (signal !== undefined || event.type === 'compile') onEvent(event);
            if (signal !== undefined && event.type === 'step' && ++steps === 8) controller.abort();
          },
        });
      };
      await Promise.all([trained(one), trained(other, controller.signal)]);
      return weightsOf(one, other, teaching);
    });
    expectSame(both);
  });
});
