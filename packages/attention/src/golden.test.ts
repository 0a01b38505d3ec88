import { forward, resolveTap } from '@kd/model';
import { backends, expectClose, useBackend } from '@kd/testing';
import { mul, sum, tidy, variable, variableGrads } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { asTensor, cases, modelOf } from '../test/golden-model.js';

const close = { relative: 1e-5, absolute: 1e-6 };

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(cases)('$of $name: PyTorch has these outputs', async (one) => {
    const { inputs, expected } = one;
    const model = modelOf(one);
    const { attentionWeights: a_weights, queryRotary: a_query_rotary } = expected;
    const inside = Object.entries({ a_weights, a_query_rotary }).filter(([, values]) => values !== undefined);
    const taps = inside.map(([layer]) => resolveTap('test', model, layer));
    const given = Object.values(inputs).map(asTensor);
    const { outputs, taps: tapped } = forward(model, given, { training: false, taps });
    expectClose(await (outputs[0] as Tensor).data(), expected.y, close);
    for (const [place, [, values]] of inside.entries())
      expectClose(await (tapped[place] as Tensor).data(), values, close);
  });

  it.each(cases)('$of $name: PyTorch has these gradients', async (one) => {
    const { inputs, slopes, expected } = one;
    const model = modelOf(one);
    const given = Object.entries(inputs).map(([name, values]) => [name, variable(asTensor(values))] as const);
    const weights = model.weights.map((weight) => [weight.originalName, weight.read() as Variable] as const);
    const moved = [...given, ...weights].filter(([name]) => name !== 'mask');
    const { grads } = variableGrads(
      () =>
        tidy(() => {
          const y = model.apply(given.map(([, tensor]) => tensor)) as Tensor;
          return sum<Scalar>(mul(y, asTensor(slopes)));
        }),
      moved.map(([, tensor]) => tensor),
    );
    expect(moved.map(([name]) => name).sort()).toEqual(Object.keys(expected.gradients).sort());
    for (const [name, { name: key }] of moved)
      expectClose(await (grads[key] as Tensor).data(), expected.gradients[name], close);
  });
});
