import { goldenFile } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { twoModels } from '../../test/models.js';
import { measured } from './measured-model.js';
import { testedModels } from './read-models.js';
import type { TestedModels } from './tested-models.js';

const at = { where: 'test', argument: 'models' };
const measure = async (given: TestedModels) => {
  const read = testedModels.read(at, given);
  return Promise.all(read.models.map((model) => measured(model, read)));
};

interface Case {
  readonly name: string;
  readonly inputs: { readonly student: number[][]; readonly labels: number[] };
  readonly expected: { readonly ece: number };
}
const { cases } = goldenFile('temperature/calibration') as { cases: readonly Case[] };

describe('measured', () => {
  it('has the hand-worked numbers of two models', async () => {
    const [teacher, student] = await measure(twoModels());
    expect(teacher?.errors).toBe(0);
    // Right each time and 0.75 sure.
    expect(teacher?.calibrationError).toBeCloseTo(0.25, 6);
    expect(student?.errors).toBe(2);
    expect(student?.confusions).toEqual([
      { label: 0, predicted: 0, count: 1 },
      { label: 0, predicted: 1, count: 1 },
      { label: 1, predicted: 0, count: 1 },
      { label: 1, predicted: 1, count: 1 },
    ]);
    // Right half the time and 7 / 8 sure.
    expect(student?.calibrationError).toBeCloseTo(0.375, 6);
    expect(student?.bins).toEqual([
      { from: 13 / 15, to: 14 / 15, count: 4, confidence: expect.closeTo(0.875, 6) as number, accuracy: 0.5 },
    ]);
  });

  it('softens probabilities as it softens logits', () => {
    const values = [0.5, 0.3, 0.2, 0, 0.25, 0.75];
    const logits = Float32Array.from(values, (value) => Math.max(-1e4, Math.log(value)));
    const { models } = testedModels.read(at, {
      labels: [0, 1],
      answers: {
        a: { probabilities: { values, shape: [2, 3] } },
        b: { logits: { values: logits, shape: [2, 3] } },
      },
    });
    for (const row of [0, 1]) {
      const [a, b] = models.map((model) => model.at(row, 4));
      expect(a).toEqual(b?.map((p) => expect.closeTo(p, 6) as number));
    }
    // The fourth root of 0.5, 0.3, 0.2 and their sum.
    const roots = [0.5, 0.3, 0.2].map((p) => p ** 0.25);
    expect(models[0]?.at(0, 4)[0]).toBeCloseTo(0.5 ** 0.25 / roots.reduce((a, b) => a + b), 12);
  });

  it.each(cases)('agrees with the reference: $name', async ({ inputs, expected }) => {
    const shape = [inputs.labels.length, inputs.student[0]?.length ?? 0];
    const logits = { values: inputs.student.flat(), shape };
    const [model] = await measure({ labels: inputs.labels, answers: { model: { logits } } });
    expect((model?.calibrationError ?? NaN) / expected.ece).toBeCloseTo(1, 5);
  });
});
