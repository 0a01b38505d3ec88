import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { optionFault } from '@kd/core';
import type { OptionPath } from '@kd/core';
import { symbolic } from './options.js';
import { agree, isSequence, shapesFault } from './shapes.js';

/** Reads a sequence `[B, L, D]`, and returns D. */
export function widthOf(at: OptionPath, x: SymbolicTensor): number {
  const { shape } = symbolic.read(at, x);
  if (isSequence(shape)) return shape[2];
  const remedy = 'Embed the sequence first, and give its input a known width.';
  throw shapesFault(at.where, at.argument, 'a sequence [B, L, D] with a known D', [shape], remedy);
}

/** Throws unless a mask has one number for each position of a sequence. */
export function checkMask(where: string, mask: SymbolicTensor | undefined, sequence: SymbolicTensor): void {
  if (mask === undefined) return;
  const { shape } = mask;
  if (shape.length === 2 && agree(shape[0], sequence.shape[0]) && agree(shape[1], sequence.shape[1])) return;
  const expected = `[B, ${String(sequence.shape[1] ?? 'L')}], one number for each position to attend to`;
  const remedy = 'Make it with input({ shape: [L] }), and feed 1 for positions to keep and 0 for padding.';
  throw shapesFault(where, 'options.mask', expected, [shape], remedy);
}

/** Throws unless the heads divide the width into parts, which are of even width if they are rotated. */
export function checkHeads(where: string, heads: number, width: number, rotates: boolean): void {
  if (width % (rotates ? 2 * heads : heads) === 0) return;
  const expected = `a divisor of ${rotates ? 'half ' : ''}the width ${String(width)}`;
  const remedy = 'Change the number of heads, or the width.';
  throw optionFault('RANGE', { where, argument: 'options.heads' }, expected, heads, remedy);
}
