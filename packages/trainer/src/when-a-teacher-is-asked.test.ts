import type { Teacher } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import { softTarget } from '@kd/soft-target-loss';
import { functionTeacher } from '@kd/teacher/function';
import { expectNoLeak, useBackend } from '@kd/testing';
import { ones, train as optimizers } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { net } from '../test/small.js';
import { train } from './index.js';
import type { TrainOptions } from './index.js';

await useBackend('cpu');

const inMemory: TrainOptions['data'] = { inputs: { values: new Float32Array(12), shape: [6, 2] } };

/** A teacher that takes its time. */
function slowTeacher(log: string[], frozen: boolean): Teacher {
  const ask = async (): Promise<number[][]> => {
    log.push('ask');
    await new Promise((resolve) => setTimeout(resolve, 5));
    return [[0, 1, 2], [2, 1, 0]]; // prettier-ignore
  };
  return functionTeacher(ask, {
    convention: 'logits',
    classes: ['a', 'b', 'c'],
    fingerprint: 'slow',
    frozen,
  });
}

/** Questions, steps and batches in their order, in a training of three steps. */
async function orderOf(frozen: boolean, data: (log: string[]) => TrainOptions['data']): Promise<string> {
  const log: string[] = [];
  const recipe = defineRecipe({
    student: { model: net(), convention: 'logits' },
    teacher: slowTeacher(log, frozen),
    terms: [softTarget({ temperature: 2 })],
  });
  const onEvent: TrainOptions['onEvent'] = ({ type }) => {
    if (type === 'step') log.push('step');
  };
  await expectNoLeak(async () => {
    const given = { data: data(log), epochs: 1, optimizer: () => optimizers.sgd(0.1), onEvent };
    await train(recipe, given.data === inMemory ? { ...given, batchSize: 2 } : given);
  });
  return log.join(' ');
}

describe('a teacher that waits is asked', () => {
  it('about the next batch before a step, if it is frozen and the data are in memory', async () => {
    expect(await orderOf(true, () => inMemory)).toBe('ask ask step ask step step');
  });

  it('step by step, if its answers may change', async () => {
    expect(await orderOf(false, () => inMemory)).toBe('ask step ask step ask step');
  });

  it('step by step, if the data are a stream, which is not read ahead either', async () => {
    const stream = (log: string[]): TrainOptions['data'] =>
      function* () {
        for (let batch = 0; batch < 3; batch++) {
          log.push('batch');
          yield { inputs: { x: ones([2, 2]) } };
        }
      };
    expect(await orderOf(true, stream)).toBe('batch ask step batch ask step batch ask step');
  });
});
