import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { train as optimizers } from '@tensorflow/tfjs-core';
import type { Optimizer } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { dense, examples, net, onLabels, options, weightsOf } from '../test/small.js';
import { train } from './index.js';
import type { TrainOptions } from './index.js';

await useBackend('cpu');

const stream = (): never[] => [];

describe('a wrong option', () => {
  it.each<[object, string, ...string[]]>([
    [{ epoch: 3 }, 'KD_OPTION_UNKNOWN', 'train', 'options.epoch', '"epoch"'],
    [{ data: undefined }, 'KD_DATA_TYPE', 'train', 'options.data', 'undefined'],
    [{ data: null }, 'KD_DATA_TYPE', 'null'],
    [{ data: [1, 2] }, 'KD_DATA_TYPE', 'an array of length 2'],
    [{ data: { iterator: stream } }, 'KD_DATA_TYPE', 'fromDataset'],
    [{ epochs: undefined }, 'KD_OPTION_TYPE', 'options.epochs', 'undefined'],
    [{ epochs: 0 }, 'KD_OPTION_RANGE', 'options.epochs', '0'],
    [{ epochs: 1.5 }, 'KD_OPTION_RANGE', 'options.epochs', '1.5'],
    [{ epochs: Infinity }, 'KD_OPTION_RANGE', 'options.epochs', 'Infinity'],
    [{ epochs: '3' }, 'KD_OPTION_TYPE', 'options.epochs', '"3"'],
    [{ batchSize: 0 }, 'KD_OPTION_RANGE', 'options.batchSize', '0'],
    [{ batchSize: 'all' }, 'KD_OPTION_TYPE', 'options.batchSize', '"all"'],
    [
      { data: stream, batchSize: 4 },
      'KD_OPTION_TYPE',
      'train',
      'options.batchSize',
      '4',
      'for (let row = 4 * skip; row < n; row += 4) yield batchOf(row, row + 4)',
      'fromDataset(dataset.batch(4))',
    ],
    [{ stepsPerEpoch: 0 }, 'KD_OPTION_RANGE', 'options.stepsPerEpoch', '0'],
    [{ stepsPerEpoch: NaN }, 'KD_OPTION_RANGE', 'options.stepsPerEpoch', 'NaN'],
    [{ stepsPerEpoch: null }, 'KD_OPTION_TYPE', 'options.stepsPerEpoch', 'null'],
    [{ seed: -1 }, 'KD_OPTION_RANGE', 'options.seed', '-1'],
    [{ seed: 0.5 }, 'KD_OPTION_RANGE', 'options.seed', '0.5'],
    [{ seed: 'one' }, 'KD_OPTION_TYPE', 'options.seed', '"one"'],
    [{ optimizer: undefined }, 'KD_OPTION_TYPE', 'train', 'options.optimizer', 'undefined'],
    [{ optimizer: 'adam' }, 'KD_OPTION_TYPE', 'train', 'options.optimizer', '"adam"'],
    [
      { optimizer: () => 'adam' },
      'KD_OPTION_TYPE',
      'train',
      'applyGradients of what options.optimizer returns',
      'undefined',
    ],
    [{ optimizer: () => undefined }, 'KD_OPTION_TYPE', 'applyGradients of what options.optimizer returns'],
    [{ validation: true }, 'KD_OPTION_TYPE', 'train', 'options.validation', 'true'],
    [
      { validation: { data: examples(4), patience: 0 } },
      'KD_OPTION_RANGE',
      'options.validation.patience',
      '0',
    ],
    [
      { validation: { data: examples(4), patience: '3' } },
      'KD_OPTION_TYPE',
      'options.validation.patience',
      '"3"',
    ],
    [
      { validation: { data: examples(4), batchSize: -2 } },
      'KD_OPTION_RANGE',
      'options.validation.batchSize',
      '-2',
    ],
    [
      { validation: { data: stream, batchSize: 2 } },
      'KD_OPTION_TYPE',
      'train',
      'options.validation.batchSize',
    ],
    [
      { validation: { data: examples(4), metrics: 'accuracy' } },
      'KD_OPTION_RANGE',
      'train',
      'options.validation.metrics',
      '"accuracy"',
    ],
    [
      { validation: { data: examples(4), score: 'accuracy' } },
      'KD_OPTION_TYPE',
      'train',
      'options.validation.score',
      '"accuracy"',
    ],
    [
      { callbacks: { onEpochEnd: stream } },
      'KD_OPTION_TYPE',
      'train',
      'options.callbacks',
      'an object with onEpochEnd',
    ],
    [{ callbacks: [null] }, 'KD_OPTION_TYPE', 'train', 'options.callbacks[0]'],
    [
      { callbacks: [{ onTrainEnd: stream }, { onEpochEnded: stream }] },
      'KD_OPTION_TYPE',
      'options.callbacks[1]',
    ],
    [{ callbacks: [stream] }, 'KD_OPTION_TYPE', 'options.callbacks[0]'],
    [
      { callbacks: [{ onEpochEnd: 'log' }] },
      'KD_OPTION_TYPE',
      'train',
      'options.callbacks[0].onEpochEnd',
      '"log"',
    ],
    [{ onEvent: 'print' }, 'KD_OPTION_TYPE', 'train', 'options.onEvent', '"print"'],
    [{ signal: new AbortController() }, 'KD_OPTION_TYPE', 'train', 'options.signal', 'an object with'],
    [{ signal: true }, 'KD_OPTION_TYPE', 'train', 'options.signal', 'true'],
  ])('is named before the first step: %j', async (change, code, ...facts) => {
    const model = net();
    const before = weightsOf(model);
    await expectNoLeak(() => {
      const { batchSize, ...given } = options(examples(8), {
        optimizer: () => expect.fail('an optimizer was made'),
      });
      const wrong = { ...given, ...(batchSize === undefined ? {} : {}), ...change } as TrainOptions;
      return expectKdError(() => train(onLabels(model), wrong), code, ...facts);
    });
    expect(weightsOf(model)).toEqual(before);
  });

  it.each([undefined, null, 3, []])('is %j in place of all options', async (given) => {
    await expectKdError(() => train(onLabels(net()), given as never), 'KD_OPTION_TYPE', 'train', 'options');
  });

  it('is an optimizer from an earlier training', async () => {
    const shared = optimizers.adam(0.1);
    const optimizer = (): Optimizer => shared;
    const model = net();
    await train(onLabels(model), options(examples(8), { optimizer }));
    const before = weightsOf(model);
    await expectKdError(
      () => train(onLabels(model), options(examples(8), { optimizer })),
      'KD_OPTION_TYPE',
      'train',
      'what options.optimizer returns',
      'an object with',
    );
    expect(weightsOf(model)).toEqual(before);
  });

  it('may be an optimizer that cannot be made: its error passes through', async () => {
    const model = net();
    const optimizer = (): Optimizer => {
      throw new Error('no such optimizer');
    };
    await expectNoLeak(() =>
      expect(train(onLabels(model), options(examples(8), { optimizer }))).rejects.toThrow(
        'no such optimizer',
      ),
    );
  });
});

