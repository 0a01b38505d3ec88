import { expectKdError } from '@kd/testing';
import type { TrainEvent } from '@kd/trainer';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { end, epoch, start, step } from '../test/events.js';
import { terminal } from './node.js';
import { durationOf } from './text-of-progress.js';

let now = 0;
beforeEach(() => {
  now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** What is written while events arrive, one each second or after other milliseconds. */
function written(events: readonly TrainEvent[], isTTY: boolean, milliseconds = 1000): string[] {
  const texts: string[] = [];
  const onEvent = terminal({ stream: { write: (text) => texts.push(text), isTTY } });
  for (const event of events) {
    onEvent(event);
    now += milliseconds;
  }
  return texts;
}
const line = (text: string): string => `\r\x1b[2K\x1b[?7l${text}\x1b[?7h`;

const stage = [start(), step(0), step(1, { secondsLeft: 61.2 }), epoch(0), step(2), step(3), epoch(1), end()];
const ended =
  'hints: finished after 2 epochs, 4 steps, 0:07 | total 7.500 (soft 5.500, hard 2.000)' +
  ' | validation loss 2.000, accuracy 0.5000 | best epoch 2';

describe('terminal', () => {
  it('redraws a line for each stage, and ends it', () => {
    const texts = written(stage, true);
    expect(texts.slice(0, 4)).toEqual([
      line('hints: epoch 1/2, step 1/4 | total 10.00 (soft 8.000, hard 2.000)'),
      line('hints: epoch 1/2, step 2/4 | total 9.000 (soft 7.000, hard 2.000) | 1:01 left'),
      line(
        'hints: epoch 1/2, step 2/4 | total 9.000 (soft 7.000, hard 2.000)' +
          ' | validation loss 3.000, accuracy 0.2500 | 1:01 left',
      ),
      line(
        'hints: epoch 2/2, step 3/4 | total 8.000 (soft 6.000, hard 2.000)' +
          ' | validation loss 3.000, accuracy 0.2500',
      ),
    ]);
    expect(texts.slice(6)).toEqual([`${line(ended)}\n`]);
  });

  it('writes one line at the end of each stage where there is no terminal', () => {
    const second = { stage: 1, name: 'distil\nlation' };
    const aborted = end({ stage: 1, reason: 'aborted', bestEpoch: undefined });
    const resumed = [start({ ...second, step: 2 }), step(2, second), aborted];
    expect(written([...stage, ...resumed], false)).toEqual([
      `${ended}\n`,
      'distil lation: aborted after 0 epochs, 3 steps, 0:02 | total 8.000 (soft 6.000, hard 2.000)\n',
    ]);
  });

  it('redraws at most ten times a second, but each epoch', () => {
    const steps = [start(), step(0), step(1), step(2), epoch(0)];
    const drawn = written(steps, true, 60).map((text) => /step \d/.exec(text)?.[0]);
    expect(drawn).toEqual(['step 1', 'step 3', 'step 3']);
  });

  it('does without what a stream or a training without validation does not know', () => {
    const { validation, ...plain } = epoch(0);
    expect(validation).toBeDefined();
    const texts = written(
      [start({ stepsPerEpoch: undefined }), step(0, { losses: { soft: NaN } }), plain],
      true,
    );
    expect(texts).toEqual(Array(2).fill(line('hints: epoch 1/2, step 1 | total 10.00 (soft NaN)')));
  });

  it('refuses what is no stream and no event', async () => {
    await expectKdError(() => terminal({ stream: 'stderr' as never }), 'KD_OPTION_TYPE', '"stderr"');
    await expectKdError(() => terminal({ out: 1 } as never), 'KD_OPTION_UNKNOWN', 'options.out');
    await expectKdError(
      () => {
        terminal()(3 as never);
      },
      'KD_OPTION_TYPE',
      'event',
    );
  });
});

it.each([
  [0, '0:00'],
  [59.6, '1:00'],
  [3599, '59:59'],
  [36_061, '10:01:01'],
])('%d seconds are %s', (seconds, text) => {
  expect(durationOf(seconds)).toBe(text);
});
