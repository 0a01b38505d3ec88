import { backends, expectClose, useBackend } from '@kd/testing';
import { ones, scalar, tensor, variable, zeros } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { bitsOf, makeSteps, twoVariables } from '../test/steps.js';
import { clipCoefficient } from './clip-coefficient.js';
import { sgd } from './index.js';

describe.each(backends)('clipping on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('measures all gradients together', () => {
    const gradients = [tensor([3, 0], [1, 2]), tensor([0, 4, 12])];
    expectClose(clipCoefficient(gradients, 1).dataSync(), 1 / (13 + 1e-6), { relative: 1e-6, absolute: 0 });
    expectClose(clipCoefficient(gradients.slice(0, 1), 1).dataSync(), 1 / (3 + 1e-6), {
      relative: 1e-6,
      absolute: 0,
    });
  });

  it('changes nothing below the limit, bit for bit', () => {
    const [clipped, free] = [twoVariables(), twoVariables()];
    makeSteps(sgd({ learningRate: 0.1, clipNorm: 100 }), clipped, [0, 1, 2]);
    makeSteps(sgd({ learningRate: 0.1 }), free, [0, 1, 2]);
    expect(bitsOf(clipped)).toEqual(bitsOf(free));
  });

  it('is finite for gradients of zero', () => {
    expect(clipCoefficient([zeros([2]), zeros([2, 2])], 1e-3).dataSync()[0]).toBe(1);
  });

  it('ignores frozen variables, and does nothing if all are frozen', () => {
    const [x, y] = [variable(scalar(0)), variable(scalar(0))];
    const optimizer = sgd({ learningRate: 1, clipNorm: 0.5 });
    const frozen = { name: y.name, tensor: null as never };
    optimizer.applyGradients([{ name: x.name, tensor: ones([]) }, frozen]);
    expect(x.dataSync()[0]).toBeCloseTo(-0.5, 5);
    optimizer.applyGradients([frozen]);
    expect(y.dataSync()[0]).toBe(0);
  });
});
