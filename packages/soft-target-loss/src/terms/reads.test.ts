import type { Convention, Term } from '@kd/core';
import { describe, expect, it } from 'vitest';
import { hardTarget, hardTargetFromDistributions, sigmoidHardTarget } from './hard-target.js';
import { logitMatching } from './logit-matching.js';
import { skewReverseSoftTarget, skewSoftTarget } from './skew-soft-target.js';
import { jensenShannon, reverseSoftTarget, sigmoidSoftTarget, softTarget } from './soft-target.js';

const soft = { temperature: 4 };
const ofTwoModels: readonly [name: string, term: (options: object) => Term, as: Convention][] = [
  ['softTarget', (options) => softTarget({ ...soft, ...options }), 'logits'],
  ['reverseSoftTarget', (options) => reverseSoftTarget({ ...soft, ...options }), 'logits'],
  ['jensenShannon', (options) => jensenShannon({ ...soft, ...options }), 'logits'],
  ['skewSoftTarget', (options) => skewSoftTarget({ ...soft, ...options }), 'logits'],
  ['skewReverseSoftTarget', (options) => skewReverseSoftTarget({ ...soft, ...options }), 'logits'],
  ['sigmoidSoftTarget', (options) => sigmoidSoftTarget({ ...soft, ...options }), 'sigmoid-logits'],
];

describe.each(ofTwoModels)('%s', (_, term, as) => {
  it.each([undefined, 'classes'])('reads the logits of student and members, output %s', (output) => {
    const { reads } = term(output === undefined ? {} : { output });
    const place = { as, ...(output === undefined ? {} : { output }) };
    expect(reads).toEqual({
      student: { output: place },
      teacher: { output: { ...place, members: true } },
    });
  });
});

it('logitMatching reads the mean of the logits of the members', () => {
  const place = { as: 'logits', output: 'classes' };
  expect(logitMatching({ output: 'classes' }).reads).toEqual({
    student: { output: place },
    teacher: { output: place },
  });
});

describe.each([
  ['hardTarget', hardTarget, 'logits', 'class-ids'],
  ['hardTargetFromDistributions', hardTargetFromDistributions, 'logits', 'probabilities'],
  ['sigmoidHardTarget', sigmoidHardTarget, 'sigmoid-logits', 'sigmoid-probabilities'],
] as const)('%s', (_, term, as, labels) => {
  it.each([
    [{}, undefined, 'labels'],
    [{ target: 'fine' }, undefined, 'fine'],
    [{ output: 'classes' }, 'classes', 'classes'],
    [{ output: 'classes', target: 'fine' }, 'classes', 'fine'],
  ])('with %j reads output %s and target %s', (options, output, target) => {
    expect(term(options).reads).toEqual({
      student: { logits: { as, ...(output === undefined ? {} : { output }) } },
      targets: { labels: { as: labels, target } },
    });
  });
});
