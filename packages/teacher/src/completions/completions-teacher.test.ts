import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Batch, Teacher } from '@kd/core';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import {
  changed,
  completionsServer,
  mostLikelyAfter,
  probabilitiesAfter,
  vocabulary,
} from '@kd/testing/completions-server';
import type { CompletionAnswer } from '@kd/testing/completions-server';
import { release } from '../../test/release.js';
import { completionsTeacher } from '../completions.js';
import type { CompletionsTeacherOptions } from '../completions.js';

await useBackend('cpu');

const server = await completionsServer();
afterAll(server.close);
afterEach(() => {
  server.requests.length = 0;
  server.next.length = 0;
});

const options: CompletionsTeacherOptions = {
  url: server.url,
  model: 'tiny',
  fingerprint: 'v1',
  topK: 2,
  vocabulary,
  retries: 0,
};
const outputs = ['output/top', 'output/log-probabilities', 'output/log-remaining'];
const texts = [[3, 1, 4, 1], [5, 2, 0, 5]]; // prettier-ignore
const batchOf = (rows: number[][], rest: Partial<Batch> = {}): Batch => ({
  inputs: { tokens: tensor2d(rows, undefined, 'int32') },
  ...rest,
});
const close = { relative: 1e-6, absolute: 1e-6 };

interface Numbers {
  readonly shapes: readonly (readonly number[])[];
  readonly dtypes: readonly string[];
  readonly classes: number[];
  readonly logProbabilities: number[];
  readonly logRemaining: number[];
}

async function ask(teacher: Teacher, batch: Batch): Promise<Numbers> {
  const answer = await teacher.predict(batch, { outputs, taps: [] });
  const tensors = outputs.map((name) => answer.members[0]?.outputs[name] as Tensor);
  const [classes = [], logProbabilities = [], logRemaining = []] = await Promise.all(
    tensors.map(async (one) => Array.from(await one.data())),
  );
  release(answer);
  const [shapes, dtypes] = [tensors.map(({ shape }) => shape), tensors.map(({ dtype }) => dtype)];
  return { shapes, dtypes, classes, logProbabilities, logRemaining };
}

/** What the model says after each token of the rows. */
const afterEachToken = <T>(rows: readonly number[][], of: (before: number[]) => T): T[] =>
  rows.flatMap((row) => row.map((_, position) => of(row.slice(0, position + 1))));
const remaining = (before: number[], k: number): number =>
  Math.log(mostLikelyAfter(before, Infinity).slice(k).reduce((sum, { p }) => sum + p, 0)); // prettier-ignore

