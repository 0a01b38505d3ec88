import { reshape, scalar, tensor1d, tensor2d, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { tensorsOfAnswer } from '@kd/core';
import type { OutputInfo, Tap, Teacher, TeacherAnswer } from '@kd/core';
import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { softmax } from '@kd/testing/float64';
import { describe, expect, it, vi } from 'vitest';
import { ensembleTeacher } from './ensemble-teacher.js';
import type { EnsembleTeacherOptions } from './ensemble-teacher.js';
import { layersTeacher } from './layers-teacher.js';

await useBackend('cpu');

const batch = { inputs: { x: tensor2d([[1]]) } };

/** A model that answers `values` to the input 1. */
const modelOf = (...values: number[]): LayersModel =>
  sequential({
    layers: [
      layers.dense({ name: 'hidden', units: 1, kernelInitializer: 'ones', inputShape: [1] }),
      layers.dense({
        name: 'logits',
        units: values.length,
        weights: [zeros([1, values.length]), tensor1d(values)],
      }),
    ],
  });
const logitsOf = (...values: number[]): Teacher =>
  layersTeacher(modelOf(...values), { convention: 'logits' });
const shares = ({ members }: TeacherAnswer): [number, number[]][] =>
  members.map(({ outputs, weight }) => [weight, Array.from(outputs['output']?.dataSync() ?? [])]);
const numbers = (tensors: readonly Tensor[]): (number | undefined)[] =>
  tensors.map((tensor) => tensor.dataSync()[0]);
const release = ({ members, taps }: TeacherAnswer): void => {
  for (const tensor of tensorsOfAnswer({ members, taps })) tensor.dispose();
};

/** A teacher by hand, which answers every tap with the number that `tapped` gives it. */
function byHand({
  output = { convention: 'logits', shape: [null, 2] },
  tapped = () => 0,
  ...others
}: { output?: OutputInfo; tapped?: (tap: Tap) => number } & Partial<Teacher> = {}): Teacher {
  return {
    describe: ({ taps }) =>
      Promise.resolve({
        outputs: { output },
        taps: taps.map((tap) => ({ shape: [tapped(tap)] })),
        fingerprint: 'f',
        frozen: true,
      }),
    predict: (_, { taps }) =>
      Promise.resolve({
        members: [{ outputs: { output: tensor2d([[1, 2]]) }, weight: 1 }],
        taps: taps.map((tap) => scalar(tapped(tap))),
      }),
    ...others,
  };
}

describe('the members of ensembleTeacher', () => {
  it('stay separate, with equal weights by default', async () => {
    const members = { one: logitsOf(10, 0, 0), two: logitsOf(0, 6, 0) };
    expect(shares(await ensembleTeacher(members).predict(batch, { outputs: ['output'], taps: [] }))).toEqual([
      [0.5, [10, 0, 0]],
      [0.5, [0, 6, 0]],
    ]);
    // In the order of the members, regardless of the order of the weights.
    const weighted = ensembleTeacher(members, { weights: { two: 0.25, one: 0.75 } });
    expect(shares(await weighted.predict(batch, { outputs: ['output'], taps: [] }))).toEqual([
      [0.75, [10, 0, 0]],
      [0.25, [0, 6, 0]],
    ]);
  });

  it('can be mixed at a temperature: the mean of softened outputs is not the softened mean', async () => {
    const teacher = ensembleTeacher({ one: logitsOf(10, 0, 0), two: logitsOf(0, 6, 0) });
    const { members } = await teacher.predict(batch, { outputs: ['output'], taps: [] });
    const at4 = members.map(({ outputs, weight }) =>
      softmax(Array.from(outputs['output']?.dataSync() ?? []), 4).map((p) => weight * p),
    );
    const mixed = [0, 1, 2].map((index) => at4.reduce((sum, each) => sum + (each[index] ?? NaN), 0));
    expectClose(mixed, [0.507, 0.381, 0.112], { relative: 0, absolute: 5e-4 });
  });

  it('of nested ensembles have the product of the weights', async () => {
    const inner = ensembleTeacher(
      { a: logitsOf(1, 0), b: logitsOf(2, 0) },
      { weights: { a: 0.25, b: 0.75 } },
    );
    const outer = ensembleTeacher({ inner, c: logitsOf(3, 0) }, { weights: { inner: 0.8, c: 0.2 } });
    const answer = await outer.predict(batch, { outputs: ['output'], taps: [] });
    expect(answer.members.map(({ outputs }) => outputs['output']?.dataSync()[0])).toEqual([1, 2, 3]);
    expectClose(
      answer.members.map(({ weight }) => weight),
      [0.2, 0.6, 0.2],
      { relative: 1e-12, absolute: 0 },
    );
  });

  it('are asked at the same time, each with the batch and the signal', async () => {
    const started: string[] = [];
    const controller = new AbortController();
    const slow = (name: string): Teacher =>
      byHand({
        predict: async (given, { signal }) => {
          expect(given).toBe(batch);
          expect(signal).toBe(controller.signal);
          started.push(name);
          await vi.waitUntil(() => started.length === 2);
          return { members: [{ outputs: { output: tensor2d([[0, 0]]) }, weight: 1 }], taps: [] };
        },
      });
    const teacher = ensembleTeacher({ a: slow('a'), b: slow('b') });
    await teacher.predict(batch, { outputs: ['output'], taps: [], signal: controller.signal });
    expect(started).toEqual(['a', 'b']);
  });

  it('are disposed with the ensemble, each once, if they can be', () => {
    const dispose = vi.fn();
    const disposable = byHand({ dispose });
    ensembleTeacher({ a: disposable, b: byHand(), c: disposable }).dispose?.();
    expect(dispose).toHaveBeenCalledTimes(1);
  });
});

describe('taps of ensembleTeacher', () => {
  it('come in the order of the request, and each member is asked for its own', async () => {
    const value = (start: number) => (tap: Tap) => start + Number((tap as string).replace('tap', ''));
    const teacher = ensembleTeacher({
      wide: byHand({ tapped: value(10) }),
      deep: byHand({ tapped: value(20) }),
    });
    const taps = ['deep/tap2', 'wide/tap1', 'deep/tap1', 'wide/tap3', 'deep/tap2'];
    const expected = [22, 11, 21, 13, 22];
    expect(numbers((await teacher.predict(batch, { outputs: ['output'], taps })).taps)).toEqual(expected);
    expect((await teacher.describe({ taps })).taps).toEqual(expected.map((each) => ({ shape: [each] })));
  });

  it('reach nested ensembles and layers of real teachers, with node and place', async () => {
    const hidden = layersTeacher(
      sequential({
        layers: [
          layers.dense({
            name: 'hidden',
            units: 1,
            activation: 'relu',
            useBias: false,
            weights: [tensor2d([[-3]])],
            inputShape: [1],
          }),
          layers.dense({ name: 'logits', units: 2 }),
        ],
      }),
      { convention: 'logits' },
    );
    const inner = ensembleTeacher({ a: logitsOf(1, 1), b: hidden });
    const outer = ensembleTeacher({ inner, c: logitsOf(5, 6) });
    const taps: Tap[] = [
      { layer: 'inner/b/hidden', node: 0, at: 'preActivation' },
      'c/logits',
      'inner/a/hidden',
      'inner/b/hidden',
    ];
    expect(numbers((await outer.predict(batch, { outputs: ['output'], taps })).taps)).toEqual([-3, 5, 1, 0]);
    const { taps: infos } = await outer.describe({ taps });
    expect(infos).toEqual([
      { shape: [null, 1], activation: 'linear' },
      { shape: [null, 2], activation: 'linear' },
      { shape: [null, 1], activation: 'linear' },
      { shape: [null, 1], activation: 'relu' },
    ]);
  });

  it.each<[string, string, unknown, ...string[]]>([
    [
      'a member that is not there',
      'KD_TAP_UNKNOWN',
      'narrow/logits',
      'ensembleTeacher',
      'tap "narrow/logits"',
      '"narrow/logits"',
    ],
    ['no member', 'KD_TAP_UNKNOWN', { layer: 'logits', node: 1 }, 'tap "logits#1"'],
    ['a member without a layer', 'KD_TAP_UNKNOWN', 'wide', 'tap "wide"'],
    [
      'one of two members',
      'KD_TAP_AMBIGUOUS',
      'wide/deep/logits',
      'ensembleTeacher',
      'tap "wide/deep/logits"',
      'a tap of wide or of wide/deep',
    ],
    [
      'a layer that the member does not have',
      'KD_TAP_UNKNOWN',
      'deep/hiden',
      'layersTeacher, member "deep" of ensembleTeacher',
      'tap "hiden"',
      '[?,1]',
      '[?,2]',
    ],
    ['a value that is not a tap', 'KD_OPTION_TYPE', 5, 'ensembleTeacher', 'a tap', '5'],
    ['an object without a layer', 'KD_OPTION_TYPE', { node: 1 }, 'an object with node'],
  ])('refuse %s', async (_, code, tap, ...facts) => {
    const teacher = ensembleTeacher({ wide: byHand(), 'wide/deep': byHand(), deep: logitsOf(1, 2) });
    const taps = ['wide/hidden', tap as Tap];
    await expectKdError(() => teacher.describe({ taps }), code, ...facts);
    await expectNoLeak(async () => {
      await expectKdError(() => teacher.predict(batch, { outputs: ['output'], taps }), code, ...facts);
    });
  });
});

describe('describe of ensembleTeacher', () => {
  const output: OutputInfo = { convention: 'logits', shape: [null, 2], classes: ['cat', 'dog'] };
  const describing = (of: OutputInfo): Teacher => byHand({ output: of });

  it('merges the descriptions of its members, in whatever order these arrive', async () => {
    const reordered = { classes: ['cat', 'dog'], shape: [8, 2], convention: 'logits' } as const;
    const teacher = ensembleTeacher({ a: describing(output), b: describing(reordered) });
    const description = await teacher.describe({ taps: [] });
    expect(description.outputs).toEqual({ output });
    expect(description.taps).toEqual([]);
    expect(description.frozen).toBe(true);
  });

  it('is not frozen unless all members are', async () => {
    const still = byHand();
    const live = byHand({
      describe: async (request) => ({ ...(await still.describe(request)), frozen: false }),
    });
    const teacher = ensembleTeacher({ a: byHand(), b: live });
    expect((await teacher.describe({ taps: [] })).frozen).toBe(false);
  });

  it('has a fingerprint that changes with weights, names and members, and with nothing else', async () => {
    const [one, two] = [logitsOf(1, 2), logitsOf(1, 3)];
    const print = async (
      members: Record<string, Teacher>,
      options?: EnsembleTeacherOptions,
    ): Promise<string> => (await ensembleTeacher(members, options).describe({ taps: [] })).fingerprint;
    const first = await print({ a: one, b: two });
    expect(await print({ a: one, b: two })).toBe(first);
    expect(await print({ a: one, b: two }, { weights: { a: 0.5, b: 0.5 } })).toBe(first);
    const others = await Promise.all([
      print({ a: one, b: two }, { weights: { a: 0.25, b: 0.75 } }),
      print({ a: two, b: one }),
      print({ a: one, c: two }),
      print({ a: one }),
      print({ a: one, b: one }),
    ]);
    expect(new Set([first, ...others]).size).toBe(6);
  });

  it.each<[string, OutputInfo, ...string[]]>([
    [
      'convention',
      { ...output, convention: 'probabilities' },
      'the convention of member "c"',
      '"probabilities"',
    ],
    ['number of outputs', { ...output, shape: [null, 3] }, 'the shape of an output of member "c"', '[3]'],
    ['rank', { ...output, shape: [null, 7, 2] }, 'the shape of an output of member "c"', '[7,2]'],
    [
      'number of classes',
      { convention: 'logits', shape: [null, 2] },
      'the list of classes of member "c"',
      '0 names',
    ],
    [
      'order of classes',
      { ...output, classes: ['dog', 'cat'] },
      'the name of class 0 of member "c"',
      '"dog"',
    ],
  ])('names the member that differs in the %s', async (_, other, ...facts) => {
    const teacher = ensembleTeacher({ a: describing(output), b: describing(output), c: describing(other) });
    await expectKdError(
      () => teacher.describe({ taps: [] }),
      'KD_TEACHER_OUTPUT',
      'ensembleTeacher',
      ...facts,
    );
  });

  it('names a member that cannot be described', async () => {
    const cause = new Error('gone');
    const teacher = ensembleTeacher({ a: byHand(), b: byHand({ describe: () => Promise.reject(cause) }) });
    await expectKdError(
      () => teacher.describe({ taps: [] }),
      'KD_TEACHER_OUTPUT',
      'ensembleTeacher',
      'member "b"',
      'the error "gone"',
    );
    await expect(teacher.describe({ taps: [] })).rejects.toMatchObject({ cause });
  });

  it('names a member that describes too few taps', async () => {
    const silent = byHand();
    const teacher = ensembleTeacher({ a: byHand({ describe: () => silent.describe({ taps: [] }) }) });
    await expectKdError(
      () => teacher.describe({ taps: ['a/x'] }),
      'KD_TEACHER_OUTPUT',
      'member "a" of ensembleTeacher',
      'its description',
      'of 1 taps',
    );
  });
});

describe('a member of ensembleTeacher that fails', () => {
  const cause = new Error('out of memory');
  it.each<[string, Teacher['predict']]>([
    ['rejects', () => Promise.reject(cause)],
    [
      'throws at once',
      () => {
        throw cause;
      },
    ],
  ])('and %s is named, and the answers of the others are disposed', async (_, predict) => {
    const teacher = ensembleTeacher({ a: byHand(), b: byHand({ predict }), c: logitsOf(1, 2) });
    await expectNoLeak(async () => {
      await expectKdError(
        () => teacher.predict(batch, { outputs: ['output'], taps: ['a/x', 'c/hidden'] }),
        'KD_TEACHER_OUTPUT',
        'ensembleTeacher',
        'member "b"',
        'the error "out of memory"',
      );
    });
    await expect(teacher.predict(batch, { outputs: ['output'], taps: [] })).rejects.toMatchObject({ cause });
  });

  it('is named even if it throws something that is not an error', async () => {
    const predict = vi.fn().mockRejectedValue('busy') as Teacher['predict'];
    await expectKdError(
      () => ensembleTeacher({ b: byHand({ predict }) }).predict(batch, { outputs: ['output'], taps: [] }),
      'KD_TEACHER_OUTPUT',
      'member "b"',
      '"busy"',
    );
  });

  it('keeps the code of its error, with the path of members', async () => {
    const inner = ensembleTeacher({ narrow: logitsOf(1, 2) });
    const teacher = ensembleTeacher({ inner, a: byHand() });
    await expectNoLeak(async () => {
      const wrong = { inputs: { x: reshape(batch.inputs.x, [1, 1, 1]) } };
      await expectKdError(
        () => teacher.predict(wrong, { outputs: ['output'], taps: [] }),
        'KD_TENSOR_SHAPE',
        'layersTeacher, member "narrow" of ensembleTeacher, member "inner" of ensembleTeacher',
        'batch.inputs.x',
      );
      wrong.inputs.x.dispose();
    });
  });

  it.each<[string, TeacherAnswer, string]>([
    ['too few taps', { members: [{ outputs: { output: zeros([1, 2]) }, weight: 1 }], taps: [] }, '0'],
    [
      'too many taps',
      { members: [{ outputs: { output: zeros([1, 2]) }, weight: 1 }], taps: [zeros([1]), zeros([1])] },
      '2',
    ],
    ['no output', { members: [], taps: [zeros([1])] }, 'none'],
  ])('by an answer with %s is named, and the answer is disposed', async (_, answer, part) => {
    const teacher = ensembleTeacher({ a: byHand(), b: byHand({ predict: () => Promise.resolve(answer) }) });
    await expectKdError(
      () => teacher.predict(batch, { outputs: ['output'], taps: ['a/x', 'b/x'] }),
      'KD_TEACHER_OUTPUT',
      'the teacher, member "b" of ensembleTeacher',
      'its answer',
      part,
    );
    const tensors = tensorsOfAnswer(answer);
    expect(tensors.map(({ isDisposed }) => isDisposed)).not.toContain(false);
  });

  it('because the signal was aborted passes the reason on', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const aborts = byHand({
      predict: (_, { signal }) => {
        controller.abort(reason);
        signal?.throwIfAborted();
        return Promise.reject(new Error('was not aborted'));
      },
    });
    const teacher = ensembleTeacher({ a: byHand(), b: aborts, c: logitsOf(1, 2) });
    await expectNoLeak(async () => {
      const request = { outputs: ['output'], taps: ['a/x'], signal: controller.signal };
      await expect(Promise.resolve(teacher.predict(batch, request))).rejects.toBe(reason);
    });
  });
});

