import { describe, expect, it } from 'vitest';
import { logTicks } from './log-ticks.js';

describe('logTicks', () => {
  it('ranges from the round number below all values to the one above', () => {
    expect(logTicks([0.61, 3, 88.2])).toEqual([0.5, 1, 2, 5, 10, 20, 50, 100]);
    expect(logTicks([0.25, 0.4])).toEqual([0.2, 0.5]);
  });

  it('takes a round number as an end', () => {
    expect(logTicks([2, 20])).toEqual([2, 5, 10, 20]);
    expect(logTicks([0.2, 0.7])).toEqual([0.2, 0.5, 1]);
  });

  it('has an interval for a single value, and a lower end for zero', () => {
    expect(logTicks([5])).toEqual([5, 10]);
    expect(logTicks([100])).toEqual([100, 200]);
    expect(logTicks([0, 0.03])).toEqual([0.01, 0.02, 0.05]);
    expect(logTicks([0])).toEqual([0.01, 0.02]);
  });
});
