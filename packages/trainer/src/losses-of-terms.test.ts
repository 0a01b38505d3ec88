// What a loss receives, what it may return, and how a wrong loss is refused.
import { defineTerm } from '@kd/core';
import type { Term, TermLoss } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import { layersTeacher } from '@kd/teacher';
import { expectKdError, useBackend } from '@kd/testing';
import {
  abs,
  less,
  mean,
  mul,
  square,
  squaredDifference,
  sub,
  train as optimizers,
  where,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { examples, net, values } from '../test/small.js';
import { train, trainStages } from './index.js';
import type { TrainOptions } from './index.js';

await useBackend('cpu');

const data = examples(16);
const adam = () => optimizers.adam(0.01);
const logits = { as: 'logits' } as const;
const reads = { student: { out: logits }, teacher: { out: logits } } as const;
const teacher = layersTeacher(net(7), { convention: 'logits' });
const distance = (a: Tensor, b: Tensor): Tensor => mean(squaredDifference(a, b), -1);
const trainOn = async (term: Term, more: Partial<TrainOptions> = {}): Promise<string> => {
  const recipe = defineRecipe({ student: { model: net(), convention: 'logits' }, teacher, terms: [term] });
  return (await train(recipe, { data, epochs: 1, optimizer: adam, ...more })).reason;
};
const plain = (loss: (student: Tensor, teacher: Tensor) => TermLoss, name = 'matching'): Term =>
  defineTerm({ name, reads, loss: (batch) => loss(batch.student.out, batch.teacher.out) });

describe('afterStep', () => {
  it('is called once for each batch, with what the loss of that batch carried', async () => {
    const computed: number[] = [];
    const carried: number[] = [];
    const term = defineTerm({
      name: 'matching',
      reads,
      loss: ({ student, teacher: { out } }) => {
        const each = distance(student.out, out);
        const carry = { mean: mean(each) };
        computed.push(values(carry.mean)[0] ?? NaN);
        return { values: each, carry };
      },
      afterStep: ({ carry }) => void carried.push(values(carry.mean)[0] ?? NaN),
    });
    await trainOn(term, { batchSize: 4, accumulationSteps: 2 });
    expect(new Set(computed).size).toBe(4);
    expect(carried).toEqual(computed);
  });
});

describe('a loss', () => {
  it('knows whether it trains or is measured: by the check, the step and the validation', async () => {
    const training: boolean[] = [];
    const watching = defineTerm({
      name: 'matching',
      reads,
      loss: (batch) => {
        training.push(batch.training);
        return { values: distance(batch.student.out, batch.teacher.out) };
      },
    });
    const earlyStopping = { metrics: 'losses' } as const;
    const stages = [{ name: 'one', terms: [watching], epochs: 1, optimizer: adam, earlyStopping }];
    await trainStages(
      { student: { model: net(), convention: 'logits' }, teacher, stages },
      { data, batchSize: 16, validation: { data } },
    );
    expect(training).toEqual([false, true, false]);
  });

  it('draws numbers that differ by step and by seed, and repeat with the same seed', async () => {
    const drawn = async (seed: number): Promise<number[]> => {
      const numbers: number[] = [];
      const drawing = defineTerm({
        name: 'matching',
        reads,
        loss: (batch) => {
          numbers.push(...values(batch.random([2])));
          return { values: distance(batch.student.out, batch.teacher.out) };
        },
      });
      await trainOn(drawing, { batchSize: 8, seed });
      return numbers;
    };
    const [first, again, other] = [await drawn(1), await drawn(1), await drawn(2)];
    expect(new Set([...first, ...other]).size).toBe(8);
    expect(again).toEqual(first);
  });
});

describe('an unusable loss is refused, naming its term:', () => {
  it('one that compares on the tape, where offTape helps', async () => {
    const huber = plain((output, target) => {
      const off = sub(output, target);
      const size = abs(off);
      return { values: mean(where(less(size, 1), mul(square(off), 0.5), sub(size, 0.5)), -1) };
    }, 'huber');
    const error = await trainOn(huber).catch((caught: unknown) => caught);
    expect(String(error)).toMatch(/"huber".*offTape/);
    await expectKdError(() => trainOn(huber), 'KD_GRADIENT_UNAVAILABLE', '"huber"', 'Less');
  });

  it('one that returns a tensor', () =>
    expectKdError(
      () => trainOn(plain((a, b) => distance(a, b) as never)),
      'KD_TERM_VALUES',
      '"matching"',
      'a float32 tensor',
    ));

  it('one that returns a promise', () =>
    expectKdError(
      () => trainOn(plain((a, b) => Promise.resolve({ values: distance(a, b) }) as never)),
      'KD_TERM_VALUES',
      '"matching"',
      'a promise',
    ));
});

describe('an unknown field of a term is refused by name:', () => {
  it.each(['afterSteps', 'need'])('%s', async (field) => {
    const misspelt = { ...plain((a, b) => ({ values: distance(a, b) })), [field]: () => undefined };
    await expectKdError(() => trainOn(misspelt), 'KD_TERM_INVALID', field);
  });
});