describe('tensors of ensembleTeacher', () => {
  it('belong to the caller, and no others leak', async () => {
    const teacher = ensembleTeacher({ a: logitsOf(1, 2), b: logitsOf(3, 4) });
    await expectNoLeak(async () => {
      await teacher.describe({ taps: ['a/hidden'] });
      release(
        await teacher.predict(batch, { outputs: ['output'], taps: ['b/hidden', 'a/hidden', 'b/logits'] }),
      );
    });
  });
});

describe('ensembleTeacher refuses', () => {
  it.each<[string, unknown, unknown, string, ...string[]]>([
    ['no members', {}, {}, 'KD_BATCH_EMPTY', 'members', 'an object with no keys'],
    ['undefined', undefined, {}, 'KD_OPTION_TYPE', 'members', 'undefined'],
    ['null', null, {}, 'KD_OPTION_TYPE', 'members', 'null'],
    ['a list', [byHand()], {}, 'KD_OPTION_TYPE', 'members', 'an array of length 1'],
    ['a model', { a: modelOf(1, 2) }, {}, 'KD_OPTION_TYPE', 'members.a', 'an object with'],
    ['a missing member', { a: byHand(), b: undefined }, {}, 'KD_OPTION_TYPE', 'members.b', 'undefined'],
    ['null as a member', { a: null }, {}, 'KD_OPTION_TYPE', 'members.a', 'null'],
    ['a misspelt option', { a: byHand() }, { weight: {} }, 'KD_OPTION_UNKNOWN', 'options.weight'],
    ['null as options', { a: byHand() }, null, 'KD_OPTION_TYPE', 'options', 'null'],
    ['null as weights', { a: byHand() }, { weights: null }, 'KD_OPTION_TYPE', 'options.weights', 'null'],
    ['a list of weights', { a: byHand() }, { weights: [1] }, 'KD_OPTION_TYPE', 'an array of length 1'],
    [
      'a weight of no member',
      { a: byHand() },
      { weights: { a: 0.5, b: 0.5 } },
      'KD_OPTION_UNKNOWN',
      'options.weights.b',
      '"b"',
    ],
    [
      'a missing weight',
      { a: byHand(), b: byHand() },
      { weights: { a: 1 } },
      'KD_WEIGHT_RANGE',
      'options.weights',
      'a: 1, b: NaN',
    ],
    [
      'a sum above one',
      { a: byHand(), b: byHand() },
      { weights: { a: 1, b: 1 } },
      'KD_WEIGHT_RANGE',
      'a: 1, b: 1',
    ],
    ['a sum below one', { a: byHand() }, { weights: { a: 0.999 } }, 'KD_WEIGHT_RANGE', 'a: 0.999'],
    [
      'negative weights',
      { a: byHand(), b: byHand() },
      { weights: { a: 1.5, b: -0.5 } },
      'KD_WEIGHT_RANGE',
      'a: 1.5, b: -0.5',
    ],
    ['NaN', { a: byHand() }, { weights: { a: NaN } }, 'KD_WEIGHT_RANGE', 'a: NaN'],
    ['infinity', { a: byHand() }, { weights: { a: Infinity } }, 'KD_WEIGHT_RANGE', 'a: Infinity'],
    ['a string as a weight', { a: byHand() }, { weights: { a: '1' } }, 'KD_WEIGHT_RANGE', 'a: "1"'],
  ])('%s', async (_, members, options, code, ...facts) => {
    await expectKdError(
      () => ensembleTeacher(members as Record<string, Teacher>, options as EnsembleTeacherOptions),
      code,
      'ensembleTeacher',
      ...facts,
    );
  });

  it('no weights that sum to one up to rounding', () => {
    const members = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`m${String(index)}`, byHand()]),
    );
    const weights = Object.fromEntries(Object.keys(members).map((name) => [name, 0.1]));
    expect(() => ensembleTeacher(members, { weights })).not.toThrow();
    expect(() => ensembleTeacher({ a: byHand(), b: byHand() }, { weights: { a: 1, b: 0 } })).not.toThrow();
  });
});
