import { arrays } from './arrays.js';
import { functions } from './functions.js';
import type { HostileValues } from './hostile-value.js';
import { objects } from './objects.js';
import { primitives } from './primitives.js';
import { tensors } from './tensors.js';

/** Values that no argument expects; a few of them are valid in some places. */
export const hostileValues: HostileValues = {
  ...primitives,
  ...objects,
  ...functions,
  ...arrays,
  ...tensors,
};
