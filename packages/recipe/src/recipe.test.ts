import { scalar, zeros } from '@tensorflow/tfjs-core';
import { input, layers, model as functional, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { defineModule, defineTerm, frozen } from '@kd/core';
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
  ...defineTerm({ name: 'a', reads: {}, loss: () => ({ values: zeros([1]) }) }),
  ...changes,
});
const teacher: Teacher = {
  describe: () => Promise.reject(new Error('asked')),
  predict: () => Promise.reject(new Error('asked')),
};
const moduleOf = (name: string): Module => defineModule({ name, reads: {}, build: () => ({}) });

describe('defineRecipe', () => {
  it('returns its argument, and asks nobody', async () => {
    const definition = {
      student,
      teacher,
      terms: [
        term({ reads: { student: { tap: 'hidden' }, teacher: { tap: 'anything' } }, weight: 0 }),
        term({
          name: 'b',
          weight: () => NaN,
          scalars: { temperature: () => NaN },
          reads: {
            student: { probabilities: { as: 'probabilities' }, taps: ['hidden', { layer: 'logits' }] },
            targets: { labels: { as: 'class-ids' } },
            inputs: { x: 'anything' },
            mask: true,
            rows: true,
          },
        }),
      ],
    };
    await expectNoLeak(() => {
      expect(defineRecipe(definition)).toBe(definition);
    });
  });

  it('needs no teacher if no term does', () => {
    expect(() => defineRecipe({ student, terms: [term()] })).not.toThrow();
  });

  it('lets terms share a module', () => {
    const shared = moduleOf('regressor');
    const terms = [
      term({ modules: { shared } }),
      term({ name: 'b', modules: { mine: frozen(shared), bank: moduleOf('bank') } }),
    ];
    expect(() => defineRecipe({ student, terms })).not.toThrow();
  });

  it('refuses a student without trainable weights, whatever was frozen', async () => {
    const model = build();
    for (const layer of model.layers) layer.trainable = false;
    const inputs = input({ shape: [2] });
    const inner = build();
    const outer = functional({ inputs, outputs: inner.apply(inputs) as SymbolicTensor });
    outer.trainable = false;
    const empty = sequential({ layers: [layers.activation({ activation: 'relu', inputShape: [2] })] });
    for (const still of [model, outer, empty]) {
      await expectKdError(
        () => defineRecipe({ student: { model: still, convention: 'logits' }, terms: [term()] }),
        'KD_GRADIENT_UNAVAILABLE',
        'defineRecipe',
        'recipe.student',
        JSON.stringify(still.name),
      );
    }
  });

  it('trains modules alone, if the student stands still and they do not', async () => {
    const model = build();
    for (const layer of model.layers) layer.trainable = false;
    const still = { model, convention: 'logits' } as const;
    const module = moduleOf('translator');
    expect(() => defineRecipe({ student: still, terms: [term({ modules: { module } })] })).not.toThrow();
    await expectKdError(
      () => defineRecipe({ student: still, terms: [term({ modules: { module: frozen(module) } })] }),
      'KD_GRADIENT_UNAVAILABLE',
      'recipe.student',
    );
  });

  const invalid = (changes: object): unknown => ({
    student,
    terms: [term(), term({ name: 'b', ...changes })],
  });
  it.each<[string, unknown, string, ...string[]]>([
    ['no definition', undefined, 'KD_OPTION_TYPE', 'recipe', 'undefined'],
    [
      'a misspelt part',
      { student, terms: [term()], teachers: teacher },
      'KD_OPTION_UNKNOWN',
      'recipe.teachers',
      '"teachers"',
    ],
    ['a missing student', { terms: [term()] }, 'KD_OPTION_TYPE', 'student', 'undefined'],
    [
      'a misspelt part of the student',
      { student: { ...student, output: 'logits' }, terms: [term()] },
      'KD_OPTION_UNKNOWN',
      'student.output',
    ],
    [
      'a student without a model',
      { student: { convention: 'logits' }, terms: [term()] },
      'KD_MODEL_UNSUPPORTED',
      'student',
      'undefined',
    ],
    [
      'a student without a convention',
      { student: { model: student.model }, terms: [term()] },
      'KD_OPTION_TYPE',
      'recipe.student.convention',
    ],
    [
      'a student that ends in softmax as logits',
      { student: { model: build('softmax'), convention: 'logits' }, terms: [term()] },
      'KD_MODEL_CONVENTION',
      'the convention of recipe.student',
      '"logits", with a last layer that ends in softmax',
    ],
    [
      'a model as a teacher',
      { student, teacher: build(), terms: [term()] },
      'KD_OPTION_TYPE',
      'teacher',
      'layersTeacher',
      '"logits"',
    ],
    ['null as a teacher', { student, teacher: null, terms: [term()] }, 'KD_OPTION_TYPE', 'null'],
    ['no terms', { student }, 'KD_BATCH_EMPTY', 'terms', 'undefined'],
    ['an empty list of terms', { student, terms: [] }, 'KD_BATCH_EMPTY', 'an array of length 0'],
    [
      'a single term instead of a list',
      { student, terms: term() },
      'KD_BATCH_EMPTY',
      'an object with apiVersion',
    ],
    ['undefined as a term', { student, terms: [undefined] }, 'KD_TERM_INVALID', 'terms[0]', 'undefined'],
    ['a function as a term', { student, terms: [term] }, 'KD_TERM_INVALID', 'terms[0]', 'the function term'],
    ['another version', invalid({ apiVersion: 2 }), 'KD_TERM_INVALID', 'terms[1]', '2'],
    ['no name', invalid({ name: '' }), 'KD_TERM_INVALID', 'terms[1]', '""'],
    ['no loss', invalid({ loss: undefined }), 'KD_TERM_INVALID', 'undefined'],
    ['another reduction', invalid({ reduces: 'mean' }), 'KD_TERM_INVALID', '"mean"'],
    ['a negative weight', invalid({ weight: -1 }), 'KD_TERM_INVALID', '-1'],
    ['NaN as a weight', invalid({ weight: NaN }), 'KD_TERM_INVALID', 'NaN'],
    ['a string as a weight', invalid({ weight: '1' }), 'KD_TERM_INVALID', '"1"'],
    ['no weight', invalid({ weight: undefined }), 'KD_TERM_INVALID', 'terms[1]', 'undefined'],
    [
      'a misspelt field',
      invalid({ modles: {} }),
      'KD_TERM_INVALID',
      'recipe.terms[1]',
      '"modles"',
      'modules',
    ],
    ['a field of the past', invalid({ taps: {} }), 'KD_TERM_INVALID', 'recipe.terms[1]', '"taps"'],
    ['a check that is none', invalid({ check: true }), 'KD_TERM_INVALID', 'check', 'true'],
    ['no reads', invalid({ reads: undefined }), 'KD_TERM_INVALID', 'recipe.terms[1]', 'reads', 'undefined'],
    ['an unknown thing to read', invalid({ reads: { ids: true } }), 'KD_TERM_INVALID', 'terms[1]', '"ids"'],
    ['places in a list', invalid({ reads: { student: ['hidden'] } }), 'KD_TERM_INVALID', 'by name', 'array'],
    [
      'a place that is none',
      invalid({ reads: { student: { x: 1 } } }),
      'KD_TERM_INVALID',
      'taps and outputs',
      '1',
    ],
    [
      'a place without a layer in a list',
      invalid({ reads: { student: { x: ['hidden', { node: 0 }] } } }),
      'KD_TERM_INVALID',
      'an object with node',
    ],
    [
      'an output as something unknown',
      invalid({ reads: { student: { x: { as: 'softmax' } } } }),
      'KD_TERM_INVALID',
      'terms[1]',
      'an object with as',
    ],
    [
      'targets as something unknown',
      invalid({ reads: { targets: { labels: { as: 'one-hot' } } } }),
      'KD_TERM_INVALID',
      'class-ids',
      '"one-hot"',
    ],
    [
      'targets as nothing',
      invalid({ reads: { targets: { x: {} } } }),
      'KD_TERM_INVALID',
      'class-ids',
      'undefined',
    ],
    [
      'null as a target',
      invalid({ reads: { targets: { x: null } } }),
      'KD_TERM_INVALID',
      'class-ids',
      'undefined',
    ],
    ['a scalar that is NaN', invalid({ scalars: { T: NaN } }), 'KD_TERM_INVALID', 'scalars', 'NaN'],
    ['modules in a list', invalid({ modules: [moduleOf('m')] }), 'KD_TERM_INVALID', 'modules', 'array'],
    [
      'a module without build',
      invalid({ modules: { m: { name: 'm' } } }),
      'KD_TERM_INVALID',
      'recipe.terms[1]',
      'an object with name',
    ],
    [
      'the name of the regularisers',
      invalid({ name: 'regularizers' }),
      'KD_TERM_INVALID',
      'terms[1]',
      '"regularizers"',
    ],
    ['the name of the total', invalid({ name: 'total' }), 'KD_TERM_INVALID', '"total"'],
    [
      'two terms with the same name',
      invalid({ name: 'a' }),
      'KD_TERM_DUPLICATE',
      'the name of each term',
      '"a" twice',
    ],
    [
      'two modules with the same name',
      {
        student,
        terms: [
          term({ modules: { one: moduleOf('m') } }),
          term({ name: 'b', modules: { two: moduleOf('m') } }),
        ],
      },
      'KD_TERM_DUPLICATE',
      'the name of each module',
      '"m" twice',
    ],
    [
      'a term that reads an output of a teacher',
      invalid({ reads: { teacher: { logits: { as: 'logits' } } } }),
      'KD_TERM_NEEDS',
      'teacher',
      'the term "b"',
      'undefined',
    ],
    [
      'a term that taps a teacher',
      invalid({ reads: { teacher: { tap: 'hidden' } } }),
      'KD_TERM_NEEDS',
      'teacher',
      'undefined',
    ],
    [
      'a tap of an unknown layer',
      invalid({ reads: { student: { taps: ['hidden', 'hiden'] } } }),
      'KD_TAP_UNKNOWN',
      'the term "b"',
      'tap "hiden"',
      '[?,2]',
    ],
    [
      'a tap of an unknown layer for a module',
      invalid({
        modules: { m: defineModule({ name: 'm', reads: { student: { x: 'hiden' } }, build: () => ({}) }) },
      }),
      'KD_TAP_UNKNOWN',
      'the module "m"',
      'tap "hiden"',
    ],
    [
      'an output of another family',
      invalid({ reads: { student: { boxes: { as: 'values' } } } }),
      'KD_TEACHER_CONVENTION',
      'the term "b"',
      'the output "output" of the student',
      'of values',
      '"logits", which is of classes',
    ],
    [
      'an output that the student does not have',
      invalid({ reads: { student: { boxes: { as: 'logits', output: 'boxes' } } } }),
      'KD_OUTPUT_UNKNOWN',
      'the term "b"',
      'output, or not named',
      '"boxes"',
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
        terms: [term({ reads: { student: { tap: { layer: 'drop', at: 'preActivation' } } } })],
      },
      'KD_TAP_UNSUPPORTED',
      'the term "a"',
      'tap "drop@preActivation"',
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
        terms: [term({ reads: { student: { tap: 'twice' } } })],
      },
      'KD_TAP_AMBIGUOUS',
      'the term "a"',
      'tap "twice"',
    ],
  ])('refuses %s', async (_, definition, code, ...facts) => {
    await expectNoLeak(async () => {
      await expectKdError(() => defineRecipe(definition as Recipe), code, ...facts);
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
