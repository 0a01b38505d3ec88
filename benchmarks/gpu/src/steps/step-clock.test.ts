import { expect, it } from 'vitest';
import { stepClock } from './step-clock.js';

it('does not time the first steps', () => {
  const { note, milliseconds } = stepClock({ untimed: 2, steps: 3, seconds: 10 });
  const ended = [9000, 9100, 9110, 9130, 9133].map(note);
  expect(ended).toEqual([false, false, false, false, true]);
  expect(milliseconds).toEqual([10, 20, 3]);
});

it('times at least one step, however slow', () => {
  const { note, milliseconds } = stepClock({ untimed: 5, steps: 5, seconds: 1 });
  expect([60_000, 65_000, 70_000].map(note)).toEqual([false, false, true]);
  expect(milliseconds).toEqual([5000]);
});
