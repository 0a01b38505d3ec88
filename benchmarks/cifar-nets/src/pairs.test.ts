import { useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { nets } from './nets/index.js';
import { pairs } from './pairs.js';

await useBackend('cpu');

it('are thirteen, and name all nets', () => {
  const all = Object.values(pairs);
  expect(all).toHaveLength(13);
  expect(new Set(all.flatMap(({ teacher, student }) => [teacher, student]))).toEqual(
    new Set(Object.keys(nets)),
  );
});

describe.each(Object.entries(pairs))('%s', (name, { teacher, student, published }) => {
  it('is named after its nets, and distillation helps its student', () => {
    expect(name).toBe(`${teacher}-${student}`);
    expect(published.distilled).toBeGreaterThan(published.student);
    expect(published.teacher).toBeGreaterThan(published.student);
  });

  it('has as many stages on both sides', () => {
    const stages = [teacher, student].map(
      (net) => nets[net]({ seed: 1, classes: 2, width: 1 / 64 }).maps.length,
    );
    expect(stages[0]).toBe(stages[1]);
  });
});

it('have one accuracy for each net, alone', () => {
  const alone = Object.values(pairs).flatMap(({ teacher, student, published }) => [
    `${teacher} ${String(published.teacher)}`,
    `${student} ${String(published.student)}`,
  ]);
  expect(new Set(alone).size).toBe(Object.keys(nets).length);
});
