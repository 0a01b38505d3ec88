// An id that arrives with another input: augmentation, a repeated id, the ids "0", "1", ... of another data
// set.
import '@tensorflow/tfjs-backend-cpu';
import { defineRecipe } from '@kd/recipe';
import { softTarget } from '@kd/soft-target-loss';
import { layersTeacher, cachedTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import { ones, setBackend, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { data, sgd, student, teacher } from '../nets.js';
import { outcome } from '../outcome.js';

await setBackend('cpu');

describe('cachedTeacher', () => {
  const net = sequential({
    layers: [layers.dense({ units: 2, inputShape: [2], kernelInitializer: 'ones' })],
  });
  const remembering = cachedTeacher(layersTeacher(net, { convention: 'logits' }));
  const answerFor = async (x: Tensor): Promise<string> => {
    const { members } = await remembering.predict(
      { inputs: { x }, ids: ['img-1'] },
      { outputs: ['output'], taps: [] },
    );
    return String(await members[0]?.outputs['output']?.data());
  };

  it('answers a repeated id with its original input', async () => {
    expect(await answerFor(ones([1, 2]))).toBe('2,2');
    expect(await answerFor(ones([1, 2]))).toBe('2,2');
  });

  it('refuses an id with another input, or asks the teacher again', async () => {
    expect(await outcome(() => answerFor(zeros([1, 2])))).toMatch(/^(KD_ID_INPUT: .*|0,0)$/);
  });

  it('refuses data in which many examples share an id', async () => {
    const trained = async (): Promise<string> => {
      const recipe = defineRecipe({
        student: student(),
        teacher: cachedTeacher(teacher()),
        terms: [softTarget({ temperature: 2 })],
      });
      const ids = Array.from(data.labels, String);
      const given = { inputs: data.inputs, ids };
      return (await train(recipe, { data: given, batchSize: 4, epochs: 1, optimizer: sgd })).reason;
    };
    expect(await outcome(trained)).toMatch(/^KD_ID_(INPUT|DUPLICATE): /);
  });
});
