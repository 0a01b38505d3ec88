import { expect, it } from 'vitest';
import { learningRateAt, schedule } from './schedule.js';

it('decays three times, after 150, 180 and 210 epochs of 240', () => {
  const rates = (net: 'resnet20' | 'shufflenet-v2') =>
    [0, 149, 150, 179, 180, 209, 210, schedule.epochs - 1].map((epoch) => learningRateAt(net, epoch));
  const expected = [0.05, 0.05, 0.005, 0.005, 5e-4, 5e-4, 5e-5, 5e-5];
  for (const [at, rate] of rates('resnet20').entries()) expect(rate).toBeCloseTo(expected[at] ?? NaN, 12);
  for (const [at, rate] of rates('shufflenet-v2').entries())
    expect(rate).toBeCloseTo((expected[at] ?? NaN) / 5, 12);
});

it('is lower for the three mobile nets', () => {
  const mobile = ['mobilenet-v2', 'shufflenet-v1', 'shufflenet-v2'] as const;
  expect(mobile.map((net) => learningRateAt(net, 0))).toEqual([0.01, 0.01, 0.01]);
  expect(Object.keys(schedule.learningRates)).toEqual(mobile);
});
