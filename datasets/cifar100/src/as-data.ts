import type { InMemoryData } from '@kd/data';
import type { Pictures } from './load-pictures.js';
import { channels, side } from './pixels.js';

/** Converts pictures for the trainer, or for `augmentedStream`. */
export function asData({ images, labels, ids, size }: Pictures): InMemoryData {
  return { inputs: { values: images, shape: [size, side, side, channels] }, labels, ids };
}
