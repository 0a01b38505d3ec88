import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import type { Infos, Shape, Term } from '@kd/core';
import { backends, expectClose, expectKdError, itRefuses, lossOf, useBackend } from '@kd/testing';
import type { BadValue } from '@kd/testing';
import { grad } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { valuesOf } from '../../test/losses.js';
import {
  absoluteErrorLoss,
  huberLoss,
  squaredErrorLoss,
  teacherBounded,
  teacherBoundedLoss,
  valueMatching,
  valueTarget,
} from '../index.js';

const exact = { relative: 0, absolute: 0 };
const shape = [2, 5, 4];
const [teacher, trueValues] = [() => valuesOf(shape, 1), () => valuesOf(shape, 3)];
const bounded = (s: Tensor, margin: number): Tensor =>
  teacherBoundedLoss({ teacherValues: teacher(), trueValues: trueValues() }, s, { margin });
const byDelta = (t: Tensor, s: Tensor): Tensor => huberLoss(t, s, { delta: 0.5 });

const table: readonly [name: string, term: Term, loss: (student: Tensor) => Tensor][] = [
  ['valueMatching', valueMatching(), (s) => squaredErrorLoss(teacher(), s)],
  ['valueMatching by another loss', valueMatching({ loss: byDelta }), (s) => byDelta(teacher(), s)],
  ['valueTarget', valueTarget(), (s) => squaredErrorLoss(trueValues(), s)],
  [
    'valueTarget by another loss',
    valueTarget({ loss: absoluteErrorLoss }),
    (s) => absoluteErrorLoss(trueValues(), s),
  ],
  ['teacherBounded without a margin', teacherBounded(), (s) => bounded(s, 0)],
  ['teacherBounded with a margin', teacherBounded({ margin: 2 }), (s) => bounded(s, 2)],
];

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(table)('%s has a loss per position, teacher or target first', async (_, term, loss) => {
    const at = (s: Tensor): Tensor => {
      const given = {
        student: { values: s },
        teacher: { values: teacher() },
        targets: { values: trueValues() },
      };
      return lossOf(term, given).values;
    };
    const student = valuesOf(shape, 2);
    expect(at(student).shape).toEqual([2, 5]);
    expectClose(await at(student).data(), await loss(student).array(), exact);
    expectClose(await grad(at)(student).data(), await grad(loss)(student).array(), exact);
  });
});

it('the loss gets what is to be reached first', () => {
  const given: string[] = [];
  const [t, s] = [teacher(), valuesOf(shape, 2)];
  const loss = (a: Tensor, b: Tensor): Tensor => {
    given.push(a === t ? 'target' : 'student', b === s ? 'student' : 'target');
    return squaredErrorLoss(a, b);
  };
  lossOf(valueMatching({ loss }), { student: { values: s }, teacher: { values: t } });
  lossOf(valueTarget({ loss }), { student: { values: s }, targets: { values: t } });
  expect(given).toEqual(['target', 'student', 'target', 'student']);
});

describe('a term on values', () => {
  it.each([undefined, 'boxes'])('reads values of both models, output %s', (output) => {
    const place = { as: 'values', ...(output === undefined ? {} : { output }) };
    const options = output === undefined ? {} : { output };
    const ofModels = { student: { values: place }, teacher: { values: place } };
    expect(valueMatching(options).reads).toEqual(ofModels);
    const targets = { values: { as: 'values', target: output ?? 'labels' } };
    expect(teacherBounded(options).reads).toEqual({ ...ofModels, targets });
    expect(valueTarget(options).reads).toEqual({ student: { values: place }, targets });
  });

  it.each([teacherBounded, valueTarget])('%o reads the target that is named', (term) => {
    const { reads } = term({ output: 'boxes', target: 'ground truth' });
    expect(reads.targets).toEqual({ values: { as: 'values', target: 'ground truth' } });
    expect(reads.student).toEqual({ values: { as: 'values', output: 'boxes' } });
  });

  it('describes itself', () => {
    const weight = () => 0.5;
    const of = { weight, reduces: 'example' };
    expect(valueMatching({ weight })).toMatchObject({
      ...of,
      name: 'value matching',
      settings: { loss: squaredErrorLoss },
    });
    expect(valueTarget({ weight, loss: huberLoss })).toMatchObject({
      ...of,
      name: 'value target',
      settings: { loss: huberLoss },
    });
    expect(teacherBounded({ weight })).toMatchObject({
      ...of,
      name: 'teacher bounded',
      settings: { margin: 0 },
    });
    for (const term of [valueMatching, valueTarget, teacherBounded])
      expect(term({ name: 'boxes' })).toMatchObject({ name: 'boxes', weight: 1 });
  });
});

describe.each([valueMatching, teacherBounded])('%o', (term) => {
  const check = (student: Shape, ofTeacher: Shape): void =>
    term().check?.({
      student: { values: { shape: student } },
      teacher: { values: { shape: ofTeacher } },
      datasetSize: undefined,
    } satisfies Infos);

  it.each([
    [[null, 100, 4], [null, 100, 4]], // prettier-ignore
    [[null, null, 4], [null, 100, 4]], // prettier-ignore
    [[null, 100, 4], [32, null, 4]], // prettier-ignore
  ])('accepts outputs of %j and %j', (student, ofTeacher) => {
    expect(() => {
      check(student, ofTeacher);
    }).not.toThrow();
  });

  it.each([
    [[null, 100, 4], [null, 100, 5]], // prettier-ignore
    [[null, 100, 4], [null, 99, 4]], // prettier-ignore
    [[null, 1], [null]], // prettier-ignore
    [[null], [null, 1]], // prettier-ignore
  ])('refuses outputs of %j and %j before the first step', async (student, ofTeacher) => {
    const facts = [term.name, 'the outputs of teacher and student'];
    await expectKdError(
      () => {
        check(student, ofTeacher);
      },
      'KD_TENSOR_SHAPE',
      ...facts,
    );
  });
});

const noTermOptions: readonly BadValue[] = [
  ['null', () => null, 'KD_OPTION_TYPE', 'options', 'null'],
  ['weight < 0', () => ({ weight: -1 }), 'KD_OPTION_RANGE', 'options.weight', '-1'],
  ['an empty name', () => ({ name: '' }), 'KD_OPTION_TYPE', 'options.name'],
  ['an output that is a number', () => ({ output: 0 }), 'KD_OPTION_TYPE', 'options.output', '0'],
  ['a misspelt option', () => ({ outptu: 'boxes' }), 'KD_OPTION_UNKNOWN', 'options.outptu', '"output"'],
];
const noLoss: BadValue = ['a loss by name', () => ({ loss: 'huber' }), 'KD_OPTION_TYPE', 'options.loss'];
const noTarget: BadValue = ['an empty target', () => ({ target: '' }), 'KD_OPTION_TYPE', 'options.target'];
const noMargin: BadValue = [
  'a margin < 0',
  () => ({ margin: -1 }),
  'KD_OPTION_RANGE',
  'options.margin',
  '-1',
];
const otherwise: BadValue = ['a target', () => ({ target: 'y' }), 'KD_OPTION_UNKNOWN', 'options.target'];

const refusals: readonly [term: (options: never) => unknown, refuses: readonly BadValue[]][] = [
  [valueMatching, [...noTermOptions, noLoss, otherwise]],
  [valueTarget, [...noTermOptions, noLoss, noTarget]],
  [teacherBounded, [...noTermOptions, noTarget, noMargin]],
];
for (const [term, refuses] of refusals)
  describe(`${term.name} refuses`, () => {
    itRefuses(refuses, term, term.name);
  });
