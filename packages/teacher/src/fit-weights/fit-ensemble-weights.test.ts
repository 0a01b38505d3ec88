import { expectClose, expectKdError, expectNoLeak, goldenFile, useBackend } from '@kd/testing';
import type { Batch, Teacher, TeacherAnswer } from '@kd/core';
import { clone, softmax, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { arraysTeacher, ensembleTeacher, fitEnsembleWeights } from '../index.js';
import type { EnsembleMean, FitEnsembleWeightsOptions, FittedWeights } from '../index.js';

await useBackend('cpu');

type Name = 'sharp' | 'dull' | 'wrong';
interface Expected {
  readonly weights: Readonly<Record<Name, number>>;
  readonly before: number;
  readonly after: number;
}
const golden = goldenFile('teacher/ensemble-weights') as {
  labels: number[];
  logits: Record<Name, number[][]>;
  arithmetic: Expected;
  geometric: Expected;
};
const names: Name[] = ['sharp', 'dull', 'wrong'];
const ids = golden.labels.map((_, index) => `example ${String(index)}`);
const softened = (rows: number[][]): number[][] => tidy(() => softmax(tensor2d(rows)).arraySync());
const asLogits = (name: Name): Teacher =>
  arraysTeacher({ ids, rows: golden.logits[name] }, { convention: 'logits' });
const asProbabilities = (name: Name): Teacher =>
  arraysTeacher({ ids, rows: softened(golden.logits[name]) }, { convention: 'probabilities' });
const answering = (answer: unknown): Teacher => ({
  ...asLogits('dull'),
  predict: () => Promise.resolve(answer as TeacherAnswer),
});
const membersOf = (make: (name: Name) => Teacher): Record<string, Teacher> =>
  Object.fromEntries(names.map((name) => [name, make(name)]));
const labelled = (from: number, to: number): Batch => ({
  inputs: {},
  ids: ids.slice(from, to),
  targets: { labels: tensor1d(golden.labels.slice(from, to), 'int32') },
});
const batches = [labelled(0, 25), labelled(25, 60)];

/** Copies of the batches, because the fit disposes them. */
async function* copies(given: Iterable<Batch> | AsyncIterable<Batch>): AsyncGenerator<Batch> {
  for await (const { targets, sampleWeight, labelled, ...batch } of given) {
    yield {
      ...batch,
      ...(targets === undefined ? {} : { targets: { labels: clone(targets['labels'] as Tensor) } }),
      ...(sampleWeight === undefined ? {} : { sampleWeight: clone(sampleWeight) }),
      ...(labelled === undefined ? {} : { labelled: clone(labelled) }),
    };
  }
}

describe.each<EnsembleMean>(['arithmetic', 'geometric'])('weights of the %s mean', (mean) => {
  const expected = golden[mean];
  const fit = (
    members: Record<string, Teacher>,
    given: Iterable<Batch> | AsyncIterable<Batch>,
    options: FitEnsembleWeightsOptions = {},
  ): Promise<FittedWeights> => fitEnsembleWeights(members, copies(given), { mean, ...options });

  it.each([
    ['logits', asLogits],
    ['probabilities', asProbabilities],
  ] as const)('finds from %s the weights that SciPy finds', async (_, make) => {
    const members = membersOf(make);
    await expectNoLeak(async () => {
      const { weights, before, after, gap } = await fit(members, batches, { gap: 1e-8 });
      expectClose(
        names.map((name) => weights[name] as number),
        names.map((name) => expected.weights[name]),
        { relative: 0, absolute: 2e-4 },
      );
      expectClose([before, after], [expected.before, expected.after], { relative: 1e-6, absolute: 0 });
      expect(gap).toBeLessThanOrEqual(1e-8);
      expectClose(
        Object.values(weights).reduce((sum, weight) => sum + weight),
        1,
        { relative: 1e-9, absolute: 0 },
      );
    });
  });

  it('ends within the given gap, and reports the remaining gap if the iterations are too few', async () => {
    const members = membersOf(asLogits);
    const rough = await fit(members, batches, { gap: 1e-2 });
    expect(rough.gap).toBeLessThanOrEqual(1e-2);
    expect(rough.after - expected.after).toBeLessThanOrEqual(rough.gap);
    expect(rough.after).toBeLessThan(rough.before);
    const short = await fit(members, batches, { iterations: 1 });
    expect(short.gap).toBeGreaterThan(1e-6);
    expect(short.after - expected.after).toBeLessThanOrEqual(short.gap);
    expect(short.after).toBeLessThanOrEqual(short.before);
  });

  it('does not depend on the batch size, nor on the order of the members', async () => {
    const one = await fit(membersOf(asLogits), batches);
    async function* single(): AsyncGenerator<Batch> {
      for (let index = 0; index < 60; index++) yield Promise.resolve(labelled(index, index + 1));
    }
    const other = await fit(Object.fromEntries(Object.entries(membersOf(asLogits)).reverse()), single());
    expectClose(
      names.map((name) => other.weights[name] as number),
      names.map((name) => one.weights[name] as number),
      { relative: 0, absolute: 1e-5 },
    );
  });

  it('counts examples by their sample weights, and only those with a label', async () => {
    const members = membersOf(asLogits);
    const whole = labelled(0, 20);
    const twice = await fit(members, [whole, labelled(0, 5), labelled(0, 5)], { gap: 1e-8 });
    const sampleWeight = tensor1d(ids.slice(0, 20).map((_, row) => (row < 5 ? 1.5 : 0.5)));
    const weighted = await fit(members, [{ ...whole, sampleWeight }], { gap: 1e-8 });
    const marks = ids.map((_, row) => Number(row < 20));
    const partly: Batch = {
      ...labelled(0, 25),
      targets: { labels: tensor1d(golden.labels.slice(0, 25).map((id, row) => (row < 20 ? id : -1)), 'int32') }, // prettier-ignore
      labelled: tensor1d(marks.slice(0, 25)),
      sampleWeight: tensor1d(marks.slice(0, 25).map((_, row) => (row < 5 ? 3 : 1))),
    };
    const unlabelled = { ...labelled(25, 60), labelled: tensor1d(marks.slice(25, 60)) };
    const marked = await fit(members, [partly, unlabelled], { gap: 1e-8 });
    for (const { weights, before, after } of [weighted, marked]) {
      // The members' float32 logits round differently in batches of another size.
      expectClose([before, after], [twice.before, twice.after], { relative: 1e-7, absolute: 0 });
      expectClose(Object.values(weights), Object.values(twice.weights), { relative: 0, absolute: 1e-6 });
    }
    const plain = await fit(members, [whole], { gap: 1e-8 });
    expect(Math.abs(plain.after - twice.after)).toBeGreaterThan(1e-3);
  });

  it.each<[string, Partial<Batch>, string, ...string[]]>([
    ['a negative weight', { sampleWeight: tensor1d([1, -1]) }, 'KD_WEIGHT_RANGE', 'batch.sampleWeight[1]'],
    ['a mark of 2', { labelled: tensor1d([2, 1]) }, 'KD_WEIGHT_RANGE', 'batch.labelled[0]', '2'],
    ['weights of another length', { sampleWeight: tensor1d([1]) }, 'KD_TENSOR_SHAPE', 'batch.sampleWeight'],
    ['no label at all', { labelled: tensor1d([0, 0]) }, 'KD_BATCH_EMPTY', 'data'],
  ])('refuses %s', async (_, change, code, ...facts) => {
    await expectKdError(() => fit(membersOf(asLogits), [{ ...labelled(0, 2), ...change }]), code, ...facts);
  });

  it('accepts data in memory too, in batches of any size, and leaves it unchanged', async () => {
    const labels = tensor1d(golden.labels, 'int32');
    const data = { inputs: new Float32Array(ids.length), ids, labels };
    const one = await fit(membersOf(asLogits), batches);
    for (const batchSize of [7, 256]) {
      await expectNoLeak(async () => {
        const { weights } = await fitEnsembleWeights(membersOf(asLogits), data, { mean, batchSize });
        expectClose(Object.values(weights), Object.values(one.weights), { relative: 0, absolute: 1e-5 });
      });
    }
    expect(labels.isDisposed).toBe(false);
  });

  it('gives equal weights to one member, or to equal members', async () => {
    expect((await fit({ only: asLogits('dull') }, batches)).weights).toEqual({ only: 1 });
    const { weights, before, after } = await fit({ a: asLogits('dull'), b: asLogits('dull') }, batches);
    expectClose(Object.values(weights), [0.5, 0.5], { relative: 1e-9, absolute: 0 });
    expectClose(after, before, { relative: 1e-12, absolute: 0 });
  });

  it('returns weights that ensembleTeacher accepts', async () => {
    const { weights } = await fit(membersOf(asLogits), batches);
    const teacher = ensembleTeacher(membersOf(asLogits), { weights });
    const { members } = await teacher.predict(
      { inputs: {}, ids: ids.slice(0, 2) },
      { outputs: ['output'], taps: [] },
    );
    expect(members.map(({ weight }) => weight)).toEqual(names.map((name) => weights[name]));
  });

  it('treats an ensemble among the members as its arithmetic mixture', async () => {
    const nested = ensembleTeacher(
      { sharp: asLogits('sharp'), dull: asLogits('dull') },
      { weights: { sharp: 0.25, dull: 0.75 } },
    );
    const [sharp, dull] = [softened(golden.logits.sharp), softened(golden.logits.dull)];
    const rows = sharp.map((row, i) => row.map((p, c) => 0.25 * p + 0.75 * (dull[i]?.[c] as number)));
    const flat = arraysTeacher({ ids, rows }, { convention: 'probabilities' });
    const one = await fit({ nested, wrong: asLogits('wrong') }, batches);
    const other = await fit({ nested: flat, wrong: asLogits('wrong') }, batches);
    expectClose([one.before, one.after], [other.before, other.after], { relative: 1e-6, absolute: 0 });
  });

  const rowsOf = (convention: 'logits' | 'probabilities' | 'sigmoid-logits', rows: number[][]): Teacher =>
    arraysTeacher({ ids: ids.slice(0, rows.length), rows }, { convention });
  const two = (labels: Tensor): Batch[] => [{ inputs: {}, ids: ids.slice(0, 2), targets: { labels } }];

  it.each<[string, unknown, unknown, unknown, string, ...string[]]>([
    ['no members', {}, batches, {}, 'KD_BATCH_EMPTY', 'members'],
    ['no examples', membersOf(asLogits), [], {}, 'KD_BATCH_EMPTY', 'none'],
    ['a value that is not a teacher', { a: {} }, batches, {}, 'KD_OPTION_TYPE', 'members.a'],
    ['no labels', membersOf(asLogits), [{ inputs: {}, ids }], {}, 'KD_TENSOR_TYPE', 'batch.targets.labels'],
    [
      'one-hot labels',
      membersOf(asLogits),
      two(
        tensor2d([
          [1, 0],
          [0, 1],
        ]),
      ),
      {},
      'KD_TENSOR_SHAPE',
      '[2,2]',
    ],
    ['a label of no class', membersOf(asLogits), two(tensor1d([0, 4], 'int32')), {}, 'KD_LABEL_RANGE', '4'],
    ['half a label', membersOf(asLogits), two(tensor1d([0, 0.5])), {}, 'KD_LABEL_RANGE', '0.5'],
    [
      'fewer labels than examples',
      membersOf(asLogits),
      two(tensor1d([0], 'int32')),
      {},
      'KD_TEACHER_OUTPUT',
      'the answer of member "sharp"',
      '[2,4]',
    ],
    [
      'members of different classes',
      {
        a: asLogits('dull'),
        b: rowsOf('logits', [
          [1, 2],
          [3, 4],
        ]),
      },
      two(tensor1d([0, 1], 'int32')),
      {},
      'KD_TEACHER_OUTPUT',
      'member "b"',
      '[2,2]',
    ],
    [
      'a member that answers undefined',
      { a: answering(undefined) },
      batches,
      {},
      'KD_TEACHER_OUTPUT',
      'member "a"',
      'undefined',
    ],
    [
      'a member that answers without its output',
      { a: answering({ members: [{ outputs: {}, weight: 1 }], taps: [] }) },
      batches,
      {},
      'KD_TEACHER_OUTPUT',
      'member "a"',
      'none of this name',
    ],
    [
      'sigmoid outputs',
      { a: rowsOf('sigmoid-logits', [[1, 2]]) },
      batches,
      {},
      'KD_TEACHER_CONVENTION',
      'member "a"',
    ],
    [
      'an impossible label',
      {
        a: rowsOf('probabilities', [
          [1, 0],
          [1, 0],
        ]),
        b: rowsOf('probabilities', [
          [1, 0],
          [0, 1],
        ]),
      },
      two(tensor1d([1, 0], 'int32')),
      {},
      'KD_PROBABILITY_RANGE',
      "the members' probabilities",
      'zero for held-out example 0',
    ],
    ['a gap of zero', membersOf(asLogits), batches, { gap: 0 }, 'KD_OPTION_RANGE', 'options.gap'],
    [
      'no iterations',
      membersOf(asLogits),
      batches,
      { iterations: 0 },
      'KD_OPTION_RANGE',
      'options.iterations',
    ],
    ['another mean', membersOf(asLogits), batches, { mean: 'harmonic' }, 'KD_OPTION_RANGE', 'options.mean'],
    ['a misspelt option', membersOf(asLogits), batches, { steps: 1 }, 'KD_OPTION_UNKNOWN', 'options.steps'],
  ])('refuses %s', async (_, members, given, options, code, ...facts) => {
    await expectNoLeak(() =>
      expectKdError(
        () => fit(members as Record<string, Teacher>, given as Batch[], options as FitEnsembleWeightsOptions),
        code,
        'fitEnsembleWeights',
        ...facts,
      ),
    );
  });
});

it('takes the step of EM', async () => {
  const of = (p: number): Teacher =>
    arraysTeacher(new Map([['a', [p, 1 - p]], ['b', [p, 1 - p]]]), { convention: 'probabilities' }); // prettier-ignore
  const given = [{ inputs: {}, ids: ['a', 'b'], targets: { labels: tensor1d([0, 0], 'int32') } }];
  const { weights, gap } = await fitEnsembleWeights({ good: of(0.75), bad: of(0.25) }, given, {
    iterations: 1,
  });
  // 0.5 * 0.75 / (0.5 * 0.75 + 0.5 * 0.25); then the mixture is 0.625, and 0.75 / 0.625 is above one by 0.2.
  expectClose([weights['good'] as number, weights['bad'] as number, gap], [0.75, 0.25, 0.2], {
    // A difference of float32 numbers near one.
    relative: 3e-6,
    absolute: 0,
  });
});

describe('zero probabilities', () => {
  const rows = [[1, 0], [0.5, 0.5]]; // prettier-ignore
  const other = [[0.5, 0.5], [0.25, 0.75]]; // prettier-ignore
  const members = {
    a: arraysTeacher({ ids: ids.slice(0, 2), rows }, { convention: 'probabilities' }),
    b: arraysTeacher({ ids: ids.slice(0, 2), rows: other }, { convention: 'probabilities' }),
  };
  const given = [{ inputs: {}, ids: ids.slice(0, 2), targets: { labels: tensor1d([1, 1], 'int32') } }];

  it('of one member are allowed in the arithmetic mixture: the other gets all the weight', async () => {
    const { weights, after } = await fitEnsembleWeights(members, copies(given));
    expectClose(weights['b'] as number, 1, { relative: 1e-5, absolute: 0 });
    expectClose(after, -Math.log(0.5 * 0.75) / 2, { relative: 1e-5, absolute: 0 });
  });

  it('of any member are refused in the geometric one', async () => {
    await expectKdError(
      () => fitEnsembleWeights(members, copies(given), { mean: 'geometric' }),
      'KD_PROBABILITY_RANGE',
      'zero for held-out example 0',
    );
  });
});