describe('completionsTeacher', () => {
  it('gives at each token the most likely next ones, their logarithms, and what remains', async () => {
    const batch = batchOf(texts);
    await expectNoLeak(async () => {
      const said = await ask(completionsTeacher(options), batch);
      expect(said.shapes).toEqual([[2, 4, 2], [2, 4, 2], [2, 4]]); // prettier-ignore
      expect(said.dtypes).toEqual(['int32', 'float32', 'float32']);
      const top = afterEachToken(texts, (before) => mostLikelyAfter(before, 2)).flat();
      expect(said.classes).toEqual(top.map(({ token }) => token));
      expectClose(said.logProbabilities, top.map(({ p }) => Math.log(p)), close); // prettier-ignore
      expectClose(
        said.logRemaining,
        afterEachToken(texts, (before) => remaining(before, 2)),
        close,
      );
    });
    expect(server.requests.map(({ path }) => path)).toEqual(['/v1/completions', '/v1/completions']);
    expect(server.requests.map(({ body }) => body)).toEqual(
      texts.map((prompt) => ({ model: 'tiny', prompt, echo: true, max_tokens: 1, logprobs: 2, temperature: 1 })), // prettier-ignore
    );
  });

  it('describes its outputs without asking', async () => {
    const teacher = completionsTeacher({ ...options, output: 'next' });
    const { fingerprint, ...rest } = await teacher.describe({ taps: [] });
    const values = (...shape: (number | null)[]) => ({ convention: 'values', shape });
    expect(rest).toEqual({
      outputs: {
        'next/top': values(null, null, 2),
        'next/log-probabilities': values(null, null, 2),
        'next/log-remaining': values(null, null),
      },
      taps: [],
      frozen: true,
    });
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(server.requests).toEqual([]);
    await expectKdError(() => teacher.describe({ taps: ['hidden'] }), 'KD_TAP_UNKNOWN', '"hidden"');
  });

  it('sends an example up to its last position that counts, and none that does not count', async () => {
    const rows = [[3, 1, 4, 0], [5, 2, -1, -1], [0, 0, 0, 0]]; // prettier-ignore
    // The first positions of the first row are a question, which is sent but not learnt.
    const mask = tensor2d([[0, 0, 1, 0], [1, 1, 0, 0], [0, 0, 0, 0]]); // prettier-ignore
    const said = await ask(completionsTeacher(options), batchOf(rows, { mask }));
    const prompts = server.requests.map(({ body }) => body['prompt'] as number[]);
    expect(prompts.sort()).toEqual([[3, 1, 4], [5, 2]]); // prettier-ignore
    const top = mostLikelyAfter([3, 1, 4], 2);
    expect(said.classes.slice(4, 6)).toEqual(top.map(({ token }) => token));
    // Where nothing counts, all of the probability is with the other classes.
    expect(said.classes.slice(6, 8)).toEqual([0, 1]);
    expect(said.logProbabilities.slice(6, 8)).toEqual([-103, -103]);
    const counted = [[3, 1, 4], [5], [5, 2]].map((before) => remaining(before, 2)); // prettier-ignore
    const [first = NaN, ...others] = counted;
    expectClose(said.logRemaining.slice(2), [first, 0, ...others, 0, 0, 0, 0, 0, 0], close);
  });

  it('computes only what is wanted, and asks nothing for nothing', async () => {
    const teacher = completionsTeacher(options);
    const batch = batchOf(texts);
    await expectNoLeak(async () => {
      expect((await teacher.predict(batch, { outputs: [], taps: [] })).members).toEqual([]);
      expect(server.requests).toEqual([]);
      const answer = await teacher.predict(batch, { outputs: ['output/log-remaining'], taps: [] });
      expect(Object.keys(answer.members[0]?.outputs ?? {})).toEqual(['output/log-remaining']);
      release(answer);
    });
    const unknown = { outputs: ['output'], taps: [] };
    await expectKdError(() => teacher.predict(batch, unknown), 'KD_OUTPUT_UNKNOWN', 'output/top');
  });

  it('asks a question once, whatever its id and order, until it is disposed', async () => {
    const teacher = completionsTeacher(options);
    const first = await ask(teacher, batchOf([texts[0], texts[1], texts[0]] as number[][], { ids: ['a', 'b', 'c'] })); // prettier-ignore
    expect(server.requests.length).toBe(2);
    const again = await ask(teacher, batchOf(texts.toReversed()));
    expect(server.requests.length).toBe(2);
    expect(again.classes).toEqual([...first.classes.slice(8, 16), ...first.classes.slice(0, 8)]);
    expect(again.logRemaining).toEqual([...first.logRemaining.slice(4, 8), ...first.logRemaining.slice(0, 4)]); // prettier-ignore
    teacher.dispose?.();
    await ask(teacher, batchOf(texts));
    expect(server.requests.length).toBe(4);
  });

  it('gives a token without a class to what remains', async () => {
    // The model knows six tokens, the student four of them.
    const logprobs = vocabulary;
    const teacher = completionsTeacher({ ...options, vocabulary: 4, logprobs });
    const said = await ask(teacher, batchOf([[3, 1, 2, 0]]));
    const known = afterEachToken([[3, 1, 2, 0]], (before) =>
      probabilitiesAfter(before)
        .map((p, token) => ({ token, p }))
        .slice(0, 4)
        .sort((one, other) => other.p - one.p)
        .slice(0, 2),
    );
    expect(said.classes).toEqual(known.flat().map(({ token }) => token));
    const rest = known.map((top) => Math.log(top.reduce((left, { p }) => left - p, 1)));
    expectClose(said.logRemaining, rest, close);
  });

  it('maps tokens to classes, adds those of one class, and gives those of none to what remains', async () => {
    // The classes of the tokens 0 to 5.
    const classes = [undefined, 0, 1, 1, 2, 3];
    const idOf = (token: string): number | undefined => classes[Number(token.replace('token_id:', ''))];
    const teacher = completionsTeacher({ ...options, vocabulary: 4, topK: 3, logprobs: 6, idOf });
    const said = await ask(teacher, batchOf([[3, 1]]));
    const expected = [[3], [3, 1]].map((before) => {
      const p = probabilitiesAfter(before);
      const masses = [0, 1, 2, 3].map((id) => p.reduce((sum, mass, token) => sum + (classes[token] === id ? mass : 0), 0)); // prettier-ignore
      const order = [0, 1, 2, 3].sort((a, b) => (masses[b] ?? 0) - (masses[a] ?? 0)).slice(0, 3);
      const logs = order.map((id) => Math.log(masses[id] ?? 0));
      return { order, logs, rest: Math.log(order.reduce((left, id) => left - (masses[id] ?? 0), 1)) };
    });
    expect(said.classes).toEqual(expected.flatMap(({ order }) => order));
    expectClose(said.logProbabilities, expected.flatMap(({ logs }) => logs), close); // prettier-ignore
    expectClose(said.logRemaining, expected.map(({ rest }) => rest), close); // prettier-ignore
  });

  it('refuses an answer with too few classes of the student, before it pads', async () => {
    const teacher = completionsTeacher({ ...options, vocabulary: 5, topK: 4, idOf: (token) => (token.endsWith('5') ? 0 : undefined) }); // prettier-ignore
    await expectKdError(
      () => ask(teacher, batchOf([[3, 1]], { ids: ['text-7'] })),
      'KD_TOKEN_UNKNOWN',
      'position 0 of the answer for "text-7"',
      'logprobs',
    );
    const words = changed((right: CompletionAnswer) => {
      const logprobs = right.choices[0]?.logprobs;
      if (logprobs) logprobs.top_logprobs = [null, { the: -1, a: -2 }, { the: -1, a: -2 }];
      return right;
    });
    server.next.push(words);
    await expectKdError(() => ask(completionsTeacher(options), batchOf([[3, 1]])), 'KD_TOKEN_UNKNOWN', '"the", "a"', 'idOf'); // prettier-ignore
  });

  it('leaves the drawn token out, which differs from time to time', async () => {
    // The server adds the least likely token to the two most likely ones, which only one class is left of.
    const [first] = mostLikelyAfter([3], 1);
    const idOf = (text: string): number | undefined =>
      text === `token_id:${String(first?.token)}` ? undefined : Number(text.slice(9));
    const teacher = completionsTeacher({ ...options, idOf });
    await expectKdError(() => ask(teacher, batchOf([[3]])), 'KD_TOKEN_UNKNOWN', 'position 0', '1 among');
  });

  it('has a fingerprint of what it asks, but not of where', async () => {
    const print = async (changes: Partial<CompletionsTeacherOptions>): Promise<string> =>
      (await completionsTeacher({ ...options, ...changes }).describe({ taps: [] })).fingerprint;
    const first = await print({});
    const same: Partial<CompletionsTeacherOptions>[] = [
      { url: 'https://example.org/v1?key=1' },
      { apiKey: 'sk-1' },
      { concurrency: 2, retries: 3, timeoutMs: 5, maxRequests: 4 },
    ];
    for (const changes of same) expect(await print(changes)).toBe(first);
    const other: Partial<CompletionsTeacherOptions>[] = [
      { model: 'other' },
      { fingerprint: 'v2' },
      { topK: 3 },
      { logprobs: 3 },
      { vocabulary: 7 },
      { request: { add_special_tokens: false } },
    ];
    const prints = await Promise.all(other.map(print));
    expect(new Set([first, ...prints]).size).toBe(7);
  });

  it('sends further fields, which replace its own', async () => {
    const request = { return_tokens_as_token_ids: true, temperature: 0.5 };
    await ask(completionsTeacher({ ...options, request }), batchOf([[3, 1]]));
    expect(server.requests[0]?.body).toMatchObject(request);
  });

  it('reads the input that is named', async () => {
    const teacher = completionsTeacher({ ...options, input: 'ids' });
    const ids = tensor2d([[3, 1]], undefined, 'int32');
    const other = tensor2d([[0, 1]], undefined, 'int32');
    await ask(teacher, { inputs: { positions: other, ids } });
    expect(server.requests[0]?.body['prompt']).toEqual([3, 1]);
    await expectKdError(() => ask(teacher, { inputs: { positions: other, tokens: ids } }), 'KD_INPUT_MISSING', 'ids'); // prettier-ignore
  });
});

