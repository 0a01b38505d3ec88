import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { expectClose, expectKdError, expectNoLeak, lossOf, useBackend } from '@kd/testing';
import {
  dispose,
  keep,
  mul,
  ones,
  sum,
  Tensor,
  tensor,
  tidy,
  Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { Scalar } from '@tensorflow/tfjs-core';
import type { Infos, Module, ModuleInfos, Shape, Tap, Term, TermLoss, ValueInfo } from '@kd/core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RegressorParts } from '../regressor/module.js';
import { sigmoidHint, tanhHint } from './cross-entropy-hint.js';
import { cosineHint, hint, normalizedHint } from './hint.js';

type Built = Readonly<Record<string, RegressorParts>>;
const infosOf = (student: Shape[], teacher: Shape[], activations: (string | undefined)[] = []): Infos => ({
  student: { guided: student.map((shape) => ({ shape })) },
  teacher: { hints: teacher.map((shape, pair) => ({ shape, activation: activations[pair] })) },
  datasetSize: undefined,
});
const build = (term: Term, { student, teacher }: Infos, seed = 1): Built =>
  Object.fromEntries(
    Object.values(term.modules).map((module, pair) => {
      const [guided, hint] = [student['guided'], teacher['hints']].map(
        (infos) => (infos as readonly ValueInfo[])[pair] as ValueInfo,
      ) as [ValueInfo, ValueInfo];
      const infos = { student: { layer: guided }, teacher: { layer: hint }, datasetSize: undefined, seed };
      return [module.name, built(module, infos)];
    }),
  );
const built = (module: Module, infos: ModuleInfos): RegressorParts => {
  const made: { parts?: RegressorParts } = {};
  tidy(() => {
    made.parts = module.build(infos) as RegressorParts;
    for (const part of Object.values(made.parts)) if (part instanceof Tensor) keep(part);
  });
  return made.parts as RegressorParts;
};
const variablesOf = (parts: RegressorParts | undefined): Variable[] =>
  Object.values(parts ?? {}).filter((part): part is Variable => part instanceof Variable);
const disposeAll = (built: Built): void => {
  for (const parts of Object.values(built))
    for (const part of Object.values(parts)) if (part instanceof Tensor) part.dispose();
};
const lossAt = (term: Term, guided: Tensor[], hints: Tensor[], modules: Built, mask?: Tensor): TermLoss =>
  lossOf(term, { student: { guided }, teacher: { hints }, modules, ...(mask && { mask }) });
const both = { student: 'guided', teacher: 'hint' };
const terms = { hint, normalizedHint, cosineHint, sigmoidHint, tanhHint };

beforeAll(() => useBackend('cpu'));

describe('hint', () => {
  it('is the published loss after the regressor, and trains its kernel and bias', async () => {
    const term = hint(both);
    const shapes = infosOf([[null, 2]], [[null, 3]]);
    const states = build(term, shapes);
    const state = states['regressor guided<-hint'] as RegressorParts;
    const guided = tensor([1, 2, 3, 4], [2, 2]);
    const teacher = tensor([1, 0, -1, 2, 5, 0], [2, 3]);
    const loss = () => lossAt(term, [guided], [teacher], states);
    const regressed = (await state.regress(guided).array()) as number[][];
    const expected = regressed.map((row, example) =>
      row.reduce(
        (total, x, at) =>
          total +
          (x -
            ([
              [1, 0, -1],
              [2, 5, 0],
            ][example]?.[at] ?? 0)) **
            2 /
            2,
        0,
      ),
    );
    expectClose(await loss().values.data(), expected, { relative: 1e-5, absolute: 0 });
    const { grads } = variableGrads(() => sum<Scalar>(loss().values), variablesOf(state));
    const [kernel, bias] = Object.values(grads) as [Tensor, Tensor];
    const errors = regressed.map((row, example) =>
      row.map(
        (x, at) =>
          x -
          ([
            [1, 0, -1],
            [2, 5, 0],
          ][example]?.[at] ?? 0),
      ),
    );
    const [first = [], second = []] = errors;
    expectClose(
      await bias.data(),
      first.map((x, at) => x + (second[at] ?? 0)),
      { relative: 1e-5, absolute: 1e-6 },
    );
    const byInput = [
      [1, 3],
      [2, 4],
    ].map(([a = 0, b = 0]) => first.map((x, at) => a * x + b * (second[at] ?? 0)));
    expectClose(await kernel.data(), byInput, { relative: 1e-5, absolute: 1e-5 });
    disposeAll(states);
  });

  it('adds up several pairs, each with its own regressor', async () => {
    const term = hint({
      student: ['a', 'b'],
      teacher: ['x', { layer: 'y', at: 'preActivation' }],
      reduction: 'mean',
    });
    expect(term.name).toBe('hint a<-x, b<-y@preActivation');
    expect(term.reads).toEqual({
      student: { guided: ['a', 'b'] },
      teacher: { hints: ['x', { layer: 'y', at: 'preActivation' }] },
      mask: true,
    });
    const states = build(
      term,
      infosOf(
        [
          [null, 2],
          [null, 3],
        ],
        [
          [null, 2],
          [null, 1],
        ],
      ),
    );
    expect(Object.keys(states)).toEqual(['regressor a<-x', 'regressor b<-y@preActivation']);
    const taps = [ones([2, 2]), ones([2, 3])];
    const hints = [ones([2, 2]), ones([2, 1])];
    const together = await lossAt(term, taps, hints, states).values.data();
    const alone = await Promise.all(
      [0, 1].map((pair) => {
        const own = hint({
          student: ['a', 'b'][pair] as Tap,
          teacher: ['x', { layer: 'y', at: 'preActivation' }][pair] as Tap,
          reduction: 'mean',
        });
        return lossAt(own, [taps[pair] as Tensor], [hints[pair] as Tensor], states).values.data();
      }),
    );
    expectClose(
      together,
      [0, 1].map((row) => (alone[0]?.[row] ?? 0) + (alone[1]?.[row] ?? 0)),
      { relative: 1e-6, absolute: 0 },
    );
    disposeAll(states);
  });

  it.each([
    ['the activation of the hint', ['relu'], {}, (x: number) => Math.max(0, x)],
    ['none if the activation of the hint is unknown', [undefined], {}, (x: number) => x],
    ['none if the teacher knows nothing', undefined, {}, (x: number) => x],
    ['none if the activation is not elementwise', ['softmax'], {}, (x: number) => x],
    ['the given activation', ['relu'], { activation: 'tanh' }, Math.tanh],
  ] as const)('ends in %s', async (_, activations, options, activation) => {
    const shapes = infosOf(
      [[null, 2]],
      [[null, 16]],
      activations === undefined ? undefined : [...activations],
    );
    const plain = build(hint({ ...both, activation: 'linear' }), shapes);
    const states = build(hint({ ...both, ...options }), shapes);
    const [own, linear] = [states, plain].map((each) => each['regressor guided<-hint'] as RegressorParts);
    const x = tensor([1, -2, 0.5, 3], [2, 2]);
    const expected = Array.from((await linear?.regress(x).data()) ?? [], activation);
    expectClose((await own?.regress(x).data()) ?? [], expected, { relative: 1e-6, absolute: 1e-7 });
    [states, plain].forEach(disposeAll);
  });

  it('compares equal shapes directly on request', async () => {
    const term = hint({ ...both, identityWhenEqual: true });
    const states = build(term, infosOf([[null, 2]], [[null, 2]], ['relu']));
    expect(Object.values(states).map((parts) => Object.keys(parts))).toEqual([['regress']]);
    const loss = lossAt(term, [tensor([-1, 0, 0, 0], [2, 2])], [tensor([1, 0, 0, 0], [2, 2])], states);
    // A guided layer of -1 stays -1: no activation is applied.
    expect(Array.from(await loss.values.data())).toEqual([2, 0]);
  });

  it('ignores masked positions of a sequence, including NaN', async () => {
    const term = hint(both);
    const states = build(term, infosOf([[null, 2, 1]], [[null, 2, 1]]));
    const mask = tensor([1, 0, 1, 1], [2, 2]);
    const guided = (padding: number): Tensor => tensor([1, padding, 2, 3], [2, 2, 1]);
    const teacher = (padding: number): Tensor => tensor([4, padding, 5, 6], [2, 2, 1]);
    const loss = (padding: number, ...masks: Tensor[]): Promise<Float32Array> =>
      lossAt(
        term,
        [guided(padding)],
        [teacher(padding)],
        states,
        ...masks,
      ).values.data() as Promise<Float32Array>;
    const kept = await loss(NaN, mask);
    expect(kept.every(Number.isFinite)).toBe(true);
    expect(kept[1]).toBe((await loss(7))[1]);
    expect(kept[0]).toBeLessThan((await loss(100))[0] ?? 0);
    disposeAll(states);
  });

  it('seeds the kernel of its regressor', async () => {
    const kernelOf = async (seed: number): Promise<number[]> => {
      const states = build(hint(both), infosOf([[null, 2]], [[null, 3]]), seed);
      const values = Array.from((await variablesOf(Object.values(states)[0])[0]?.data()) ?? []);
      disposeAll(states);
      return values;
    };
    expect(await kernelOf(1)).toEqual(await kernelOf(1));
    expect(await kernelOf(1)).not.toEqual(await kernelOf(2));
  });

  it('leaks nothing when its modules are disposed', () =>
    expectNoLeak(() => {
      const term = hint(both);
      const states = build(term, infosOf([[null, 4, 4, 2]], [[null, 8, 2, 3]]));
      const taps = [ones([2, 4, 4, 2]), ones([2, 8, 2, 3])] as const;
      tidy(() => {
        variableGrads(() => sum<Scalar>(mul(lossAt(term, [taps[0]], [taps[1]], states).values, 2)));
      });
      dispose([...taps]);
      disposeAll(states);
    }));
});

describe('sigmoidHint and tanhHint', () => {
  it.each([
    ['sigmoid', sigmoidHint(both), 'relu'],
    ['tanh', tanhHint(both), 'sigmoid'],
  ])('refuses a hint that is known not to come from a %s', (_, term, other) =>
    expectKdError(
      () => term.check?.(infosOf([[null, 2]], [[null, 2]], [other])),
      'KD_TAP_UNSUPPORTED',
      other,
    ),
  );

  it('accept hints in their range, and hints from unknown layers', () => {
    sigmoidHint(both).check?.(infosOf([[null, 2]], [[null, 2]], ['sigmoid']));
    sigmoidHint(both).check?.(infosOf([[null, 2]], [[null, 2]], [undefined]));
    tanhHint(both).check?.(infosOf([[null, 2]], [[null, 2]], ['tanh']));
    tanhHint(both).check?.(infosOf([[null, 2]], [[null, 2]]));
  });

  it('have a regressor without an activation, whatever the hint comes from', async () => {
    const states = build(sigmoidHint(both), infosOf([[null, 2]], [[null, 8]], ['sigmoid']));
    const regressed = await (Object.values(states)[0] as RegressorParts)
      .regress(mul(ones([1, 2]), 100))
      .data();
    expect(regressed.some((x) => x < 0 || x > 1)).toBe(true);
    disposeAll(states);
  });
});

describe('bad input', () => {
  it.each(Object.entries(terms))('%s refuses what it cannot use', async (where, term) => {
    const refused: [unknown, string, string][] = [
      [undefined, 'KD_OPTION_TYPE', 'options'],
      [{ student: 'a' }, 'KD_OPTION_TYPE', 'options.teacher'],
      [{ student: [], teacher: [] }, 'KD_OPTION_TYPE', 'options.student'],
      [{ student: ['a', 3], teacher: ['b', 'c'] }, 'KD_OPTION_TYPE', 'options.student'],
      [{ student: ['a', 'b'], teacher: 'c' }, 'KD_OPTION_RANGE', '2 of the student and 1 of the teacher'],
      [{ ...both, weight: -1 }, 'KD_OPTION_RANGE', 'options.weight'],
      [{ ...both, name: '' }, 'KD_OPTION_TYPE', 'options.name'],
      [{ ...both, kind: 'dense' }, 'KD_OPTION_RANGE', 'options.kind'],
      [{ ...both, identityWhenEqual: 1 }, 'KD_OPTION_TYPE', 'options.identityWhenEqual'],
      [{ ...both, temperature: 4 }, 'KD_OPTION_UNKNOWN', 'options.temperature'],
    ];
    for (const [options, code, part] of refused) {
      await expectKdError(() => term(options as never), code, where, part);
    }
  });

  it.each([hint, sigmoidHint, tanhHint])('refuses another reduction', async (term) => {
    await expectKdError(
      () => term({ ...both, reduction: 'sum' as never }),
      'KD_OPTION_RANGE',
      'options.reduction',
    );
    await expectKdError(
      () => term({ ...both, reduction: 2 as never }),
      'KD_OPTION_TYPE',
      'options.reduction',
    );
  });

  it('refuses unknown activations, and any activation if the loss has its own', async () => {
    for (const term of [hint, normalizedHint, cosineHint])
      await expectKdError(
        () => term({ ...both, activation: 'max' as never }),
        'KD_OPTION_RANGE',
        'options.activation',
      );
    const withActivation = { ...both, activation: 'relu' } as never;
    await expectKdError(() => sigmoidHint(withActivation), 'KD_OPTION_UNKNOWN', 'options.activation');
    await expectKdError(
      () => normalizedHint({ ...both, reduction: 'mean' } as never),
      'KD_OPTION_UNKNOWN',
      'reduction',
    );
  });

  it('refuses shapes without a regressor before the first step, naming the pair', () =>
    expectKdError(
      () =>
        hint({ student: ['a', 'b'], teacher: ['x', 'y'] }).check?.(
          infosOf(
            [
              [null, 2],
              [null, 2, 2],
            ],
            [
              [null, 2],
              [null, 2],
            ],
          ),
        ),
      'KD_HINT_SHAPES',
      'b<-y',
      '[?,2,2]',
    ));

  it('refuses a mask of another length', async () => {
    const term = hint(both);
    const states = build(term, infosOf([[null, 2, 1]], [[null, 2, 1]]));
    const body = () => lossAt(term, [ones([2, 2, 1])], [ones([2, 2, 1])], states, ones([2, 3]));
    await expectKdError(body, 'KD_TENSOR_SHAPE', 'batch.mask');
    disposeAll(states);
  });
});
