import { describe, expect, it } from 'vitest';
import { end, epoch, start, step } from '../../test/events.js';
import { runOf } from '../run-of.js';
import { chartsOf, stagesByName } from './curves.js';
import { thinned } from './thinned.js';

const weighted = (weights: readonly (readonly [number, number])[]) =>
  runOf([
    start(),
    ...weights.flatMap(([soft, hard], index) => [
      step(2 * index, { weights: { soft, hard } }),
      step(2 * index + 1, { weights: { soft, hard } }),
      epoch(index),
    ]),
    end(),
  ]);

describe('chartsOf', () => {
  it('has a chart for each weight that changes in any run', () => {
    const runs = { a: weighted([[1, 0.1], [1, 0.1]]), b: weighted([[1, 0.1], [0.5, 0.1]]) }; // prettier-ignore
    const [stages] = stagesByName(runs).values();
    const weights = chartsOf(stages ?? new Map()).filter(({ title }) => title.startsWith('Weight'));
    expect(weights).toEqual([
      {
        title: 'Weight of soft',
        curves: [
          { run: 'a', points: [{ epoch: 1, value: 1 }, { epoch: 2, value: 1 }] }, // prettier-ignore
          { run: 'b', points: [{ epoch: 1, value: 1 }, { epoch: 2, value: 0.5 }] }, // prettier-ignore
        ],
      },
    ]);
  });
});

describe('chartsOf, of scalars', () => {
  it('has a chart for each scalar that changes', () => {
    const scalars = (temperature: number) => ({
      scalars: { 'soft, late/temperature': temperature, 'soft/beta': 1 },
    });
    const events = [
      start(),
      step(0, scalars(4)),
      step(1, scalars(2)),
      epoch(0),
      step(2, scalars(1)),
      epoch(1),
      end(),
    ];
    const [stages] = stagesByName({ a: runOf(events) }).values();
    const charts = chartsOf(stages ?? new Map()).filter(({ title }) => / of soft/.test(title));
    expect(charts.slice(1)).toEqual([
      {
        title: 'Temperature of soft, late',
        curves: [{ run: 'a', points: [{ epoch: 1, value: 3 }, { epoch: 2, value: 1 }] }], // prettier-ignore
      },
    ]);
  });
});

describe('thinned', () => {
  it('keeps short curves, and of long ones the ends and points at equal distances', () => {
    expect(thinned([1, 2, 3], 3)).toEqual([1, 2, 3]);
    expect(thinned([0, 1, 2, 3, 4, 5, 6, 7], 4)).toEqual([0, 3, 6, 7]);
    expect(thinned([0, 1, 2, 3, 4, 5, 6], 4)).toEqual([0, 2, 4, 6]);
    for (let length = 1; length < 300; length += 1) {
      const kept = thinned(Array.from({ length }, (_, index) => index), 20); // prettier-ignore
      expect(kept.length).toBeLessThanOrEqual(20);
      expect(kept.at(-1)).toBe(length - 1);
    }
  });
});
