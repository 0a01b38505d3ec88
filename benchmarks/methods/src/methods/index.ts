import type { Method } from './method.js';
import { ofFeatures } from './of-features.js';
import { alone } from './of-labels.js';
import { ofLogits } from './of-logits.js';
import { ofMaps } from './of-maps.js';
import { ofStages } from './of-stages.js';

/** All methods, in the order of the table. */
export const methods: readonly Method[] = [alone, ...ofLogits, ...ofFeatures, ...ofMaps, ...ofStages];

/** The method of this name. */
export function methodNamed(name: string): Method {
  return methods.find((method) => method.name === name) as Method;
}
