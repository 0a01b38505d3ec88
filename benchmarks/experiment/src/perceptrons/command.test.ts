import { expect, it } from 'vitest';
import { perceptronCommand, sizesOf } from './command.js';
import type { PerceptronFlags } from './command.js';

const training = { epochs: 5, batchSize: 128, learningRate: 0.002 };
const settings = {
  size: 1000,
  teacher: { units: 4, training },
  students: { a: training, b: training },
  soft: 1,
};
const flagsOf = (...argv: string[]): PerceptronFlags =>
  perceptronCommand('x', 'Says x.')
    .parse(['node', 'x', ...argv])
    .opts<PerceptronFlags>();

it('overrides only sizes and epochs', () => {
  expect(sizesOf(settings, flagsOf())).toEqual(settings);
  expect(
    sizesOf(settings, flagsOf('--small', '--size', '200', '--epochs', '2', '--teacher-epochs', '3')),
  ).toEqual({
    size: 200,
    teacher: { units: 4, training: { ...training, epochs: 3 } },
    students: { a: { ...training, epochs: 2 }, b: { ...training, epochs: 2 } },
    soft: 1,
  });
});

it('defaults to three seeds and a folder named after the experiment', () => {
  expect(flagsOf()).toEqual({ seeds: 3, out: 'runs/x' });
});
