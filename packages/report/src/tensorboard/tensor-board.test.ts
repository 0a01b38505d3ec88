import { expectKdError } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { end, epoch, start, step } from '../../test/events.js';
import { tensorBoard } from '../tensorboard.js';
import type { SummaryWriter } from '../tensorboard.js';

const fake = () => {
  const calls: unknown[][] = [];
  const writer: SummaryWriter = {
    scalar: (...args) => calls.push(args),
    flush: () => calls.push(['flush']),
  };
  return { calls, writer };
};

describe('tensorBoard', () => {
  it('writes each step, and the validation of an epoch at its last step', () => {
    const { calls, writer } = fake();
    const onEvent = tensorBoard(writer);
    onEvent(start());
    onEvent(step(1, { losses: { soft: NaN, hard: 2 }, weights: { soft: 0.5, hard: 1 } }));
    onEvent(epoch(0));
    onEvent(end());
    expect(calls).toEqual([
      ['hints/total', 9, 1],
      ['hints/gradient norm', 2, 1],
      ['hints/loss/soft', NaN, 1],
      ['hints/loss/hard', 2, 1],
      ['hints/weight/soft', 0.5, 1],
      ['hints/weight/hard', 1, 1],
      ['hints/soft/temperature', 4, 1],
      ['hints/validation/loss', 3, 1],
      ['hints/validation/accuracy', 0.25, 1],
      ['flush'],
      ['flush'],
    ]);
  });

  it('tells stages apart', () => {
    const { calls, writer } = fake();
    const onEvent = tensorBoard(writer);
    const second = { stage: 1, name: 'distillation' };
    for (const event of [start(), step(0), end(), start(second), step(0, second)]) onEvent(event);
    const totals = calls.filter(([name]) => String(name).endsWith('total'));
    expect(totals).toEqual([
      ['hints/total', 10, 0],
      ['distillation/total', 10, 0],
    ]);
  });

  it('refuses what is no writer, and no event', async () => {
    await expectKdError(() => tensorBoard({} as never), 'KD_OPTION_TYPE', 'writer', 'summaryFileWriter');
    const onEvent = tensorBoard(fake().writer) as (event: unknown) => void;
    await expectKdError(
      () => {
        onEvent(3);
      },
      'KD_OPTION_TYPE',
      'event',
    );
  });
});
