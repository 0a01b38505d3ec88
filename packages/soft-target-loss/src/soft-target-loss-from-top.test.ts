import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, itRefuses, noClassTensors, numericGradient, useBackend } from '@kd/testing';
import type { BadValue } from '@kd/testing';
import { cast, grad, ones, reshape, tensor, tensor1d, tensor2d, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as float64 from '../test/float64.js';
import type { Row } from '../test/float64.js';
import { softTargetLossFromTop } from './soft-target-loss-from-top.js';
import type { TopTargets } from './top-targets.js';
import { softTargetLoss } from './soft-target-loss.js';

interface Top {
  readonly classes: number[];
  readonly logP: number[];
  readonly logRest: number;
}

/** The k largest of a row of logits, and the mass of the others, in float64. */
function topOf(v: Row, k: number): Top {
  const all = float64.logSoftmax(v, 1);
  const order = v.map((_, index) => index).sort((a, b) => (v[b] ?? 0) - (v[a] ?? 0));
  const logOf = (index: number): number => all[index] ?? NaN;
  const rest = order.slice(k).reduce((total, index) => total + Math.exp(logOf(index)), 0);
  const classes = order.slice(0, k);
  return { classes, logP: classes.map(logOf), logRest: Math.log(rest) };
}

function targetsOf(tops: readonly Top[]): TopTargets {
  const k = tops[0]?.classes.length ?? 0;
  return {
    classes: tensor2d(tops.flatMap(({ classes }) => classes), [tops.length, k], 'int32'), // prettier-ignore
    logProbabilities: tensor2d(tops.flatMap(({ logP }) => logP), [tops.length, k]), // prettier-ignore
    logRemaining: tensor1d(tops.map(({ logRest }) => logRest)),
  };
}

/** The divergence after all classes but the k have been merged into one, in float64. */
function merged(v: Row, z: Row, k: number): number {
  const { classes, logP, logRest } = topOf(v, k);
  const logQ = float64.logSoftmax(z, 1);
  const others = logQ.filter((_, index) => !classes.includes(index));
  const logOthers = Math.log(others.reduce((total, each) => total + Math.exp(each), 0));
  return Math.max(
    0,
    float64.divergence([...logP, logRest], [...classes.map((c) => logQ[c] ?? NaN), logOthers]),
  );
}

const logit = fc.float({ min: -8, max: 8, noNaN: true });
const row = fc.array(logit, { minLength: 5, maxLength: 5 });
const v = [[1, 2, 3, 0, -1], [0.5, -4, 2, 0, 0.25], [4, 0, 1, 2, 3]]; // prettier-ignore
const z = [[3, 1, 0.5, 0, 2], [1, -2, 2.5, 1, 0], [-1, 0, 1, 2, -2]]; // prettier-ignore

describe.each(backends)('softTargetLossFromTop on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('is the divergence with the other classes merged, and never negative', async () => {
    await fc.assert(
      fc.asyncProperty(row, row, fc.integer({ min: 1, max: 4 }), async (a, b, k) => {
        const [value = NaN] = await softTargetLossFromTop(targetsOf([topOf(a, k)]), tensor2d([b])).data();
        const expected = merged(a, b, k);
        expect(value).toBeGreaterThanOrEqual(0);
        expectClose(value, expected, { relative: 0, absolute: 2e-6 * expected + 1e-6 * Math.sqrt(expected) + 1e-10 });
      }),
      { numRuns: 60 },
    ); // prettier-ignore
  });

  it('is the whole divergence if one class is left, with its gradient', async () => {
    const targets = targetsOf(v.map((each) => topOf(each, 4)));
    const whole = (x: Tensor): Tensor => softTargetLoss(tensor2d(v), x, { temperature: 1 });
    const fromTop = (x: Tensor): Tensor => softTargetLossFromTop(targets, x);
    const tolerance = { relative: 1e-5, absolute: 1e-6 };
    expectClose(await fromTop(tensor2d(z)).data(), await whole(tensor2d(z)).array(), tolerance);
    expectClose(await grad(fromTop)(tensor2d(z)).data(), await grad(whole)(tensor2d(z)).array(), tolerance);
  });

  it('has the gradient of central differences', async () => {
    const loss = (x: Tensor): Tensor => softTargetLossFromTop(targetsOf(v.map((each) => topOf(each, 2))), x);
    expectClose(await grad(loss)(tensor2d(z)).data(), numericGradient(loss, tensor2d(z)), {
      relative: 2e-3,
      absolute: 2e-3,
    });
  });

  it('leaves the proportions of the other classes to the student', async () => {
    // p = q on S: no gradient, though p and q differ on the rest.
    const student = [Math.log(4), Math.log(2), Math.log(1), Math.log(1)];
    const top = { classes: [0, 1], logP: [Math.log(0.5), Math.log(0.25)], logRest: Math.log(0.25) };
    const loss = (x: Tensor): Tensor => softTargetLossFromTop(targetsOf([top]), x);
    expectClose(await loss(tensor2d([student])).data(), [0], { relative: 0, absolute: 1e-12 });
    expectClose(await grad(loss)(tensor2d([student])).data(), [0, 0, 0, 0], { relative: 0, absolute: 1e-7 });
  });

  it('has a value for each position, that of the position alone', async () => {
    const targets = targetsOf(v.map((each) => topOf(each, 2)));
    const deep = (each: Tensor, ...rest: number[]): Tensor => reshape(each, [1, 3, ...rest]);
    const values = softTargetLossFromTop(
      {
        classes: deep(targets.classes, 2),
        logProbabilities: deep(targets.logProbabilities, 2),
        logRemaining: deep(targets.logRemaining),
      },
      tensor([z]),
    );
    expect(values.shape).toEqual([1, 3]);
    expectClose(await values.data(), [v.map((each, at) => merged(each, z[at] ?? [], 2))], {
      relative: 2e-6,
      absolute: 1e-7,
    });
  });

  it('is NaN where an id is that of no class, and there alone', async () => {
    const { logProbabilities, logRemaining } = targetsOf(v.map((each) => topOf(each, 2)));
    const classes = tensor2d([2, 1, -1, 0, 4, 5], [3, 2], 'int32');
    const loss = softTargetLossFromTop({ classes, logProbabilities, logRemaining }, tensor2d(z));
    expect(Array.from(await loss.data(), Number.isNaN)).toEqual([false, true, true]);
  });

  it('is finite for logits 1000 apart and for a remaining mass that float32 cannot hold', async () => {
    const sure = { classes: [0, 1], logP: [0, -103], logRest: -103 };
    const loss = (x: Tensor): Tensor => softTargetLossFromTop(targetsOf([sure, sure]), x);
    const student = tensor2d([[1000, 0, -1000, -1000], [-1000, 0, 1000, 1000]]); // prettier-ignore
    expectClose(await loss(student).data(), [0, 2000 + Math.log(2)], { relative: 1e-6, absolute: 1e-6 });
    expectClose(await grad(loss)(student).data(), [0, 0, 0, 0, -1, 0, 0.5, 0.5], {
      relative: 0,
      absolute: 1e-6,
    });
  });
});

