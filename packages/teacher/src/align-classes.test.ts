import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import type { Convention, Teacher } from '@kd/core';
import { div, softmax, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { release } from '../test/release.js';
import { alignClasses, arraysTeacher, ensembleTeacher } from './index.js';
import type { AlignClassesOptions } from './index.js';

await useBackend('cpu');

const classes = ['cat', 'car', 'poodle', 'pug'];
const batch = { inputs: {}, ids: ['a'] };
const teacherOf = (row: readonly number[], convention: Convention = 'logits'): Teacher =>
  arraysTeacher(new Map([['a', row]]), { convention, classes });
async function aligned(teacher: Teacher, options: AlignClassesOptions): Promise<number[]> {
  const answer = await alignClasses(teacher, options).predict(batch, { outputs: ['output'], taps: [] });
  const values = Array.from(await (answer.members[0]?.outputs['output'] as Tensor).data());
  release(answer);
  return values;
}
/** The targets of a student at a temperature, from logits or from logarithms of probabilities. */
const softened = (logits: readonly number[], temperature: number): number[] =>
  Array.from(tidy(() => softmax(div(tensor(Array.from(logits)), temperature))).dataSync());
const close = { relative: 1e-5, absolute: 1e-7 };
const merge: AlignClassesOptions = { classes: ['dog', 'cat'], map: { dog: ['poodle', 'pug'] } };

describe('alignClasses', () => {
  it('reorders logits like the student, and drops the classes that the student lacks', async () => {
    await expectNoLeak(async () => {
      expect(await aligned(teacherOf([1, 2, 3, 4]), { classes: ['pug', 'cat', 'poodle', 'car'] })).toEqual([
        4, 1, 3, 2,
      ]);
      expect(await aligned(teacherOf([1, 2, 3, 4]), { classes: ['poodle', 'cat'] })).toEqual([3, 1]);
      expect(
        await aligned(teacherOf([1, 2, 3, 4]), { classes: ['Katze', 'pug'], map: { Katze: 'cat' } }),
      ).toEqual([1, 4]);
      expect(
        await aligned(teacherOf([0.5, -2, 3, 4], 'sigmoid-logits'), { classes: ['pug', 'cat'] }),
      ).toEqual([4, 0.5]);
    });
  });

  it('divides probabilities by the sum of the remaining ones, as a softmax does for logits, at every temperature', async () => {
    const probabilities = [0.5, 0.125, 0.125, 0.25];
    const part = { classes: ['pug', 'cat'] };
    expectClose(await aligned(teacherOf(probabilities, 'probabilities'), part), [1 / 3, 2 / 3], close);
    const fromLogits = await aligned(teacherOf(probabilities.map(Math.log)), part);
    const fromProbabilities = (await aligned(teacherOf(probabilities, 'probabilities'), part)).map(Math.log);
    for (const temperature of [1, 4, 20])
      expectClose(softened(fromLogits, temperature), softened(fromProbabilities, temperature), close);
    // Sigmoid outputs are independent, and stay unchanged.
    expect(await aligned(teacherOf([0.5, 0.125, 0.25, 1], 'sigmoid-probabilities'), part)).toEqual([1, 0.5]);
  });

  it('adds the probabilities of classes that the student merges', async () => {
    await expectNoLeak(async () => {
      const values = await aligned(teacherOf([0.5, 0.1, 0.2, 0.2], 'probabilities'), merge);
      expectClose(values, [0.4 / 0.9, 0.5 / 0.9], close);
    });
  });

  it('gives the logit of the sum: logits and probabilities agree, at every temperature', async () => {
    const probabilities = [0.5, 0.1, 0.25, 0.15];
    // Equal up to a constant, which a softmax ignores.
    const logits = await aligned(teacherOf(probabilities.map((p) => Math.log(p) + 3)), merge);
    expectClose(logits, [Math.log(0.4) + 3, Math.log(0.5) + 3], close);
    const merged = (await aligned(teacherOf(probabilities, 'probabilities'), merge)).map(Math.log);
    for (const temperature of [1, 4, 20])
      expectClose(softened(logits, temperature), softened(merged, temperature), close);
  });

  it('merges before the temperature: a large group is not more probable for being large', async () => {
    // The student merges three of four equal classes.
    const teacher = teacherOf([0, 0, 0, 0]);
    const logits = await aligned(teacher, {
      classes: ['a', 'b'],
      map: { a: ['cat', 'car', 'pug'], b: 'poodle' },
    });
    expectClose(softened(logits, 1), [0.75, 0.25], close);
    // The sum of softened probabilities would stay at 0.75; here the odds are 3^(1/4).
    const odds = 3 ** 0.25;
    expectClose(softened(logits, 4), [odds / (1 + odds), 1 / (1 + odds)], close);
    expectClose(softened(logits, 1e6), [0.5, 0.5], { relative: 0, absolute: 1e-6 });
  });

  it('stays finite at the limits of float32, and takes the larger of two distant logits', async () => {
    expect(await aligned(teacherOf([0, 5, 1e4, -1e4]), merge)).toEqual([1e4, 0]);
    expectClose(await aligned(teacherOf([0, 5, -1e4, -1e4]), merge), [-1e4 + Math.log(2), 0], close);
  });

  it('is the sum over groups for any logits and any groups', async () => {
    const cases = fc.record({
      row: fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 4, maxLength: 4 }),
      groups: fc
        .array(fc.integer({ min: 0, max: 2 }), { minLength: 4, maxLength: 4 })
        .filter((groups) => new Set(groups).size > 1),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ row, groups }) => {
        const used = [...new Set(groups)];
        const map = Object.fromEntries(
          used.map((group) => [`g${String(group)}`, classes.filter((_, index) => groups[index] === group)]),
        );
        const p = softened(row, 1);
        const expected = used.map((group) =>
          p.reduce((sum, each, index) => sum + (groups[index] === group ? each : 0), 0),
        );
        expectClose(softened(await aligned(teacherOf(row), { classes: Object.keys(map), map }), 1), Object.keys(map).map((name) => expected[used.indexOf(Number(name.slice(1)))]), { relative: 1e-4, absolute: 1e-6 }); // prettier-ignore
      }),
      { numRuns: 50 },
    );
  });

  it('works on each position of a sequence, and on each member of an ensemble', async () => {
    const sequence = arraysTeacher(new Map([['a', [1, 2, 3, 4, 5, 6, 7, 8]]]), {
      convention: 'logits',
      classes,
      shape: [null, 2, 4],
    });
    const teacher = alignClasses(
      ensembleTeacher({ one: sequence, two: sequence }, { weights: { one: 0.25, two: 0.75 } }),
      merge,
    );
    await expectNoLeak(async () => {
      expect((await teacher.describe({ taps: [] })).outputs['output']?.shape).toEqual([null, 2, 2]);
      const answer = await teacher.predict(batch, { outputs: ['output'], taps: [] });
      expect(answer.members.map(({ weight }) => weight)).toEqual([0.25, 0.75]);
      const sum = (a: number, b: number): number => Math.log(Math.exp(a) + Math.exp(b));
      for (const { outputs } of answer.members)
        expectClose((await outputs['output']?.data()) ?? [], [sum(3, 4), 1, sum(7, 8), 5], close);
      release(answer);
    });
  });

  it('describes the classes of the student with a new fingerprint, and asks its teacher only once', async () => {
    const inner = teacherOf([1, 2, 3, 4]);
    const describeInner = vi.spyOn(inner, 'describe');
    const teacher = alignClasses(inner, merge);
    release(await teacher.predict(batch, { outputs: ['output'], taps: [] }));
    release(await teacher.predict(batch, { outputs: ['output'], taps: [] }));
    expect(describeInner).toHaveBeenCalledTimes(1);
    const { outputs, fingerprint } = await teacher.describe({ taps: [] });
    expect(outputs['output']).toEqual({ convention: 'logits', shape: [null, 2], classes: ['dog', 'cat'] });
    const others = [
      await inner.describe({ taps: [] }),
      await alignClasses(inner, { classes: ['cat', 'dog'], map: merge.map ?? {} }).describe({ taps: [] }),
      await alignClasses(inner, { classes: ['dog', 'cat'], map: { dog: 'pug' } }).describe({ taps: [] }),
      await alignClasses(teacherOf([1, 2, 3, 5]), merge).describe({ taps: [] }),
    ];
    expect(new Set([fingerprint, ...others.map((other) => other.fingerprint)]).size).toBe(5);
  });

  it('frees taps and members if one of them cannot be aligned', async () => {
    const inner = arraysTeacher(new Map([['a', [1, 0, 0, 0]]]), { convention: 'probabilities', classes });
    const one = tensor([[0.25, 0.25, 0.5, 0]]);
    const answer = (): ReturnType<Teacher['predict']> =>
      Promise.resolve({
        members: [one.clone(), tensor([[0, 1, 0, 0]])].map((output) => ({
          outputs: { output },
          weight: 0.5,
        })),
        taps: [tensor([7])],
      });
    const teacher = alignClasses({ ...inner, predict: answer }, merge);
    await expectNoLeak(() =>
      expectKdError(
        () => teacher.predict(batch, { outputs: ['output'], taps: ['x'] }),
        'KD_PROBABILITY_RANGE',
      ),
    );
  });

  it('passes taps and signal through, and disposes its teacher', async () => {
    const inner = { ...teacherOf([1, 2, 3, 4]), dispose: vi.fn() };
    const tap = tensor([7]);
    inner.predict = () =>
      Promise.resolve({ members: [{ outputs: { output: tensor([[1, 2, 3, 4]]) }, weight: 1 }], taps: [tap] });
    const teacher = alignClasses(inner, merge);
    const answer = await teacher.predict(batch, { outputs: ['output'], taps: ['x'] });
    expect(answer.taps).toEqual([tap]);
    teacher.dispose?.();
    expect(inner.dispose).toHaveBeenCalledTimes(1);
    expect(alignClasses(teacherOf([1, 2, 3, 4]), merge)).not.toHaveProperty('dispose');
  });
});

