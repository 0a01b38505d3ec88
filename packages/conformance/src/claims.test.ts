// Claims that would hold of themselves.
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { expectKdError, useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { failing } from '../test/failing.js';
import { soundPower } from '../test/faults/options.js';
import { pair, squaredError, subjectOf } from '../test/sound.js';
import { describeGoldenWith, describeTermWith } from './index.js';
import type { Claims, Subject } from './index.js';

await useBackend('cpu');
const runner = {
  describe: (_: string, body: () => void) => {
    body();
  },
  it: () => undefined,
};
const claiming = ({ claims, ...subject }: Subject, more: Partial<Claims<object>>): Subject => ({
  ...subject,
  claims: { ...claims, ...more },
});
const soundError = subjectOf({
  ...pair,
  loss: ({ student, teacher }) => ({ values: squaredError(student.map, teacher.map) }),
});

describe('a claim', () => {
  it('that is misspelt is refused', async () => {
    const claims = { ...soundPower.claims, atEqality: 'zero' } as Claims<object>;
    await expectKdError(
      () => {
        describeTermWith(runner)('power', soundPower.makeTerm, soundPower.shapes, claims);
      },
      'KD_OPTION_UNKNOWN',
      'atEquality',
    );
  });

  it('about an option that does not exist is found', async () => {
    const found = await failing(claiming(soundPower, { refuses: { powr: [0.5] } }));
    expect(Object.keys(found)).toEqual(['option-type', 'option-range']);
  });

  it('about a place that the term does not read is found', async () => {
    const found = await failing(claiming(soundError, { constant: ['teacher.mapp'] }));
    expect(found).toEqual({ constant: 'The term reads no teacher.mapp.' });
  });
});

it('a golden file without cases is refused', () => {
  const from = { makeTerm: () => soundError.makeTerm({}), values: () => ({}) };
  expect(() => {
    describeGoldenWith(runner)('nothing', { cases: [] }, from);
  }).toThrow('has no cases');
});
