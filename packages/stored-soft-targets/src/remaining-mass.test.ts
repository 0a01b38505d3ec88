import { softmax } from '@kd/testing/float64';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ignoreRemaining, spreadEvenly } from './remaining-mass.js';
import type { RemainingMass } from './remaining-mass.js';
import { takeTop } from './top-k.js';

/** The stored form of outputs: only their k largest. */
function through(outputs: number[], k: number, logits: boolean, remaining: RemainingMass): Float32Array {
  const columns = {
    classes: new Int32Array(k),
    values: new Float32Array(k),
    logRemaining: new Float32Array(1),
  };
  takeTop(Float32Array.from(outputs), { from: 0, to: 0, width: outputs.length, k, logits }, columns);
  const row = new Float32Array(outputs.length);
  remaining({ ...columns, logRemaining: columns.logRemaining[0] as number, logits }, row);
  return row;
}

/** Indices of the k largest; of equal ones, the first. */
function topOf(outputs: number[], k: number): number[] {
  const order = outputs.map((_, index) => index);
  return order.sort((a, b) => (outputs[b] as number) - (outputs[a] as number) || a - b).slice(0, k);
}

const rows = fc
  .array(fc.float({ min: -30, max: 30, noNaN: true }), { minLength: 3, maxLength: 12 })
  .chain((logits) =>
    fc.record({ logits: fc.constant(logits), k: fc.integer({ min: 1, max: logits.length - 1 }) }),
  );

describe('takeTop', () => {
  it('puts the largest first, the lower class of equal ones, and gives the mass of the others', () => {
    const columns = {
      classes: new Int32Array(6),
      values: new Float32Array(6),
      logRemaining: new Float32Array(2),
    };
    const outputs = Float32Array.of(9, 9, 9, 9, 9, 0, 2, 1, 2, 3);
    takeTop(outputs, { from: 1, to: 1, width: 5, k: 3, logits: true }, columns);
    expect([...columns.classes]).toEqual([0, 0, 0, 4, 1, 3]);
    expect([...columns.values]).toEqual([0, 0, 0, 3, 2, 2]);
    const all = [0, 2, 1, 2, 3].reduce((sum, value) => sum + Math.exp(value), 0);
    expect(columns.logRemaining[1]).toBeCloseTo(Math.log((1 + Math.E) / all), 6);
  });

  it('keeps the mass of the others if the teacher is sure, and never gives minus infinity', () => {
    const row = through([60, 0, 0], 1, true, spreadEvenly);
    expect(row[1]).toBeCloseTo(0, 4);
    const columns = {
      classes: new Int32Array(1),
      values: new Float32Array(1),
      logRemaining: new Float32Array(1),
    };
    takeTop(Float32Array.of(5000, 0), { from: 0, to: 0, width: 2, k: 1, logits: true }, columns);
    expect(columns.logRemaining[0]).toBe(-103);
  });
});

describe('spreadEvenly', () => {
  it('is exact at T = 1: the stored classes are unchanged, the others are equal', () => {
    fc.assert(
      fc.property(rows, ({ logits, k }) => {
        const truth = softmax(logits);
        const got = softmax([...through(logits, k, true, spreadEvenly)]);
        const top = topOf(logits, k);
        const rest = 1 - top.reduce((sum, index) => sum + (truth[index] as number), 0);
        got.forEach((p, index) => {
          const expected = top.includes(index) ? (truth[index] as number) : rest / (logits.length - k);
          expect(Math.abs(p - expected)).toBeLessThan(2e-6);
        });
      }),
    );
  });

  it('gives the others at least their mass at T > 1 and at most that at T < 1; the stored keep their ratios', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(0.5, 2, 4, 20), ({ logits, k }, temperature) => {
        const truth = softmax(logits, temperature);
        const got = softmax([...through(logits, k, true, spreadEvenly)], temperature);
        const top = topOf(logits, k);
        const others = (p: number[]): number =>
          p.reduce((sum, value, index) => sum + (top.includes(index) ? 0 : value), 0);
        const excess = others(got) - others(truth);
        expect(temperature > 1 ? excess : -excess).toBeGreaterThan(-1e-5);
        const [first = 0, last = 0] = [top[0], top.at(-1)];
        expect((got[last] as number) / (got[first] as number)).toBeCloseTo(
          (truth[last] as number) / (truth[first] as number),
          5,
        );
      }),
    );
  });

  it('spreads probabilities', () => {
    const row = through([0.1, 0.6, 0.2, 0.1], 2, false, spreadEvenly);
    [0.1, 0.6, 0.2, 0.1].forEach((p, index) => {
      expect(row[index]).toBeCloseTo(p, 6);
    });
  });

  it('gives the numbers of the formula', () => {
    // p = [.5, .3, .1, .1]: with k = 2, r = .2, each of the two others has .1.
    const logits = [0.5, 0.3, 0.15, 0.05].map(Math.log);
    const row = through(logits, 2, true, spreadEvenly);
    [0.5, 0.3, 0.1, 0.1].forEach((p, index) => {
      expect(row[index]).toBeCloseTo(Math.log(p), 6);
    });
  });
});

describe('ignoreRemaining', () => {
  it('is the softmax over the k classes, at every T', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(1, 4, 20, 90), ({ logits, k }, temperature) => {
        const top = topOf(logits, k);
        const expected = softmax(
          top.map((index) => logits[index] as number),
          temperature,
        );
        const got = softmax([...through(logits, k, true, ignoreRemaining)], temperature);
        got.forEach((p, index) => {
          const position = top.indexOf(index);
          expect(Math.abs(p - (position === -1 ? 0 : (expected[position] as number)))).toBeLessThan(2e-6);
        });
      }),
    );
  });

  it('divides probabilities by their sum', () => {
    const row = through([0.1, 0.6, 0.2, 0.1], 2, false, ignoreRemaining);
    expect([...row].map((p) => p.toFixed(6))).toEqual(['0.000000', '0.750000', '0.250000', '0.000000']);
  });
});
