import { scalar, zeros } from '@tensorflow/tfjs-core';
import { input, layers, model as functional, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Module, Teacher, Term } from '@kd/core';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { defineRecipe } from './recipe.js';
import type { Recipe } from './recipe.js';
import type { Student } from './student.js';

await useBackend('cpu');

const build = (activation: 'linear' | 'softmax' = 'linear'): LayersModel =>
  sequential({
    name: 'student',
    layers: [
      layers.dense({ name: 'hidden', units: 2, activation: 'relu', inputShape: [2] }),
      layers.dense({ name: 'logits', units: 2, activation }),
    ],
  });
const student: Student = { model: build(), convention: 'logits' };
const term = (changes: object = {}): Term => ({
  apiVersion: 1,
  name: 'a',
  reduces: 'example',
  loss: () => ({ values: zeros([1]) }),
  ...changes,
});
const teacher: Teacher = {
  describe: () => Promise.reject(new Error('asked')),
  predict: () => Promise.reject(new Error('asked')),
};
const moduleOf = (name: string): Module => ({
  name,
  build: () => ({ trainable: {}, buffers: {}, dispose: () => undefined }),
});

describe('defineRecipe', () => {
  it('gives back what it was given, and asks nobody', async () => {
    const definition = {
      student,
      teacher,
      terms: [
        term({ needs: ['teacher'], taps: { student: ['hidden'], teacher: ['anything'] }, weight: 0 }),
        term({ name: 'b', weight: () => NaN, needs: ['targets', 'ids', 'mask', 'datasetSize'] }),
      ],
    };
    await expectNoLeak(() => {
      expect(defineRecipe(definition)).toBe(definition);
    });
  });

  it('needs no teacher where no term does', () => {
    expect(() => defineRecipe({ student, terms: [term()] })).not.toThrow();
  });

  it('lets terms share a module', () => {
    const shared = moduleOf('regressor');
    const terms = [term({ modules: [shared] }), term({ name: 'b', modules: [shared, moduleOf('bank')] })];
    expect(() => defineRecipe({ student, terms })).not.toThrow();
  });

  it('refuses a student of which nothing is trainable, whatever was frozen', async () => {
    const model = build();
    for (const layer of model.layers) layer.trainable = false;
    const inputs = input({ shape: [2] });
    const inner = build();
    const outer = functional({ inputs, outputs: inner.apply(inputs) as SymbolicTensor });
    outer.trainable = false;
    const empty = sequential({ layers: [layers.activation({ activation: 'relu', inputShape: [2] })] });
    for (const frozen of [model, outer, empty]) {
      await expectKdError(
        () => defineRecipe({ student: { model: frozen, convention: 'logits' }, terms: [term()] }),
        'KD_GRADIENT_UNAVAILABLE',
        'defineRecipe: recipe.student must be a model with trainable weights',
        `received ${JSON.stringify(frozen.name)}, of which nothing is trainable`,
      );
    }
  });

  const invalid = (changes: object): unknown => ({
    student,
    terms: [term(), term({ name: 'b', ...changes })],
  });
  it.each<[string, unknown, string, ...string[]]>([
    [
      'no definition',
      undefined,
      'KD_OPTION_TYPE',
      'recipe must be an object with student, teacher, terms; received undefined',
    ],
    [
      'a misspelt part',
      { student, terms: [term()], teachers: teacher },
      'KD_OPTION_UNKNOWN',
      'recipe.teachers must be one of student, teacher, terms; received "teachers"',
    ],
    [
      'a missing student',
      { terms: [term()] },
      'KD_OPTION_TYPE',
      'student must be an object with model, convention; received undefined',
    ],
    [
      'a misspelt part of the student',
      { student: { ...student, output: 'logits' }, terms: [term()] },
      'KD_OPTION_UNKNOWN',
      'student.output must be one of model, convention',
    ],
    [
      'a student without a model',
      { student: { convention: 'logits' }, terms: [term()] },
      'KD_MODEL_UNSUPPORTED',
      'student must be a built tfjs-layers model; received undefined',
    ],
    [
      'a student without a convention',
      { student: { model: student.model }, terms: [term()] },
      'KD_OPTION_TYPE',
      'recipe.student.convention must be "logits"',
    ],
    [
      'a student that ends in softmax as logits',
      { student: { model: build('softmax'), convention: 'logits' }, terms: [term()] },
      'KD_MODEL_CONVENTION',
      'the convention of recipe.student must be "probabilities"',
      'received "logits", with a last layer that ends in softmax',
    ],
    [
      'a model as a teacher',
      { student, teacher: build(), terms: [term()] },
      'KD_OPTION_TYPE',
      'teacher must be a Teacher, with describe and predict',
      'Wrap a tfjs model: layersTeacher(model, { convention: "logits" })',
    ],
    ['null as a teacher', { student, teacher: null, terms: [term()] }, 'KD_OPTION_TYPE', 'received null'],
    [
      'no terms',
      { student },
      'KD_BATCH_EMPTY',
      'terms must be an array of at least one term; received undefined',
    ],
    ['an empty list of terms', { student, terms: [] }, 'KD_BATCH_EMPTY', 'received an array of length 0'],
    ['a term alone', { student, terms: term() }, 'KD_BATCH_EMPTY', 'received an object with apiVersion'],
    [
      'undefined as a term',
      { student, terms: [undefined] },
      'KD_TERM_INVALID',
      'terms[0] must be a term; received undefined',
    ],
    [
      'a function as a term',
      { student, terms: [term] },
      'KD_TERM_INVALID',
      'terms[0] must be a term; received the function term',
    ],
    [
      'another version',
      invalid({ apiVersion: 2 }),
      'KD_TERM_INVALID',
      'terms[1] must be a term with apiVersion 1; received 2',
    ],
    ['no name', invalid({ name: '' }), 'KD_TERM_INVALID', 'terms[1] must be a term with a name; received ""'],
    [
      'no loss',
      invalid({ loss: undefined }),
      'KD_TERM_INVALID',
      'a term with a loss function; received undefined',
    ],
    [
      'another reduction',
      invalid({ reduces: 'mean' }),
      'KD_TERM_INVALID',
      'a term that reduces "example" or "batch"; received "mean"',
    ],
    [
      'a negative weight',
      invalid({ weight: -1 }),
      'KD_TERM_INVALID',
      'a term with a weight that is a finite number >= 0 or a schedule; received -1',
    ],
    ['NaN as a weight', invalid({ weight: NaN }), 'KD_TERM_INVALID', 'received NaN'],
    ['a string as a weight', invalid({ weight: '1' }), 'KD_TERM_INVALID', 'received "1"'],
    [
      'an unknown need',
      invalid({ needs: ['labels'] }),
      'KD_TERM_INVALID',
      'a term with needs among teacher, targets',
      'received "labels"',
    ],
    [
      'a tap outside a list',
      invalid({ taps: { student: 'hidden' } }),
      'KD_TERM_INVALID',
      'a term with lists of taps; received "hidden"',
    ],
    [
      'a module without build',
      invalid({ modules: [{ name: 'm' }] }),
      'KD_TERM_INVALID',
      'modules that have a name and a build function',
      'received an object with name',
    ],
    [
      'the name of the regularisers',
      invalid({ name: 'regularizers' }),
      'KD_TERM_INVALID',
      'terms[1] must be a term with a name other than regularizers, total; received "regularizers"',
    ],
    ['the name of the total', invalid({ name: 'total' }), 'KD_TERM_INVALID', 'received "total"'],
    [
      'two terms of one name',
      invalid({ name: 'a' }),
      'KD_TERM_DUPLICATE',
      'the name of each term must be unique in the recipe; received "a" twice',
    ],
    [
      'two modules of one name',
      { student, terms: [term({ modules: [moduleOf('m')] }), term({ name: 'b', modules: [moduleOf('m')] })] },
      'KD_TERM_DUPLICATE',
      'the name of each module must be unique in the recipe; received "m" twice',
    ],
    [
      'a term that needs a teacher',
      invalid({ needs: ['teacher'] }),
      'KD_TERM_NEEDS',
      'teacher must be given for the term "b"; received undefined',
    ],
    [
      'a term that taps a teacher',
      invalid({ taps: { teacher: ['hidden'] } }),
      'KD_TERM_NEEDS',
      'teacher must be given for the term "b"; received undefined',
    ],
    [
      'a tap of no layer',
      invalid({ taps: { student: ['hidden', 'hiden'] } }),
      'KD_TAP_UNKNOWN',
      'the term "b": tap "hiden" must be a layer of "student"',
      'Choose one of hidden [?,2], logits [?,2].',
    ],
    [
      'a value before the activation of a layer without one',
      {
        student: {
          model: sequential({
            layers: [
              layers.dense({ units: 2, inputShape: [2] }),
              layers.dropout({ rate: 0.5, name: 'drop' }),
            ],
          }),
          convention: 'logits',
        },
        terms: [term({ taps: { student: [{ layer: 'drop', at: 'preActivation' }] } })],
      },
      'KD_TAP_UNSUPPORTED',
      'the term "a": tap "drop@preActivation"',
    ],
    [
      'a tap of a shared layer without a node',
      {
        student: {
          model: (() => {
            const inputs = input({ shape: [2] });
            const twice = layers.dense({ units: 2, name: 'twice' });
            return functional({ inputs, outputs: twice.apply(twice.apply(inputs)) as SymbolicTensor });
          })(),
          convention: 'logits',
        },
        terms: [term({ taps: { student: ['twice'] } })],
      },
      'KD_TAP_AMBIGUOUS',
      'the term "a": tap "twice" must be given with a node from 0 to 1',
    ],
  ])('refuses %s', async (_, definition, code, ...parts) => {
    await expectNoLeak(async () => {
      await expectKdError(() => defineRecipe(definition as Recipe), code, ...parts);
    });
  });

  it('does not run a term', () => {
    const loss = (): never => {
      throw new Error('run');
    };
    expect(() =>
      defineRecipe({ student, terms: [term({ loss, afterStep: () => scalar(0) })] }),
    ).not.toThrow();
  });
});
