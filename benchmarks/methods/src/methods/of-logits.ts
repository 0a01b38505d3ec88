import { curriculumTemperature } from '@kd/curriculum-temperature';
import { decoupled } from '@kd/decoupled';
import { standardizeLogits } from '@kd/logit-standardization';
import { multiLevel } from '@kd/multi-level';
import { normalized } from '@kd/normalized';
import { softTarget } from '@kd/soft-target-loss';
import { dist } from '@kd/stronger-teacher';
import { beside } from './method.js';
import type { Method } from './method.js';

/** Methods that compare outputs, at a temperature of 4 unless their authors have another one. */
export const ofLogits: readonly Method[] = [
  beside('soft targets (KD)', 'logits', 1, (_, weight) => [softTarget({ temperature: 4, weight })]),
  beside('decoupled (DKD)', 'logits', 0.2, (_, weight) => [decoupled({ temperature: 4, weight })]),
  beside('normalized (NKD)', 'logits', 1, (_, weight) => [normalized({ weight })]),
  beside('stronger teacher (DIST)', 'logits', 1, (_, weight) => [dist({ weight })]),
  beside('logit standardization', 'logits', 2, (_, weight) => [
    standardizeLogits(softTarget({ temperature: 2, weight })),
  ]),
  beside('multi-level (MLKD)', 'logits', 0.2, (_, weight) => [multiLevel({ weight })]),
  beside('curriculum temperature (CTKD)', 'logits', 1, (_, weight) => [curriculumTemperature({ weight })]),
];
