import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Digits } from '@kd-datasets/mnist';
import { logitsOf } from '../evaluate.js';
import { asBits } from './bits.js';

/** The digits that a net gets wrong, as bits. */
export async function wrongRows(model: LayersModel, digits: Digits): Promise<string> {
  const logits = await logitsOf(model, digits);
  const classes = logits.length / digits.size;
  const isWrong = (row: number): boolean => {
    const scores = logits.subarray(row * classes, (row + 1) * classes);
    return scores.indexOf(Math.max(...scores)) !== digits.labels[row];
  };
  return asBits(Array.from({ length: digits.size }, (_, row) => row).filter(isWrong), digits.size);
}