describe('completionsTeacher refuses', () => {
  it.each<[string, string, Batch]>([
    ['tokens that are no whole numbers', 'KD_TENSOR_DTYPE', { inputs: { tokens: tensor2d([[1, 2]]) } }],
    ['tokens without positions', 'KD_TENSOR_SHAPE', { inputs: { tokens: tensor1d([1], 'int32') } }],
    ['a mask of another shape', 'KD_TENSOR_SHAPE', batchOf([[1, 2]], { mask: tensor2d([[1]]) })],
    ['tokens below zero', 'KD_TOKEN_UNKNOWN', batchOf([[1, -1]])],
  ])('%s', async (_, code, batch) => {
    await expectNoLeak(() => expectKdError(() => ask(completionsTeacher(options), batch), code));
    expect(server.requests).toEqual([]);
  });

  it.each<[string, string, Partial<CompletionsTeacherOptions>, string]>([
    ['all classes as the most likely ones', 'KD_OPTION_RANGE', { topK: vocabulary }, 'options.topK'],
    ['fewer tokens than classes', 'KD_OPTION_RANGE', { logprobs: 1 }, 'options.logprobs'],
    ['an address without a scheme', 'KD_OPTION_TYPE', { url: 'localhost' }, 'options.url'],
    ['an address of files', 'KD_OPTION_TYPE', { url: 'file:///v1' }, 'options.url'],
    ['what JSON cannot hold', 'KD_OPTION_TYPE', { request: { seed: 1n } }, 'options.request'],
    ['no tries', 'KD_OPTION_RANGE', { retries: -1 }, 'options.retries'],
  ])('%s', async (_, code, changes, argument) => {
    await expectKdError(() => completionsTeacher({ ...options, ...changes }), code, argument);
  });
});
