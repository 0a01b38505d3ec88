import { check, describeValue, KdError, list, nested, optionsOf, teacher, unchecked } from '@kd/core';
import type { FieldsOf, Options, Teacher } from '@kd/core';
import type { Student } from '@kd/recipe';
import { stageOptions } from './stage.js';
import type { Stage, StageSettings } from './stage.js';
import { sharedOptions, validationDataOptions } from './train-options.js';
import type { SharedOptions, ValidationData } from './train-options.js';

/** A student, optionally a teacher, and the stages of its training. */
export interface StagesDefinition {
  readonly student: Student;
  readonly teacher?: Teacher;
  /** At least one. */
  readonly stages: readonly Stage[];
}

/** Options of `trainStages`. */
export interface StagesOptions extends SharedOptions {
  /**
   * With it, each stage ends with the weights of its best epoch; `earlyStopping` of a stage says what is
   * best.
   */
  readonly validation?: ValidationData;
}

const stages = list(nested(stageOptions));

const definitionOptions = optionsOf<StagesDefinition>()({
  // It is checked with the terms of each stage.
  student: unchecked<Student>('a student'),
  teacher: teacher.optional(),
  stages: check<readonly Stage[], readonly StageSettings[]>(stages.expected, (at, value) => {
    const read = stages.read(at, value);
    const { where, argument } = at;
    if (read.length === 0) {
      throw new KdError({
        code: 'KD_BATCH_EMPTY',
        where,
        argument,
        expected: 'an array of at least one stage',
        received: describeValue(value),
        remedy: 'Write { name, terms, epochs, optimizer }.',
      });
    }
    const twin = read.findIndex(
      ({ name }, index) => read.findIndex((other) => other.name === name) !== index,
    );
    if (twin === -1) return read;
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument: `${argument}[${String(twin)}].name`,
      expected: 'different from the names of all other stages',
      received: describeValue(read[twin]?.name),
      remedy: 'Give each stage a unique name.',
    });
  }),
});

/** Describes the options of `trainStages`. */
export const stagesOptions: Options<
  StagesOptions,
  FieldsOf<StagesOptions, 'seed' | 'callbacks' | 'onEvent' | 'keep' | 'compile'>
> = optionsOf<StagesOptions>()({
  ...sharedOptions.fields,
  validation: nested(validationDataOptions).optional(),
});

/**
 * The student, the teacher and the stages, with the defaults filled in. `hasValidation` says whether epochs
 * can be judged.
 */
export function readDefinition(
  where: string,
  definition: StagesDefinition,
  hasValidation: boolean,
): {
  readonly student: Student;
  readonly teacher?: Teacher;
  readonly stages: readonly StageSettings[];
} {
  const read = definitionOptions.read(where, definition, 'definition');
  const judged = hasValidation
    ? -1
    : read.stages.findIndex(({ earlyStopping }) => earlyStopping !== undefined);
  if (judged === -1) return read;
  throw new KdError({
    code: 'KD_TERM_NEEDS',
    where,
    argument: 'options.validation',
    expected: `present, because definition.stages[${String(judged)}].earlyStopping needs it`,
    received: 'undefined',
    remedy: 'Add a validation set, or leave out earlyStopping.',
  });
}
