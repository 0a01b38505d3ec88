import { describe, expect, it } from 'vitest';
import { valueAt } from './schedule.js';

describe('valueAt', () => {
  it('returns the number itself, or the schedule’s value at the time', () => {
    const time = { step: 7, epoch: 2 };
    expect(valueAt(0.5, time)).toBe(0.5);
    expect(valueAt(({ step, epoch }) => step * 10 + epoch, time)).toBe(72);
  });
});
