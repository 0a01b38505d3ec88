import { expect, it } from 'vitest';
import { leftPlateau } from './plateau.js';

const steps = (count: number, loss: number): number[] => Array.from({ length: count }, () => loss);

it.each([
  // After 10 steps at 1, the last 50 steps have the mean (40 * 2 + 10 * 1) / 50 = 1.8, a tenth below 2.
  [[...steps(80, 2), ...steps(50, 1)], 90],
  // The mean falls from 2 to 1.82 only.
  [[...steps(80, 2), ...steps(100, 1.82)], null],
  [steps(50, 2), null],
  [[], null],
])('finds the step at which the loss has fallen by a tenth (%#)', (losses, step) => {
  expect(leftPlateau(losses)).toBe(step);
});
