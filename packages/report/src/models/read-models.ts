import {
  check,
  KdError,
  like,
  list,
  nested,
  nonNegative,
  optionsOf,
  record,
  temperatureOption,
  text,
  whole,
} from '@kd/core';
import type { Check, OptionPath } from '@kd/core';
import { checkClasses, checkLabels, checkUnique } from './check-classes.js';
import { readAnswers } from './read-answers.js';
import type { ReadAnswers } from './read-answers.js';
import { checkPictures } from './check-pictures.js';
import { shaped } from './shaped.js';
import type { ModelAnswers, TestedModels, TestPictures } from './tested-models.js';

/** Models on one test set whose parts fit. */
export interface ReadModels {
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  /** At least one. */
  readonly models: readonly ReadAnswers[];
  readonly pictures?: TestPictures;
}

const answers = optionsOf<ModelAnswers>()({
  logits: nested(shaped).optional(),
  probabilities: nested(shaped).optional(),
  parameters: whole(0).optional(),
  bytes: whole(0).optional(),
  millisecondsPerExample: nonNegative.optional(),
});
const pictures = optionsOf<TestPictures>()({
  rows: list(whole(0)),
  images: nested(shaped),
  temperature: temperatureOption,
  chosen: text.optional(),
});
const tested = optionsOf<TestedModels>()({
  labels: like(
    'an array of class ids',
    (value): value is TestedModels['labels'] =>
      Array.isArray(value) || value instanceof Int32Array || value instanceof Uint8Array,
  ),
  classes: list(text).optional(),
  answers: record(nested(answers)),
  pictures: nested(pictures).optional(),
});

/** Models on one test set. */
export const testedModels: Check<TestedModels, ReadModels> = check(
  'the answers of models on a test set',
  (at, value) => readModels(at, value as TestedModels),
);

function readModels(at: OptionPath, value: TestedModels): ReadModels {
  const given = tested.read(at.where, value, at.argument);
  const { labels, classes: names } = given;
  const models = Object.entries(given.answers).map(([name, one]) => {
    const argument = `${at.argument}.answers[${JSON.stringify(name)}]`;
    return readAnswers({ ...at, argument }, name, one, labels.length);
  });
  const [first] = models;
  if (first === undefined || labels.length === 0)
    throw new KdError({
      ...at,
      code: 'KD_BATCH_EMPTY',
      argument: `${at.argument}.${first === undefined ? 'answers' : 'labels'}`,
      expected: 'not empty',
      received: 'nothing',
      remedy: 'Pass the labels of a test set, and the answers of one model or more.',
    });
  const { classes } = first;
  for (const model of models)
    checkClasses(at, `answers[${JSON.stringify(model.name)}]`, model.classes, classes);
  if (names !== undefined) {
    checkClasses(at, 'classes', names.length, classes);
    checkUnique(at, names);
  }
  checkLabels(at, labels, classes);
  if (given.pictures !== undefined)
    checkPictures({ ...at, argument: `${at.argument}.pictures` }, given.pictures, labels.length);
  return {
    labels: Int32Array.from(labels),
    classes: names ?? Array.from({ length: classes }, (_, id) => String(id)),
    models,
    ...(given.pictures && { pictures: given.pictures }),
  };
}
