import { expectClose } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { crossEntropyOf, momentsOf } from './moments.js';
import { problemOf } from './problem.js';

const outputs = {
  rows: 3,
  classes: 4,
  logits: [2, 0, -1, 0.5, 0, 3, -2, -0.5, -1.5, 1, -4, 2],
  probabilities: [0.5, 0.125, 0.25, 0.125, 0.125, 0.625, 0.125, 0.125, 0, 0.25, 0.5, 0.25],
};

describe.each([[[1]], [[2, 0]], [[0, 1, 3]]])('of the free classes %j', (free) => {
  const problem = problemOf(outputs, free);
  const at = free.map((_, index) => 0.3 - 0.7 * index);
  const moved = (c: number, step: number): number[] => at.with(c, (at[c] ?? NaN) + step);
  const step = 1e-5;

  it('the gradient agrees with finite differences', () => {
    const { gradient, crossEntropy } = momentsOf(problem, at);
    const differences = free.map(
      (_, c) =>
        (crossEntropyOf(problem, moved(c, step)) - crossEntropyOf(problem, moved(c, -step))) / (2 * step),
    );
    expectClose(gradient, differences, { relative: 1e-7, absolute: 1e-9 });
    expect(crossEntropy).toBe(crossEntropyOf(problem, at));
  });

  it('the Hessian agrees with finite differences of the gradient', () => {
    const { hessian } = momentsOf(problem, at);
    const differences = free.map((_, c) => {
      const above = momentsOf(problem, moved(c, step)).gradient;
      const below = momentsOf(problem, moved(c, -step)).gradient;
      return above.map((value, d) => (value - (below[d] ?? NaN)) / (2 * step));
    });
    expectClose(hessian, differences, { relative: 1e-7, absolute: 1e-9 });
  });

  it('the means belong to probabilities that sum to one', () => {
    const { logMeans } = momentsOf(problem, at);
    expectClose(
      logMeans.reduce((sum, log) => sum + Math.exp(log), 0),
      1,
      { relative: 1e-12, absolute: 0 },
    );
  });
});

describe('crossEntropyOf', () => {
  it('agrees with the definition without offsets', () => {
    const one = { rows: 1, classes: 2, logits: [0, 1], probabilities: [0.25, 0.75] };
    const expected = Math.log(1 + Math.E) - 0.75;
    expectClose(crossEntropyOf(problemOf(one, [0]), [0]), expected, { relative: 1e-12, absolute: 0 });
  });
});