describe('alignClasses refuses', () => {
  const inner = teacherOf([1, 2, 3, 4]);

  it('classes that the teacher lacks, listing both', async () => {
    const teacher = alignClasses(inner, { classes: ['cat', 'dog'] });
    const facts = ['alignClasses', 'the student\'s class "dog"', '"dog"'];
    await expectKdError(() => teacher.describe({ taps: [] }), 'KD_CLASSES_MISMATCH', ...facts);
    await expectNoLeak(() =>
      expectKdError(
        () => teacher.predict(batch, { outputs: ['output'], taps: [] }),
        'KD_CLASSES_MISMATCH',
        ...facts,
      ),
    );
  });

  it('a class of the teacher mapped to two of the student', async () => {
    const teacher = alignClasses(inner, { classes: ['cat', 'lion'], map: { lion: 'cat' } });
    await expectKdError(
      () => teacher.describe({ taps: [] }),
      'KD_CLASSES_MISMATCH',
      'the teacher\'s class "cat"',
      'two of them',
    );
  });

  it('a teacher without names, and one with a name twice', async () => {
    const nameless = arraysTeacher(new Map([['a', [1, 2]]]), { convention: 'logits' });
    await expectKdError(
      () => alignClasses(nameless, { classes: ['a'] }).describe({ taps: [] }),
      'KD_CLASSES_MISMATCH',
      'a teacher that describes no classes',
    );
    const twice = arraysTeacher(new Map([['a', [1, 2]]]), { convention: 'logits', classes: ['p', 'p'] });
    await expectKdError(
      () => alignClasses(twice, { classes: ['p'] }).describe({ taps: [] }),
      'KD_CLASSES_MISMATCH',
      '"p" twice',
    );
  });

  it('to merge sigmoid outputs', async () => {
    const teacher = alignClasses(teacherOf([1, 2, 3, 4], 'sigmoid-logits'), merge);
    await expectKdError(
      () => teacher.describe({ taps: [] }),
      'KD_TEACHER_CONVENTION',
      'several classes for one, and a teacher of sigmoid-logits',
    );
  });

  it('an example that belongs to none of the classes of the student', async () => {
    const rows = [[0.5, 0.5, 0, 0], [0, 1, 0, 0]]; // prettier-ignore
    const answers = arraysTeacher({ ids: ['a', 'b'], rows }, { convention: 'probabilities', classes });
    const teacher = alignClasses(answers, merge);
    release(await teacher.predict(batch, { outputs: ['output'], taps: [] }));
    await expectNoLeak(() =>
      expectKdError(() => teacher.predict({ inputs: {}, ids: ['a', 'b'] }, { outputs: ['output'], taps: [] }), 'KD_PROBABILITY_RANGE',
        '0')); // prettier-ignore
  });

  it.each<[string, unknown, string, ...string[]]>([
    ['no options', undefined, 'KD_OPTION_TYPE', 'options'],
    ['no classes', {}, 'KD_OPTION_TYPE', 'options.classes'],
    ['an empty list', { classes: [] }, 'KD_OPTION_TYPE', 'options.classes'],
    ['a class twice', { classes: ['cat', 'cat'] }, 'KD_CLASSES_MISMATCH', 'options.classes', 'cat, cat'],
    ['a map that is not an object', { classes: ['cat'], map: [] }, 'KD_OPTION_TYPE', 'options.map'],
    [
      'a map of a class that is not the student’s',
      { classes: ['cat'], map: { dog: 'pug' } },
      'KD_CLASSES_MISMATCH',
      'options.map["dog"]',
    ],
    ['a map to no name', { classes: ['cat'], map: { cat: 3 } }, 'KD_OPTION_TYPE', 'options.map["cat"]'],
    ['a map to nothing', { classes: ['cat'], map: { cat: [] } }, 'KD_OPTION_TYPE', 'options.map["cat"]'],
    ['a misspelt option', { classes: ['cat'], maps: {} }, 'KD_OPTION_UNKNOWN', 'options.maps'],
  ])('%s', async (_, options, code, ...facts) => {
    await expectKdError(
      () => alignClasses(inner, options as AlignClassesOptions),
      code,
      'alignClasses',
      ...facts,
    );
  });

  it('a value that is not a teacher', async () => {
    await expectKdError(() => alignClasses({} as Teacher, merge), 'KD_OPTION_TYPE', 'teacher');
  });
});
