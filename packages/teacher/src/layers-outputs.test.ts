import { tensorsOfAnswer } from '@kd/core';
import type { TeacherAnswer, TeacherRequest } from '@kd/core';
import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { concat, dispose, slice, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { initializers, input, layers, model as functional, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { afterEach, describe, expect, it } from 'vitest';
import { layersTeacher } from './index.js';
import type { LayersTeacherOptions } from './index.js';

await useBackend('cpu');

const kernelInitializer = initializers.glorotNormal({ seed: 3 });
const runs = new Map<string, number>();
const dense = (name: string, units: number, activation: 'linear' | 'relu' | 'softmax' = 'linear') => {
  const layer = layers.dense({ name, units, activation, kernelInitializer });
  layer.setCallHook(() => runs.set(name, (runs.get(name) ?? 0) + 1));
  return layer;
};
afterEach(() => {
  runs.clear();
});
/** A body with two heads, of which one has a layer more. */
function detector(cls: 'linear' | 'relu' = 'linear'): LayersModel {
  const inputs = input({ shape: [3] });
  const body = dense('body', 4, 'relu').apply(inputs) as SymbolicTensor;
  const neck = dense('neck', 5, 'relu').apply(body) as SymbolicTensor;
  const outputs = [dense('reg', 2).apply(neck), dense('cls', 3, cls).apply(body)] as SymbolicTensor[];
  return functional({ inputs, outputs });
}
const named = {
  convention: {
    boxes: { convention: 'values', from: 'reg' },
    cls: { convention: 'logits', classes: ['a', 'b', 'c'] },
  },
} as const satisfies LayersTeacherOptions;
const x = tensor2d([[1, -2, 3], [0.5, 0, -1]]); // prettier-ignore
const batch = { inputs: { x } };
const numbersOf = (tensor: Tensor | undefined): number[] => Array.from(tensor?.dataSync() ?? []);
const release = (answer: TeacherAnswer): void => {
  dispose(tensorsOfAnswer(answer));
};

describe('layersTeacher of a model with several outputs', () => {
  it('describes them by name', async () => {
    const { outputs } = await layersTeacher(detector(), named).describe({ taps: [] });
    expect(outputs).toEqual({
      boxes: { convention: 'values', shape: [null, 2] },
      cls: { convention: 'logits', shape: [null, 3], classes: ['a', 'b', 'c'] },
    });
  });

  it('answers exactly what is asked for, to the bit, and computes no other head', async () => {
    const model = detector();
    const teacher = layersTeacher(model, named);
    const [reg, cls] = (model.predict(x) as Tensor[]).map(numbersOf);
    const cases: [TeacherRequest, Record<string, number[] | undefined>, string[]][] = [
      [{ outputs: ['cls', 'boxes'], taps: [] }, { cls, boxes: reg }, ['body', 'cls', 'neck', 'reg']],
      [{ outputs: ['cls'], taps: [] }, { cls }, ['body', 'cls']],
      [{ outputs: ['boxes'], taps: ['body'] }, { boxes: reg }, ['body', 'neck', 'reg']],
      // The tap is not on the way to the output.
      [{ outputs: ['cls'], taps: ['neck'] }, { cls }, ['body', 'cls', 'neck', 'reg']],
    ];
    for (const [request, expected, run] of cases) {
      runs.clear();
      await expectNoLeak(async () => {
        const answer = await teacher.predict(batch, request);
        const [{ outputs, weight } = { outputs: {}, weight: NaN }] = answer.members;
        const given = Object.entries(outputs).map(([name, output]) => [name, numbersOf(output)]);
        expect(Object.fromEntries(given)).toEqual(expected);
        expect(weight).toBe(1);
        expect(answer.taps).toHaveLength(request.taps.length);
        release(answer);
      });
      expect([...runs.keys()].sort()).toEqual(run);
    }
  });

  it('answers without members if no output is asked for', async () => {
    const answer = await layersTeacher(detector(), named).predict(batch, { outputs: [], taps: ['neck'] });
    expect(answer.members).toEqual([]);
    expect(answer.taps[0]?.shape).toEqual([2, 5]);
  });

  it('answers at once unless an output has to be checked', () => {
    const request = (...outputs: string[]): TeacherRequest => ({ outputs, taps: [] });
    const told = layersTeacher(detector(), named);
    expect(told.predict(batch, request('boxes', 'cls'))).not.toBeInstanceOf(Promise);
    const untold = layersTeacher(detector('relu'), named);
    expect(untold.predict(batch, request('boxes'))).not.toBeInstanceOf(Promise);
    expect(untold.predict(batch, request('boxes', 'cls'))).toBeInstanceOf(Promise);
  });

  it('has a fingerprint of which output has which name', async () => {
    const model = detector();
    const print = async (convention: LayersTeacherOptions['convention']): Promise<string> =>
      (await layersTeacher(model, { convention }).describe({ taps: [] })).fingerprint;
    const values = (from: string) => ({ convention: 'values', from }) as const;
    const first = await print({ a: values('reg'), b: values('cls') });
    expect(await print({ a: values('reg'), b: values('cls') })).toBe(first);
    expect(await print({ a: values('cls'), b: values('reg') })).not.toBe(first);
  });

  it.each<[string, object, string, ...string[]]>([
    ['one convention', { convention: 'logits' }, 'KD_MODEL_UNSUPPORTED', 'reg, cls', '{ boxes:'],
    ['an unknown output', { convention: { box: 'values' } }, 'KD_OUTPUT_UNKNOWN', '"box"', 'reg, cls'],
    ['no output', { convention: {} }, 'KD_OPTION_TYPE', 'options.convention'],
    ['an unknown convention', { convention: { cls: 'value' } }, 'KD_OPTION_RANGE', '"value"', 'options.convention["cls"]'],
    ['a misspelt option', { convention: { cls: { convention: 'logits', form: 'x' } } }, 'KD_OPTION_UNKNOWN', 'form'],
    ['names of values', { convention: { reg: { convention: 'values', classes: ['x', 'y'] } } }, 'KD_OPTION_TYPE', 'options.convention["reg"].classes', 'values have no classes'],
    ['too few names', { convention: { cls: { convention: 'logits', classes: ['a'] } } }, 'KD_CLASSES_MISMATCH', 'options.convention["cls"].classes'],
    ['names beside several outputs', { convention: { cls: 'logits', reg: 'values' }, classes: ['a', 'b', 'c'] }, 'KD_OPTION_TYPE', 'options.classes'],
    ['another shape', { convention: { cls: { convention: 'logits', shape: [null, 4] } } }, 'KD_TENSOR_SHAPE', 'options.convention["cls"].shape', '[?,4]'],
  ])('refuses %s', async (_, options, code, ...facts) => {
    await expectKdError(() => layersTeacher(detector(), options as LayersTeacherOptions), code, 'layersTeacher', ...facts);
  }); // prettier-ignore

  it('refuses an output that it does not have, listing the others', async () => {
    const teacher = layersTeacher(detector(), named);
    await expectKdError(
      () => teacher.predict(batch, { outputs: ['box'], taps: [] }),
      'KD_OUTPUT_UNKNOWN',
      'request.outputs',
      '"box"',
      'boxes, cls',
    );
  });
});

it('layersTeacher names the only output of a model, with its classes beside it', async () => {
  const model = sequential({ layers: [layers.dense({ name: 'top', units: 2, inputShape: [3] })] });
  const convention = { animal: { convention: 'logits', from: 'top' } } as const;
  const { outputs } = await layersTeacher(model, { convention, classes: ['cat', 'dog'] }).describe({
    taps: [],
  });
  expect(outputs).toEqual({ animal: { convention: 'logits', shape: [null, 2], classes: ['cat', 'dog'] } });
});

describe('layersTeacher of a model with a fixed batch size', () => {
  const fixed = (size: number): LayersModel =>
    sequential({
      layers: [
        layers.dense({ name: 'hidden', units: 4, batchInputShape: [size, 3], kernelInitializer }),
        layers.dense({ name: 'top', units: 2, kernelInitializer }),
      ],
    });
  const rows = tensor2d(Array.from({ length: 10 }, (_, row) => [row, Math.sin(row), -1]));

  it.each([1, 4, 16])('of %i answers for exactly the given rows', async (size) => {
    const model = fixed(size);
    const open = sequential({
      layers: [
        layers.dense({ units: 4, inputShape: [3], weights: model.layers[0]?.getWeights() ?? [] }),
        layers.dense({ units: 2, weights: model.layers[1]?.getWeights() ?? [] }),
      ],
    });
    const teacher = layersTeacher(model, { convention: 'logits' });
    const { outputs, taps } = await teacher.describe({ taps: ['hidden'] });
    expect(outputs['output']?.shape).toEqual([null, 2]);
    expect(taps[0]?.shape).toEqual([null, 4]);
    for (const count of [10, 7, 4, 1]) {
      const given = slice(rows, 0, count);
      await expectNoLeak(async () => {
        const answer = await teacher.predict(
          { inputs: { given } },
          { outputs: ['output'], taps: ['hidden'] },
        );
        expect(answer.members[0]?.outputs['output']?.shape).toEqual([count, 2]);
        expect(answer.taps[0]?.shape).toEqual([count, 4]);
        const expected = open.predict(given) as Tensor;
        const answered = numbersOf(answer.members[0]?.outputs['output']);
        // TensorFlow sums a product of one row in another order than one of ten.
        expectClose(answered, numbersOf(expected), { relative: 1e-6, absolute: 0 });
        expected.dispose();
        release(answer);
      });
      given.dispose();
    }
  });

  it('refuses a value without a row for each example', async () => {
    class Joined extends layers.Layer {
      static readonly className = 'JoinedRows';
      override computeOutputShape(): number[] {
        return [8, 3];
      }
      override call(inputs: Tensor | Tensor[]): Tensor {
        const [value] = [inputs].flat() as [Tensor];
        return concat([value, value]);
      }
    }
    const inputs = input({ batchShape: [4, 3] });
    const model = functional({ inputs, outputs: new Joined().apply(inputs) as SymbolicTensor });
    const teacher = layersTeacher(model, { convention: 'values' });
    await expectNoLeak(() =>
      expectKdError(
        () => teacher.predict({ inputs: { rows } }, { outputs: ['output'], taps: [] }),
        'KD_TEACHER_OUTPUT',
        '[8,3]',
        'values with 4 rows',
      ),
    );
  });

  it('still refuses inputs of another shape, and what is not a tensor', async () => {
    const teacher = layersTeacher(fixed(4), { convention: 'logits' });
    const ask = (wrong: unknown) => () =>
      teacher.predict({ inputs: { x: wrong as Tensor } }, { outputs: ['output'], taps: [] });
    await expectKdError(ask(tensor2d([[1, 2]])), 'KD_TENSOR_SHAPE', 'batch.inputs.x');
    await expectKdError(ask([[1, 2, 3]]), 'KD_TENSOR_TYPE', 'batch.inputs.x');
  });
});

it.each(['lstm', 'bidirectional', 'nested'] as const)(
  'layersTeacher refuses a %s that keeps state',
  async (kind) => {
    const lstm = layers.simpleRNN({ units: 2, stateful: true, recurrentInitializer: 'zeros' });
    const layer =
      kind === 'bidirectional' ? layers.bidirectional({ layer: lstm, mergeMode: 'concat' }) : lstm;
    const inputs = input({ batchShape: [1, 4, 3] });
    const output = layer.apply(inputs) as SymbolicTensor;
    const whole = functional({ inputs, outputs: output });
    const outer = input({ batchShape: [1, 4, 3] });
    const model =
      kind === 'nested'
        ? functional({ inputs: outer, outputs: whole.apply(outer) as SymbolicTensor })
        : whole;
    await expectKdError(
      () => layersTeacher(model, { convention: 'values' }),
      'KD_MODEL_UNSUPPORTED',
      'layersTeacher',
      'stateful: true',
    );
  },
);
