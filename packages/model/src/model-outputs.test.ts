import { layers, input, model as functional, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { expectKdError, useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import type { Convention } from '@kd/core';
import { lastActivation } from './last-activation.js';
import { modelOutputs } from './model-outputs.js';

await useBackend('cpu');

type Activation = 'softmax' | 'sigmoid' | 'relu' | 'linear';
const ending = (...last: Parameters<LayersModel['layers']['push']>): LayersModel =>
  sequential({ layers: [layers.dense({ units: 3, inputShape: [2] }), ...last] });
const dense = (activation?: Activation) => layers.dense({ units: 3, ...(activation ? { activation } : {}) });
const nested = (inner: LayersModel): LayersModel => {
  const inputs = input({ shape: [2] });
  return functional({ inputs, outputs: inner.apply(inputs) as SymbolicTensor });
};
const check = (model: unknown, convention: Convention): void => {
  modelOutputs('defineRecipe', 'student.model', model, convention);
};

const detector = (activation?: Activation): LayersModel => {
  const inputs = input({ shape: [2] });
  const head = (name: string, units: number, last?: Activation): SymbolicTensor =>
    layers.dense({ name, units, ...(last ? { activation: last } : {}) }).apply(inputs) as SymbolicTensor;
  return functional({ inputs, outputs: [head('reg', 4, 'sigmoid'), head('cls', 3, activation)] });
};

describe('modelOutputs', () => {
  it.each([
    ['logits', 'linear'],
    ['logits', 'relu'],
    ['sigmoid-logits', 'linear'],
    ['probabilities', 'softmax'],
    ['sigmoid-probabilities', 'sigmoid'],
    // Probabilities may come from a layer of the user's own.
    ['probabilities', 'linear'],
    ['sigmoid-probabilities', 'relu'],
  ] as const)('accepts %s from a layer that ends in %s', (convention, activation) => {
    expect(() => {
      check(ending(dense(activation)), convention);
    }).not.toThrow();
  });

  const contradictions = [
    ['logits', 'softmax', '"probabilities"'],
    ['sigmoid-logits', 'softmax', '"probabilities"'],
    ['sigmoid-probabilities', 'softmax', '"probabilities"'],
    ['logits', 'sigmoid', '"sigmoid-probabilities"'],
    ['sigmoid-logits', 'sigmoid', '"sigmoid-probabilities"'],
    ['probabilities', 'sigmoid', '"sigmoid-probabilities"'],
  ] as const;
  it.each(contradictions)(
    'refuses %s from a layer that ends in %s',
    async (convention, activation, right) => {
      const models = [
        ending(dense(activation)),
        ending(layers.activation({ activation })),
        nested(ending(dense(activation))),
        ...(activation === 'softmax' ? [ending(layers.softmax())] : []),
      ];
      for (const model of models) {
        await expectKdError(
          () => {
            check(model, convention);
          },
          'KD_MODEL_CONVENTION',
          'the convention of student.model',
          `"${convention}"`,
          right,
        );
      }
    },
  );

  it('judges by the output layer, not by the layer created last', () => {
    const inputs = input({ shape: [2] });
    const logits = dense().apply(inputs) as SymbolicTensor;
    const model = functional({ inputs, outputs: logits });
    dense('softmax').apply(logits);
    expect(lastActivation(model)).toBe('linear');
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['model.json', '"model.json"'],
    [{ predict: 1 }, 'an object with predict'],
    [layers.dense({ units: 1, name: 'layer' }), 'an object with'],
  ])('refuses %o, which is no model', async (model, received) => {
    await expectKdError(
      () => {
        check(model, 'logits');
      },
      'KD_MODEL_UNSUPPORTED',
      'defineRecipe',
      'student.model',
      received,
    );
  });

  it('refuses a model without layers', async () => {
    await expectKdError(
      () => {
        check(sequential({ name: 'empty' }), 'logits');
      },
      'KD_MODEL_UNSUPPORTED',
      'the model "empty" without layers',
    );
  });

  it('refuses a model with two outputs', async () => {
    const inputs = input({ shape: [2] });
    const outputs = [dense().apply(inputs), dense().apply(inputs)] as SymbolicTensor[];
    await expectKdError(
      () => {
        check(functional({ inputs, outputs }), 'logits');
      },
      'KD_MODEL_UNSUPPORTED',
      'a model with one output',
    );
  });

  it('finds outputs by name, in the order in which they are stated', () => {
    const model = detector();
    const boxes = { convention: 'values', from: 'reg' } as const;
    expect(modelOutputs('f', 'model', model, { cls: 'logits', boxes })).toEqual([
      { name: 'cls', position: 1, convention: 'logits', shape: [null, 3] },
      { name: 'boxes', position: 0, convention: 'values', shape: [null, 4] },
    ]);
  });

  it('refuses an output that the model lacks, or that ends in another activation', async () => {
    await expectKdError(
      () => modelOutputs('f', 'model', detector(), { boxes: 'values' }),
      'KD_OUTPUT_UNKNOWN',
      'the output "boxes" of model',
      'one of reg, cls',
    );
    await expectKdError(
      () => modelOutputs('f', 'model', detector('softmax'), { reg: 'values', cls: 'logits' }),
      'KD_MODEL_CONVENTION',
      'the convention of the output "cls" of model',
    );
  });

  it('refuses one class, which always has the probability 1, but not one value', async () => {
    const one = ending(layers.dense({ units: 1 }));
    await expectKdError(() => {
      check(one, 'logits');
    }, 'KD_MODEL_CONVENTION', '[?,1]'); // prettier-ignore
    for (const convention of ['values', 'sigmoid-logits'] as const)
      expect(modelOutputs('f', 'model', one, convention)).toMatchObject([{ name: 'output', convention }]);
  });
});

describe('lastActivation', () => {
  it('is unknown for layers without one, and for other members of that name', () => {
    class Odd extends layers.Layer {
      static readonly className = 'Odd';
      readonly activation = Math.tanh;
    }
    expect(lastActivation(ending(layers.dropout({ rate: 0.5 })))).toBeUndefined();
    expect(lastActivation(ending(new Odd({})))).toBeUndefined();
  });
});