describe('a wrong recipe', () => {
  it('is refused as by defineRecipe if defineRecipe has not seen it', async () => {
    const given = options(examples(8));
    await expectKdError(() => train(undefined as never, given), 'KD_OPTION_TYPE', 'recipe');
    await expectKdError(
      () => train({ student: { model: net(), convention: 'logits' }, terms: [] }, given),
      'KD_BATCH_EMPTY',
      'terms',
    );
    const student = { model: net(), convention: 'logits' } as const;
    await expectKdError(
      () => train({ student, terms: [softTarget({ temperature: 1 })] }, given),
      'KD_TERM_NEEDS',
      'teacher',
    );
  });

  it('has nothing to train if the student has been frozen since', async () => {
    const model = net();
    const recipe = onLabels(model);
    for (const layer of model.layers) layer.trainable = false;
    await expectKdError(
      () => train(recipe, options(examples(8))),
      'KD_GRADIENT_UNAVAILABLE',
      'of which nothing is trainable',
    );
  });

  it('is refused before the first step if the teacher has other classes', async () => {
    const model = net();
    const teacher = sequential({ layers: [dense(1, { units: 5, inputShape: [2] })] });
    const recipe = defineRecipe({
      student: { model, convention: 'logits' },
      teacher: layersTeacher(teacher, { convention: 'logits' }),
      terms: [softTarget({ temperature: 1 })],
    });
    const optimizer = (): Optimizer => expect.fail('an optimizer was made');
    await expectNoLeak(() =>
      expectKdError(
        () => train(recipe, options(examples(8), { optimizer })),
        'KD_CLASSES_MISMATCH',
        '5 from the teacher and 3 from the student',
      ),
    );
  });

  it('is refused before the weights change if the teacher takes other inputs', async () => {
    const model = net();
    const teacher = sequential({ layers: [dense(1, { units: 3, inputShape: [4] })] });
    const recipe = defineRecipe({
      student: { model, convention: 'logits' },
      teacher: layersTeacher(teacher, { convention: 'logits' }),
      terms: [softTarget({ temperature: 1 }), hardTarget()],
    });
    const before = weightsOf(model);
    await expectNoLeak(() =>
      expectKdError(() => train(recipe, options(examples(8))), 'KD_TENSOR_SHAPE', 'batch.inputs.input'),
    );
    expect(weightsOf(model)).toEqual(before);
  });

  it('is refused before step 2 if a weight is not a number there', async () => {
    const model = net(1, [layers.batchNormalization({})]);
    const terms = [hardTarget({ weight: ({ step }) => (step === 2 ? NaN : 1) })];
    const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms });
    let before: unknown;
    const callbacks = [{ onBatchEnd: () => void (before = weightsOf(model)) }];
    await expectNoLeak(() =>
      expectKdError(
        () => train(recipe, options(examples(8), { epochs: 3, callbacks })),
        'KD_WEIGHT_RANGE',
        'weight at step 2, epoch 1',
      ),
    );
    expect(weightsOf(model)).toEqual(before);
  });
});
