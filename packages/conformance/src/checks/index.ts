import type { Check } from '../check.js';
import { backendChecks } from './backends.js';
import { batchChecks } from './batch.js';
import { compiledChecks } from './compiled.js';
import { countingChecks } from './counting.js';
import { equalityChecks } from './equality.js';
import { extremeChecks } from './extremes.js';
import { gradientChecks } from './gradients.js';
import { memoryChecks } from './memory.js';
import { moduleChecks } from './modules.js';
import { optionChecks } from './options.js';
import { settingsChecks } from './settings.js';
import { valueChecks } from './values.js';

/** All rules for terms, in the order in which they are reported. */
export const checks: readonly Check[] = [
  ...valueChecks,
  ...gradientChecks,
  ...equalityChecks,
  ...batchChecks,
  ...countingChecks,
  ...extremeChecks,
  ...memoryChecks,
  ...moduleChecks,
  ...settingsChecks,
  ...optionChecks,
  ...backendChecks,
  ...compiledChecks,
];
