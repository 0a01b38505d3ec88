import { damagedParts } from '../src/checkpoint/damaged.js';
import type { Damaged } from '../src/checkpoint/damaged.js';

/** The error for the file "weights" of the checkpoint "kept". */
export const damaged: Damaged = damagedParts('test', 'kept')('weights');
