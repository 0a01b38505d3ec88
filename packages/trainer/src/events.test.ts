import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { expectClose, useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { examples, net, options, recorder } from '../test/small.js';
import { train } from './index.js';

await useBackend('cpu');

const number = expect.any(Number) as number;

describe('events', () => {
  it('of two epochs come in this order, with these fields', async () => {
    const model = net();
    const recipe = defineRecipe({
      student: { model, convention: 'logits' },
      teacher: layersTeacher(net(7), { convention: 'logits' }),
      terms: [
        softTarget({ temperature: ({ epoch }) => 2 - epoch / 2, weight: 0.5 }),
        hardTarget({ weight: ({ epoch }) => 1 + epoch }),
      ],
    });
    const { events, of, onEvent } = recorder();
    const started = performance.now();
    const run = await train(
      recipe,
      options(examples(6), { epochs: 2, onEvent, validation: { data: examples(5) } }),
    );
    const elapsed = performance.now() - started;

    const losses = { soft: number, hard: number };
    const step = (epoch: number, stepInEpoch: number): object => ({
      type: 'step',
      stage: 0,
      epoch,
      step: 2 * epoch + stepInEpoch,
      stepInEpoch,
      examples: [4, 2][stepInEpoch],
      total: number,
      losses,
      weights: { soft: 0.5, hard: 1 + epoch },
      scalars: {
        'soft/temperature': 2 - epoch / 2,
        'soft/factor': (2 - epoch / 2) ** 2,
        'soft/slope': 2 - epoch / 2,
      },
      normalizers: { soft: [4, 2][stepInEpoch], hard: [4, 2][stepInEpoch] },
      gradientNorm: number,
      milliseconds: number,
      secondsLeft: number,
    });
    const ofEpoch = (epoch: number): object => ({
      type: 'epoch',
      stage: 0,
      epoch,
      step: 2 * epoch + 2,
      total: number,
      losses,
      validation: { loss: number, accuracy: number },
      improved: true,
      seconds: number,
    });
    expect(events).toEqual([
      {
        type: 'start',
        stage: 0,
        name: 'training',
        epochs: 2,
        stepsPerEpoch: 2,
        parameters: 2 * 4 + 4 + 4 * 3 + 3,
        step: 0,
      },
      step(0, 0),
      step(0, 1),
      ofEpoch(0),
      step(1, 0),
      step(1, 1),
      ofEpoch(1),
      { type: 'end', stage: 0, reason: 'finished', bestEpoch: 1 },
    ]);
    expect(run.history.map((record) => ({ type: 'epoch', stage: 0, ...record }))).toEqual(of('epoch'));

    for (const {
      total,
      losses: { soft = NaN, hard = NaN },
      weights,
    } of of('step')) {
      expectClose(total, soft * (weights['soft'] ?? NaN) + hard * (weights['hard'] ?? NaN), {
        relative: 1e-5,
        absolute: 0,
      });
    }
    // Means over examples, not over batches.
    for (const {
      epoch,
      total,
      losses: { hard = NaN },
    } of of('epoch')) {
      const [first, second] = of('step').filter((event) => event.epoch === epoch);
      const meanOf = (a = NaN, b = NaN): number => (4 * a + 2 * b) / 6;
      expectClose(
        [total, hard],
        [meanOf(first?.total, second?.total), meanOf(first?.losses['hard'], second?.losses['hard'])],
        { relative: 1e-6, absolute: 0 },
      );
    }
    const left = of('step').map(({ secondsLeft }) => secondsLeft ?? NaN);
    expect(left.at(-1)).toBe(0);
    expect(left.slice(0, 3).every((seconds) => seconds > 0)).toBe(true);
    const milliseconds = of('step').reduce((sum, event) => sum + event.milliseconds, 0);
    const seconds = of('epoch').reduce((sum, event) => sum + event.seconds, 0);
    expect(milliseconds).toBeGreaterThan(0);
    expect(milliseconds).toBeLessThan(1000 * seconds);
    expect(1000 * seconds).toBeLessThan(elapsed);
  });

  it('are optional', async () => {
    const model = net();
    const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] });
    const { onEvent, ...withoutEvents } = options(examples(4));
    expect(onEvent).toBeUndefined();
    expect((await train(recipe, withoutEvents)).history).toHaveLength(1);
  });
});
