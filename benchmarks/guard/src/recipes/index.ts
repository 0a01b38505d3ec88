import { accumulation } from './accumulation.js';
import { batchNormalisation } from './batch-normalisation.js';
import type { GuardRecipe } from './common/recipe.js';
import { convolutional } from './convolutional.js';
import { dense } from './dense.js';
import { dropout } from './dropout.js';
import { ensemble } from './ensemble.js';
import { hints } from './hints.js';
import { lstm } from './lstm.js';
import { resumed } from './resumed.js';
import { storedTargets } from './stored-targets.js';
import { together } from './together.js';
import { twoOutputs } from './two-outputs.js';
import { twoStages } from './two-stages.js';

export type { GuardRecipe, Size } from './common/recipe.js';

/** All recipes, in the order of the table. */
export const recipes: readonly GuardRecipe[] = [
  dense,
  convolutional,
  batchNormalisation,
  dropout,
  lstm,
  hints,
  twoStages,
  accumulation,
  storedTargets,
  ensemble,
  together,
  resumed,
  twoOutputs,
];