describe('softTargetLossFromTop', () => {
  beforeAll(() => useBackend('cpu'));

  it('is at most the whole divergence', async () => {
    await fc.assert(
      fc.asyncProperty(row, row, fc.integer({ min: 1, max: 3 }), async (a, b, k) => {
        const [value = NaN] = await softTargetLossFromTop(targetsOf([topOf(a, k)]), tensor2d([b])).data();
        const whole = Math.max(0, float64.softTarget(a, b, 1));
        expect(value).toBeLessThanOrEqual(whole + 2e-6 * whole + 1e-6 * Math.sqrt(whole) + 1e-10);
      }),
    );
  });
});

const good = (): TopTargets => targetsOf(v.map((each) => topOf(each, 2)));
const bad = (part: keyof TopTargets, value: () => Tensor) => (): TopTargets => ({
  ...good(),
  [part]: value(),
});
const noTargets: readonly BadValue[] = [
  ['undefined', () => undefined, 'KD_OPTION_TYPE', 'targets', 'undefined'],
  ['a part too many', () => ({ ...good(), tail: ones([3]) }), 'KD_OPTION_UNKNOWN', 'targets.tail'],
  ['float32 classes', bad('classes', () => cast(good().classes, 'float32')), 'KD_TENSOR_DTYPE', 'targets.classes', 'int32'],
  ['classes of another batch', bad('classes', () => zeros([2, 2], 'int32')), 'KD_TENSOR_SHAPE', 'targets.classes', '[2,2]'],
  ['k of other classes', bad('logProbabilities', () => ones([3, 1])), 'KD_TENSOR_SHAPE', 'targets.logProbabilities', '[3,1]'],
  ['a column', bad('logRemaining', () => ones([3, 1])), 'KD_TENSOR_SHAPE', 'targets.logRemaining', '[3,1]'],
  ['int32 logarithms', bad('logProbabilities', () => zeros([3, 2], 'int32')), 'KD_TENSOR_DTYPE', 'targets.logProbabilities'],
  ['all classes', () => targetsOf(v.map((each) => topOf(each, 5))), 'KD_CLASSES_MISMATCH', '1 to 4 of the student', '5'],
]; // prettier-ignore

describe('softTargetLossFromTop refuses as targets', () => {
  beforeAll(() => useBackend('cpu'));
  itRefuses(noTargets, (targets: never) => softTargetLossFromTop(targets, tensor2d(z)), 'softTargetLossFromTop', ''); // prettier-ignore
});

describe('softTargetLossFromTop refuses as studentLogits', () => {
  beforeAll(() => useBackend('cpu'));
  itRefuses(noClassTensors(2), (logits: never) => softTargetLossFromTop(good(), logits), 'softTargetLossFromTop', 'studentLogits'); // prettier-ignore
});
