import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { ones, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it, vi } from 'vitest';
import { KdError } from '@kd/core';
import { release } from '../../test/release.js';
import { functionTeacher } from '../function.js';
import type { Call, FunctionAnswer, FunctionTeacherOptions } from '../function.js';

await useBackend('cpu');

const x = ones([2, 1]);
const batch = { inputs: { x }, ids: ['a', 'b'] };
const stated: FunctionTeacherOptions = { convention: 'logits', shape: [null, 2], fingerprint: 'v1' };
const rows = [[1, 2], [3, 4]]; // prettier-ignore
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const valuesOf = async (call: Call<FunctionAnswer>, options = stated): Promise<number[]> => {
  const answer = await functionTeacher(call, options).predict(batch, { outputs: ['output'], taps: [] });
  const values = Array.from(await (answer.members[0]?.outputs['output'] as Tensor).data());
  expect(answer.members[0]?.outputs['output']?.shape.slice(0, 2)).toEqual([2, 2]);
  release(answer);
  return values;
};

describe('functionTeacher takes', () => {
  it.each<[string, FunctionAnswer | (() => FunctionAnswer)]>([
    ['lists', rows],
    ['typed arrays', rows.map((row) => Float64Array.from(row))],
    ['all rows in one typed array', Float32Array.from(rows.flat())],
    ['a tensor', () => tensor2d(rows)],
  ])('%s, at once and later', async (_, answer) => {
    const make = (): FunctionAnswer => (typeof answer === 'function' ? answer() : answer);
    await expectNoLeak(async () => {
      expect(await valuesOf(make)).toEqual([1, 2, 3, 4]);
      expect(await valuesOf(() => sleep(1).then(make))).toEqual([1, 2, 3, 4]);
    });
  });

  it('rows of several positions', async () => {
    const positions = [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]; // prettier-ignore
    const options: FunctionTeacherOptions = { ...stated, shape: [null, null, 2] };
    expect(await valuesOf(() => positions, options)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const flat = Float32Array.from(positions.flat(2));
    expect(await valuesOf(() => flat, { ...stated, shape: [null, 2, 2] })).toEqual([...flat]);
  });

  it('a tensor of the batch, and does not dispose it', async () => {
    const logits = tensor2d(rows);
    const teacher = functionTeacher(({ inputs }) => inputs['logits'] as Tensor, stated);
    release(await teacher.predict({ inputs: { logits } }, { outputs: ['output'], taps: [] }));
    expect(logits.isDisposed).toBe(false);
  });
});

describe('functionTeacher', () => {
  it('passes the batch, and describes the stated output', async () => {
    const call = vi.fn(() => rows);
    const teacher = functionTeacher(call, { ...stated, classes: ['p', 'q'], frozen: false });
    expect(await teacher.describe({ taps: [] })).toEqual({
      outputs: { output: { convention: 'logits', shape: [null, 2], classes: ['p', 'q'] } },
      taps: [],
      fingerprint: 'v1',
      frozen: false,
    });
    expect(call).not.toHaveBeenCalled();
    release(await teacher.predict(batch, { outputs: ['output'], taps: [] }));
    expect(call).toHaveBeenCalledWith(batch, { signal: expect.any(AbortSignal) as AbortSignal });
    expect((await functionTeacher(call, stated).describe({ taps: [] })).frozen).toBe(true);
    expect((await teacher.predict(batch, { taps: [], outputs: [] })).members).toEqual([]);
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('retries with increasing waits, and gives up with the last cause', async () => {
    const times: number[] = [];
    const call = vi.fn(() => {
      times.push(performance.now());
      throw new Error(`failure ${String(times.length)}`);
    });
    const teacher = functionTeacher(call, { ...stated, retries: 2, retryDelayMs: 40 });
    let thrown: unknown;
    await Promise.resolve(teacher.predict(batch, { outputs: ['output'], taps: [] })).catch(
      (error: unknown) => (thrown = error),
    );
    expect(KdError.isInstance(thrown) && thrown.code).toBe('KD_TEACHER_FAILED');
    expect((thrown as Error).message).toContain(
      'functionTeacher: the function, called up to 3 times, must be one that answers; received the error "failure 3"',
    );
    expect(((thrown as Error).cause as Error).message).toBe('failure 3');
    expect(call).toHaveBeenCalledTimes(3);
    const [first = 0, second = 0, third = 0] = times;
    expect(second - first).toBeGreaterThanOrEqual(38);
    expect(third - second).toBeGreaterThanOrEqual(78);
  });

  it('answers when a retry succeeds', async () => {
    const call = vi
      .fn<Call<FunctionAnswer>>()
      .mockRejectedValueOnce(new Error('busy'))
      .mockResolvedValue(rows);
    expect(await valuesOf(call, { ...stated, retries: 1, retryDelayMs: 0 })).toEqual([1, 2, 3, 4]);
  });

  it('does not retry by default, nor after a KdError', async () => {
    const call = vi.fn<Call<FunctionAnswer>>().mockRejectedValue(new Error('busy'));
    const ask = (options: FunctionTeacherOptions): unknown =>
      functionTeacher(call, options).predict(batch, { outputs: ['output'], taps: [] });
    await expectKdError(() => ask(stated), 'KD_TEACHER_FAILED', 'the function, called once,');
    expect(call).toHaveBeenCalledTimes(1);
    const own = new KdError({ code: 'KD_INPUT_MISSING', where: 'w', argument: 'a', expected: 'e', received: 'r', remedy: 'm' }); // prettier-ignore
    call.mockClear().mockRejectedValue(own);
    await expect(ask({ ...stated, retries: 3, retryDelayMs: 0 })).rejects.toBe(own);
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('names a thrown value that is not an error', async () => {
    const call = vi.fn<Call<FunctionAnswer>>().mockRejectedValue('offline');
    await expectKdError(
      () => functionTeacher(call, stated).predict(batch, { outputs: ['output'], taps: [] }),
      'KD_TEACHER_FAILED',
      'the error "offline"',
    );
  });

  it('ends a call that takes too long, aborts its signal, and frees its late answer', async () => {
    const signals: AbortSignal[] = [];
    const late: Tensor[] = [];
    const call: Call<FunctionAnswer> = async (_, { signal }) => {
      signals.push(signal);
      await sleep(60);
      late.push(tensor2d(rows));
      return late.at(-1) as Tensor;
    };
    const limits = { concurrency: 2, timeoutMs: 10, retries: 1, retryDelayMs: 0 };
    const teacher = functionTeacher(call, { ...stated, ...limits });
    await expectNoLeak(async () => {
      await expectKdError(
        () => teacher.predict(batch, { outputs: ['output'], taps: [] }),
        'KD_TEACHER_TIMEOUT',
        'functionTeacher',
        'the function, called up to 2 times,',
        'no answer',
      );
      expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
      await vi.waitUntil(() => late.length === 2);
      await sleep(1);
    });
  });

  it('rejects immediately with the reason of a signal, while it waits, runs or waits to retry', async () => {
    const reason = new Error('enough');
    const aborted = (call: Call<FunctionAnswer>, options: FunctionTeacherOptions): unknown => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), 10); // eslint-disable-line @typescript-eslint/no-confusing-void-expression
      return functionTeacher(call, options).predict(batch, {
        outputs: ['output'],
        taps: [],
        signal: controller.signal,
      });
    };
    const before = performance.now();
    let told: AbortSignal | undefined;
    await expectNoLeak(async () => {
      const running = aborted(async (_, { signal }) => {
        told = signal;
        await sleep(50);
        return tensor2d(rows);
      }, stated);
      await expect(running).rejects.toBe(reason);
      expect(told?.reason).toBe(reason);
      const failing = vi.fn<Call<FunctionAnswer>>().mockRejectedValue(new Error('busy'));
      await expect(aborted(failing, { ...stated, retries: 5, retryDelayMs: 10_000 })).rejects.toBe(reason);
      expect(failing).toHaveBeenCalledTimes(1);
      await sleep(60);
    });
    expect(performance.now() - before).toBeLessThan(5_000);
    const never = vi.fn(() => rows);
    const request = { outputs: ['output'], taps: [], signal: AbortSignal.abort(reason) };
    await expect(functionTeacher(never, stated).predict(batch, request)).rejects.toBe(reason);
    expect(never).not.toHaveBeenCalled();
  });

  it('makes as many simultaneous calls as allowed', async () => {
    let [running, most] = [0, 0];
    const call = async (): Promise<number[][]> => {
      most = Math.max(most, (running += 1));
      await sleep(5);
      running -= 1;
      return rows;
    };
    const ask = async (options: FunctionTeacherOptions): Promise<number> => {
      most = 0;
      const teacher = functionTeacher(call, options);
      (
        await Promise.all(
          Array.from({ length: 6 }, async () => teacher.predict(batch, { outputs: ['output'], taps: [] })),
        )
      ).forEach(release);
      return most;
    };
    expect(await ask(stated)).toBe(1);
    expect(await ask({ ...stated, concurrency: 3 })).toBe(3);
  });

  it('makes as many calls per period as allowed, including retries', async () => {
    const call = vi
      .fn<Call<FunctionAnswer>>()
      .mockRejectedValueOnce(new Error('busy'))
      .mockResolvedValue(rows);
    const options = {
      ...stated,
      concurrency: 9,
      retries: 1,
      retryDelayMs: 0,
      rate: { calls: 2, seconds: 0.1 },
    };
    const teacher = functionTeacher(call, options);
    const before = performance.now();
    (
      await Promise.all(
        Array.from({ length: 4 }, async () => teacher.predict(batch, { outputs: ['output'], taps: [] })),
      )
    ).forEach(release);
    expect(call).toHaveBeenCalledTimes(5);
    expect(performance.now() - before).toBeGreaterThanOrEqual(195);
  });
});

describe('functionTeacher refuses', () => {
  it.each<[string, FunctionAnswer | (() => FunctionAnswer), string, ...string[]]>([
    [
      'NaN',
      [
        [1, 2],
        [3, NaN],
      ],
      'KD_TEACHER_NOT_FINITE',
      'NaN in row 1, class 1',
    ],
    [
      'NaN in a tensor',
      () =>
        tensor2d([
          [1, 2],
          [3, NaN],
        ]),
      'KD_TEACHER_NOT_FINITE',
      'NaN',
    ],
    [
      'probabilities as logits',
      [
        [0.5, 0.5],
        [1, 0],
      ],
      'KD_OUTPUT_CONVENTION',
      '"probabilities"',
    ],
    ['too few rows', [[1, 2]], 'KD_TEACHER_OUTPUT', 'its answer', '[1,2]'],
    [
      'too many rows',
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      'KD_TEACHER_OUTPUT',
      '[3,2]',
    ],
    ['too few rows in a tensor', () => tensor2d([[1, 2]]), 'KD_TEACHER_OUTPUT', '[1,2]'],
    ['too few numbers in one array', Float32Array.of(1, 2, 3), 'KD_TEACHER_OUTPUT', '[2,3]'],
    ['too few rows in one array', Float32Array.of(1, 2), 'KD_TEACHER_OUTPUT', '[1,2]'],
    [
      'other classes',
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      'KD_TEACHER_OUTPUT',
      '[2,3]',
    ],
    ['another dtype', () => tensor2d(rows, [2, 2], 'int32'), 'KD_TENSOR_DTYPE', 'an int32 tensor [2,2]'],
    ['rows of different lengths', [[1, 2], [3]], 'KD_TEACHER_OUTPUT', 'its answer[1]', 'a list of 1'],
    [
      'rows of different depths',
      [
        [1, 2],
        [[3], [4]],
      ] as FunctionAnswer,
      'KD_TEACHER_OUTPUT',
      'its answer[1][0][0]',
    ],
    ['numbers beside rows', [[1, 2], 3] as unknown as FunctionAnswer, 'KD_TEACHER_OUTPUT', 'its answer[1]'],
    ['no rows', [], 'KD_TEACHER_OUTPUT', 'its answer'],
    ['texts', [['1', '2']] as unknown as FunctionAnswer, 'KD_TEACHER_OUTPUT', 'its answer[0][0]', '"1"'],
    ['nothing', undefined as unknown as FunctionAnswer, 'KD_TEACHER_OUTPUT', 'undefined'],
  ])('%s', async (_, answer, code, ...facts) => {
    const teacher = functionTeacher(() => (typeof answer === 'function' ? answer() : answer), stated);
    await expectNoLeak(() =>
      expectKdError(
        () => teacher.predict(batch, { outputs: ['output'], taps: [] }),
        code,
        'functionTeacher',
        ...facts,
      ),
    );
  });

  it('NaN in any answer of arrays', async () => {
    const call = vi.fn<Call<FunctionAnswer>>().mockReturnValueOnce(rows).mockReturnValueOnce([[1, 2], [3, NaN]]); // prettier-ignore
    const teacher = functionTeacher(call, stated);
    release(await teacher.predict(batch, { outputs: ['output'], taps: [] }));
    await expectKdError(
      () => teacher.predict(batch, { outputs: ['output'], taps: [] }),
      'KD_TEACHER_NOT_FINITE',
    );
  });

  it('taps', async () => {
    const teacher = functionTeacher(() => rows, stated);
    for (const ask of [
      (request: { taps: string[] }) => teacher.describe(request),
      (request: { taps: string[] }) => teacher.predict(batch, { outputs: [], ...request }),
    ]) {
      await expectKdError(() => ask({ taps: ['hidden'] }), 'KD_TAP_UNKNOWN', 'tap "hidden"');
    }
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ['neither shape nor classes', { shape: undefined }, 'KD_OPTION_TYPE', 'options.shape'],
    ['no fingerprint', { fingerprint: undefined }, 'KD_OPTION_TYPE', 'options.fingerprint'],
    ['no convention', { convention: 'softmax' }, 'KD_OPTION_RANGE', 'options.convention'],
    ['frozen that is not a boolean', { frozen: 1 }, 'KD_OPTION_TYPE', 'options.frozen'],
    ['no calls at once', { concurrency: 0 }, 'KD_OPTION_RANGE', 'options.concurrency'],
    ['half a retry', { retries: 0.5 }, 'KD_OPTION_RANGE', 'options.retries'],
    ['a negative wait', { retryDelayMs: -1 }, 'KD_OPTION_RANGE', 'options.retryDelayMs'],
    ['no time', { timeoutMs: 0 }, 'KD_OPTION_RANGE', 'options.timeoutMs'],
    ['a rate of no calls', { rate: { calls: 0, seconds: 1 } }, 'KD_OPTION_RANGE', 'options.rate.calls'],
    ['a rate in no time', { rate: { calls: 1, seconds: 0 } }, 'KD_OPTION_RANGE', 'options.rate.seconds'],
    ['a rate with more', { rate: { calls: 1, seconds: 1, per: 1 } }, 'KD_OPTION_UNKNOWN', 'options.rate.per'],
    ['a misspelt option', { retry: 1 }, 'KD_OPTION_UNKNOWN', 'options.retry'],
    ['classes that do not go with the shape', { classes: ['a'] }, 'KD_CLASSES_MISMATCH', 'options.classes'],
  ])('%s', async (_, change, code, part) => {
    const options = Object.fromEntries(
      (Object.entries({ ...stated, ...change }) as [string, unknown][]).filter(
        ([, value]) => value !== undefined,
      ),
    );
    await expectKdError(
      () => functionTeacher(() => rows, options as unknown as FunctionTeacherOptions),
      code,
      'functionTeacher',
      part,
    );
  });

  it('a value that is not a function', async () => {
    await expectKdError(
      () => functionTeacher(rows as unknown as Call<FunctionAnswer>, stated),
      'KD_OPTION_TYPE',
      'call',
    );
  });
});
