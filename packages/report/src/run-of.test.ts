import { expectKdError } from '@kd/testing';
import type { TrainEvent } from '@kd/trainer';
import { describe, expect, it } from 'vitest';
import { end, epoch, start, step } from '../test/events.js';
import { runOf } from './index.js';

const weights = (soft: number) => ({ weights: { soft, hard: 1 }, scalars: { 'soft/temperature': 2 * soft } });
const stage = [
  start(),
  step(0, weights(4)),
  step(1, weights(2)),
  epoch(0),
  step(2, weights(1)),
  step(3, weights(0)),
  epoch(1),
  end(),
];
const second = { stage: 1, name: 'distillation' };

describe('runOf', () => {
  it('has the steps of each stage', () => {
    const [reported] = runOf(stage).stages;
    expect(reported).toMatchObject({
      name: 'hints',
      epochs: 2,
      parameters: 10,
      reason: 'finished',
      bestEpoch: 1,
    });
    const examples = 4;
    expect(reported?.steps).toStrictEqual([
      {
        step: 0,
        epoch: 0,
        examples,
        total: 10,
        losses: { soft: 8, hard: 2 },
        ...weights(4),
        gradientNorm: 1,
      },
      { step: 1, epoch: 0, examples, total: 9, losses: { soft: 7, hard: 2 }, ...weights(2), gradientNorm: 2 },
      { step: 2, epoch: 1, examples, total: 8, losses: { soft: 6, hard: 2 }, ...weights(1), gradientNorm: 3 },
      { step: 3, epoch: 1, examples, total: 7, losses: { soft: 5, hard: 2 }, ...weights(0), gradientNorm: 4 },
    ]);
  });

  it('has the epochs of each stage, with means over their steps', () => {
    expect(runOf(stage).stages[0]?.history).toStrictEqual([
      {
        epoch: 0,
        step: 2,
        total: 9.5,
        losses: { soft: 7.5, hard: 2 },
        weights: { soft: 3, hard: 1 },
        scalars: { 'soft/temperature': 6 },
        gradientNorm: 1.5,
        validation: { loss: 3, accuracy: 0.25 },
        improved: true,
        seconds: 2,
      },
      {
        epoch: 1,
        step: 4,
        total: 7.5,
        losses: { soft: 5.5, hard: 2 },
        weights: { soft: 0.5, hard: 1 },
        scalars: { 'soft/temperature': 1 },
        gradientNorm: 3.5,
        validation: { loss: 2, accuracy: 0.5 },
        improved: true,
        seconds: 2,
      },
    ]);
  });

  it('adds up the time of epochs, and of the steps of an epoch that has not ended', () => {
    const running = [start(second), step(0, second), step(1, second), epoch(0, second), step(2, second)];
    const { stages, seconds } = runOf([...stage, ...running]);
    expect(stages.map((one) => [one.name, one.seconds])).toEqual([['hints', 4], ['distillation', 2.5]]); // prettier-ignore
    expect(seconds).toBe(6.5);
  });

  it('has the best epoch so far of a stage that has not ended', () => {
    const running = [start(), epoch(0), epoch(1), epoch(2, { improved: false })];
    expect(runOf(running).stages[0]).toMatchObject({ bestEpoch: 1, reason: undefined });
    expect(runOf([...running, end({ bestEpoch: undefined })]).stages[0]?.bestEpoch).toBe(undefined);
  });

  it('counts once what a resumed training has reported twice', () => {
    const before: TrainEvent[] = stage.slice(0, 5);
    expect(runOf([...before, start({ step: 2 }), ...stage.slice(4)])).toEqual(runOf(stage));
  });

  it('does without steps, validation and events', () => {
    const { validation, ...plain } = epoch(0);
    const [record] = runOf([start(), plain]).stages[0]?.history ?? [];
    expect(validation).toBeDefined();
    expect(record).toMatchObject({ weights: {}, gradientNorm: undefined });
    expect(record).not.toHaveProperty('validation');
    expect(runOf([])).toEqual({ stages: [], seconds: 0 });
  });

  it('has NaN where nothing counts', () => {
    const events = [start(), step(0, { losses: { soft: NaN } })];
    expect(runOf(events).stages[0]?.steps[0]?.losses).toEqual({ soft: NaN });
  });

  it.each<[unknown, string, string]>([
    ['events', 'KD_OPTION_TYPE', 'events'],
    [[3], 'KD_OPTION_TYPE', 'events[0]'],
    [new Array(1), 'KD_OPTION_TYPE', 'events[0]'],
    [[step(0)], 'KD_OPTION_RANGE', 'events[0].stage'],
    [[start(), { ...step(0), step: -1 }], 'KD_OPTION_RANGE', 'events[1].step'],
    [[start(), { ...step(0), losses: { a: 'b' } }], 'KD_OPTION_TYPE', 'events[1].losses["a"]'],
  ])('refuses %j', async (events, code, argument) => {
    await expectKdError(() => runOf(events as TrainEvent[]), code, argument);
  });
});
