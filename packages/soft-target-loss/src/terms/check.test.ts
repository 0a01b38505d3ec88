import type { Convention, Targets, Term, TermShapes } from '@kd/core';
import { expectKdError, noTensors, termBatch, termShapes, useBackend } from '@kd/testing';
import type { BadValue } from '@kd/testing';
import { ones, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { hardTarget, hardTargetFromDistributions, sigmoidHardTarget } from './hard-target.js';
import { logitMatching } from './logit-matching.js';
import { jensenShannon, reverseSoftTarget, sigmoidSoftTarget, softTarget } from './soft-target.js';

beforeAll(() => useBackend('cpu'));

const soft = { temperature: 4 };
const ofClasses: readonly Convention[] = ['logits', 'probabilities'];
const ofLabels: readonly Convention[] = ['sigmoid-logits', 'sigmoid-probabilities'];
const table: readonly [where: string, term: Term, fits: readonly Convention[]][] = [
  ['softTarget', softTarget(soft), ofClasses],
  ['reverseSoftTarget', reverseSoftTarget(soft), ofClasses],
  ['jensenShannon', jensenShannon(soft), ofClasses],
  ['logitMatching', logitMatching(), ofClasses],
  ['sigmoidSoftTarget', sigmoidSoftTarget(soft), ofLabels],
  ['hardTarget', hardTarget(), ofClasses],
  ['hardTargetFromDistributions', hardTargetFromDistributions(), ofClasses],
  ['sigmoidHardTarget', sigmoidHardTarget(), ofLabels],
];

describe.each(table)('%s before the first step', (where, term, fits) => {
  const others = fits === ofClasses ? ofLabels : ofClasses;
  const [fit = 'logits'] = fits;
  const ofTeacher = term.needs?.includes('teacher') === true;

  it('accepts outputs of its conventions', () => {
    for (const student of fits) {
      for (const teacher of fits) term.check?.(termShapes([null, 3], student, [null, 3], teacher));
      term.check?.(termShapes([null, 7, 3], student));
    }
    expect(fits).toHaveLength(2);
  });

  it.each(others)('refuses %s from the student', async (convention) => {
    await expectKdError(
      () => term.check?.(termShapes([null, 3], convention, [null, 3], fit)),
      'KD_TEACHER_CONVENTION',
      'the output of the student',
      `"${convention}"`,
    );
  });

  if (!ofTeacher) return;

  it.each(others)('refuses %s from the teacher', async (convention) => {
    await expectKdError(
      () => term.check?.(termShapes([null, 3], fit, [null, 3], convention)),
      'KD_TEACHER_CONVENTION',
      'the output of the teacher',
      `"${convention}"`,
    );
  });

  it('refuses a different number of classes', async () => {
    await expectKdError(
      () => term.check?.(termShapes([null, 10], fit, [null, 100])),
      'KD_CLASSES_MISMATCH',
      'the outputs of teacher and student',
      '100 from the teacher and 10 from the student',
    );
  });

  it('refuses a batch without a teacher', async () => {
    await expectKdError(
      () => term.loss(termBatch({ student: ones([2, 3]), convention: fit })),
      'KD_TERM_NEEDS',
      'batch.teacher',
    );
  });
});

describe.each([
  ['hardTarget', hardTarget(), 'logits'],
  ['hardTargetFromDistributions', hardTargetFromDistributions(), 'logits'],
  ['sigmoidHardTarget', sigmoidHardTarget(), 'sigmoid-logits'],
] as const)('%s without its target', (where, term, convention) => {
  it.each<[batch: () => Targets, received: string]>([
    [() => ({}), 'no targets'],
    [() => ({ targets: {} }), 'no targets'],
    [() => ({ targets: { label: ones([2]), y: ones([2]) } }), 'label, y'],
  ])('refuses the batch', async (given, received) => {
    const batch = given();
    const says = [where, 'batch.targets.labels', received];
    const shapes = termShapes([null, 3], convention);
    await expectKdError(() => term.checkBatch?.(batch, shapes), 'KD_TERM_NEEDS', ...says);
    const body = () => term.loss(termBatch({ student: ones([2, 3]), convention, batch }));
    await expectKdError(body, 'KD_TERM_NEEDS', ...says);
  });
});

/** The labels of two examples of three classes that a term accepts, and those that it refuses. */
const labelTable: readonly {
  where: string;
  term: Term;
  shapes: TermShapes;
  takes: () => Tensor[];
  refuses: readonly BadValue[];
}[] = [
  {
    where: 'hardTarget',
    term: hardTarget(),
    shapes: termShapes([null, 3], 'logits'),
    takes: () => [tensor1d([0, 2], 'int32'), tensor1d([0, 2]), tensor2d([[0], [2]], [2, 1], 'int32')],
    refuses: [
      ...noTensors,
      ['strings', () => tensor1d(['a', 'b']), 'KD_TENSOR_DTYPE', 'targets.labels'],
      ['one-hot labels', () => ones([2, 3]), 'KD_TENSOR_SHAPE', '[2,3]'],
      ['another rank', () => ones([2, 3, 1]), 'KD_TENSOR_SHAPE', '[2,3,1]'],
      ['too large an id', () => tensor1d([0, 3], 'int32'), 'KD_LABEL_RANGE', 'row 1', '3'],
      ['a negative id', () => tensor1d([-1, 0], 'int32'), 'KD_LABEL_RANGE', 'row 0', '-1'],
      ['a fraction', () => tensor1d([0, 1.5]), 'KD_LABEL_RANGE', 'row 1', '1.5'],
      ['NaN', () => tensor1d([0, NaN]), 'KD_LABEL_RANGE', 'row 1', 'NaN'],
      ['Infinity', () => tensor2d([[0], [Infinity]]), 'KD_LABEL_RANGE', 'row 1', 'Infinity'],
    ],
  },
  {
    where: 'hardTargetFromDistributions',
    term: hardTargetFromDistributions(),
    shapes: termShapes([null, 3], 'logits'),
    takes: () => [tensor2d([[0, 0, 1], [0.5, 0.25, 0.25]])], // prettier-ignore
    refuses: [
      ...noTensors,
      ['int32', () => ones([2, 3], 'int32'), 'KD_TENSOR_DTYPE', 'targets.labels'],
      ['other classes', () => ones([2, 2]), 'KD_TENSOR_SHAPE', '[2,2]'],
      ['ids', () => ones([3]), 'KD_TENSOR_SHAPE', '[3]'],
      ['another sum', () => tensor2d([[0, 0, 1], [0, 0.5, 0.4]]), 'KD_LABEL_RANGE', 'row 1', 'with sum 0.9'], // prettier-ignore
      ['negative ones', () => tensor2d([[2, -1, 0], [0, 0, 1]]), 'KD_LABEL_RANGE', 'row 0', '[2, -1, 0]'], // prettier-ignore
      ['NaN', () => tensor2d([[1, 0, 0], [NaN, 0, 1]]), 'KD_LABEL_RANGE', 'row 1', 'sum NaN'], // prettier-ignore
    ],
  },
  {
    where: 'sigmoidHardTarget',
    term: sigmoidHardTarget(),
    shapes: termShapes([null, 3], 'sigmoid-logits'),
    takes: () => [tensor2d([[0, 1, 1], [0.5, 0, 0]])], // prettier-ignore
    refuses: [
      ...noTensors,
      ['int32', () => ones([2, 3], 'int32'), 'KD_TENSOR_DTYPE', 'targets.labels'],
      ['other labels', () => ones([2, 2]), 'KD_TENSOR_SHAPE', '[2,2]'],
      ['above 1', () => tensor2d([[0, 1, 0], [0, 2, 0]]), 'KD_LABEL_RANGE', 'row 1', '2'], // prettier-ignore
      ['below 0', () => tensor2d([[0, 1, -0.5], [0, 0, 0]]), 'KD_LABEL_RANGE', 'row 0', '-0.5'], // prettier-ignore
      ['NaN', () => tensor2d([[0, 1, 0], [0, NaN, 0]]), 'KD_LABEL_RANGE', 'row 1', 'NaN'], // prettier-ignore
    ],
  },
];

describe.each(labelTable)('$where before a step', ({ where, term, shapes, takes, refuses }) => {
  it('accepts labels', async () => {
    for (const labels of takes()) await term.checkBatch?.({ targets: { labels } }, shapes);
    expect(Object.keys(term)).toContain('checkBatch');
  });

  for (const [name, value, code, ...facts] of refuses) {
    it(`refuses ${name}`, async () => {
      const labels = value() as Tensor;
      const body = () => term.checkBatch?.({ targets: { labels } }, shapes);
      await expectKdError(body, code, where, 'targets.labels', ...facts);
      if (code !== 'KD_LABEL_RANGE') return;
      // Rows marked as unlabelled may hold anything.
      await term.checkBatch?.({ targets: { labels }, labelled: tensor1d([0, 0]) }, shapes);
      const row = Number(/row (\d)/.exec(facts.join(' '))?.[1]);
      const only = tensor1d([0, 1].map((index) => (index === row ? 1 : 0)));
      const marked = () => term.checkBatch?.({ targets: { labels }, labelled: only }, shapes);
      await expectKdError(marked, code, `row ${String(row)} of targets.labels`);
    });
  }
});

describe('hardTarget over a sequence before a step', () => {
  it('names the row, not the position', async () => {
    const labels = tensor2d([[0, 1], [1, 0], [1, 5]], [3, 2], 'int32'); // prettier-ignore
    await expectKdError(
      () =>
        hardTarget({ target: 'tokens' }).checkBatch?.(
          { targets: { tokens: labels } },
          termShapes([null, null, 3], 'logits'),
        ),
      'KD_LABEL_RANGE',
      'row 2 of targets.tokens',
      '5',
    );
  });
});
