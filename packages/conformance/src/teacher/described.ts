import { conventions } from '@kd/core';
import type { OutputInfo, Shape } from '@kd/core';
import { few } from '../close.js';
import { conforms } from '../nonconformity.js';
import type { Asked } from './ask.js';

/** What is described of each tensor of an answer: the outputs of each member, then the taps. */
export function describedOutputs(
  { description, outputs }: Asked,
  tensors: number,
): (OutputInfo | undefined)[] {
  const members = (tensors - description.taps.length) / Math.max(1, outputs.length);
  return Array.from({ length: members }, () => outputs.map((name) => description.outputs[name])).flat();
}

/** The shapes of the same. */
export function describedShapes(asked: Asked, tensors: number): Shape[] {
  return [...describedOutputs(asked, tensors), ...asked.description.taps].map((info) => info?.shape ?? []);
}

/** Whether a shape is one that was described. */
export function fits(shape: readonly number[], described: Shape | undefined): boolean {
  return (
    described?.length === shape.length &&
    described.every((length, axis) => length === null || length === shape[axis])
  );
}

/** Throws unless numbers are what their convention says. */
export function keepsConvention({ convention }: OutputInfo, numbers: readonly number[], width: number): void {
  const { scale, family } = conventions[convention];
  if (scale !== 'probabilities') return;
  conforms(
    numbers.every((x) => x >= 0 && x <= 1),
    () => `The ${convention} are ${few(numbers)}.`,
  );
  if (family !== 'classes') return;
  for (let row = 0; row < numbers.length; row += width) {
    const sum = numbers.slice(row, row + width).reduce((a, b) => a + b, 0);
    conforms(Math.abs(sum - 1) < 1e-3, () => `The probabilities of an example sum to ${String(sum)}.`);
  }
}
