import process from 'node:process';
import { inspect } from 'node:util';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { tensor2d } from '@tensorflow/tfjs-core';
import { KdError } from '@kd/core';
import type { Teacher } from '@kd/core';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import * as from from '@kd/testing/completions-server';
import type { Behaviour, CompletionAnswer } from '@kd/testing/completions-server';
import { release } from '../../test/release.js';
import { completionsTeacher } from '../completions.js';
import type { CompletionsTeacherOptions } from '../completions.js';

await useBackend('cpu');

const server = await from.completionsServer();
afterAll(server.close);
beforeEach(() => {
  server.requests.length = server.next.length = server.always.length = server.delayMs = 0;
  Object.assign(server.seen, { most: 0, dropped: 0 });
});

const apiKey = 'sk-do-not-tell-4711';
const options: CompletionsTeacherOptions = {
  url: server.url,
  model: 'tiny',
  fingerprint: 'v1',
  topK: 2,
  vocabulary: from.vocabulary,
  apiKey,
  retries: 2,
  retryDelayMs: 1,
  concurrency: 1,
};
const make = (changes: Partial<CompletionsTeacherOptions> = {}): Teacher =>
  completionsTeacher({ ...options, ...changes });
const rows = (...first: number[]): number[][] => first.map((token) => [token, 1]);

async function ask(teacher: Teacher, texts = rows(3), signal?: AbortSignal): Promise<void> {
  const batch = { inputs: { tokens: tensor2d(texts, undefined, 'int32') } };
  try {
    release(await teacher.predict(batch, { outputs: ['output/top'], taps: [], signal }));
  } finally {
    batch.inputs.tokens.dispose();
  }
}

async function errorOf(run: () => Promise<void>): Promise<unknown> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error;
  }
}

const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
const editing = (edit: (right: CompletionAnswer) => unknown): Behaviour => from.changed(edit);
const logprobsOf = (right: CompletionAnswer) => right.choices[0]?.logprobs as { tokens: string[]; top_logprobs: unknown[] }; // prettier-ignore

describe('a request is repeated', () => {
  it.each<[string, Behaviour]>([
    ['429', from.status(429)],
    ['500', from.status(500)],
    ['503', from.status(503)],
    ['408', from.status(408)],
    ['a connection that breaks', from.reset],
    ['half a body', from.halfABody],
    ['half of the JSON', from.halfOfTheJson],
  ])('after %s, and then answered', async (_, behaviour) => {
    server.next.push(behaviour, behaviour);
    await expectNoLeak(() => ask(make()));
    expect(server.requests.length).toBe(3);
    expect(server.requests[0]?.body).toEqual(server.requests[2]?.body);
  });

  it('when it takes longer than its time limit', async () => {
    server.next.push(from.silence);
    await ask(make({ timeoutMs: 50 }));
    expect(server.requests.length).toBe(2);
    expect(server.seen.dropped).toBe(1);
  });

  it('with doubled waits, and not before the server says', async () => {
    const times: number[] = [];
    const noting =
      (behaviour: Behaviour): Behaviour =>
      (...given) => {
        times.push(performance.now());
        behaviour(...given);
      };
    const refused = from.status(500);
    const busy = from.status(429, 'slow down', { 'retry-after': '0.3' });
    server.next.push(...[refused, refused, busy, from.json].map(noting));
    await ask(make({ retries: 3, retryDelayMs: 40 }));
    const [first = 0, second = 0, third = 0] = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(first).toBeGreaterThanOrEqual(39);
    expect(second).toBeGreaterThanOrEqual(79);
    // Not 300 after the 160 of the third wait.
    expect(third).toBeGreaterThanOrEqual(299);
    expect(third).toBeLessThan(450);
  });
});

describe('an error says', () => {
  it.each<[string, string, Behaviour, string[], number]>([
    ['a status that stays', 'KD_SERVER_STATUS', from.status(500, 'out of\n memory'), ['500', 'out of memory', 'up to 3 times'], 3], // prettier-ignore
    ['a status that asking again does not change', 'KD_SERVER_STATUS', from.status(404, 'no model "tiny"'), ['404', 'no model'], 1], // prettier-ignore
    ['no more than the beginning of a body', 'KD_SERVER_STATUS', from.status(400, `x${'y'.repeat(5000)}`), [`x${'y'.repeat(299)}…`], 1], // prettier-ignore
    ['a connection that breaks', 'KD_TEACHER_FAILED', from.reset, ['/v1/completions'], 3],
    ['half a body', 'KD_TEACHER_FAILED', from.halfABody, ['/v1/completions'], 3],
    ['half of the JSON', 'KD_SERVER_ANSWER', from.halfOfTheJson, ['choices', 'JSON'], 3],
    ['something else than an answer', 'KD_SERVER_ANSWER', editing(() => [1]), ['choices'], 1],
    ['two choices', 'KD_SERVER_ANSWER', editing(({ choices }) => ({ choices: [...choices, ...choices] })), ['2 choices'], 1], // prettier-ignore
    ['no log-probabilities', 'KD_LOGPROBS_MISSING', editing(() => ({ choices: [{ logprobs: null }] })), ['null'], 1], // prettier-ignore
    ['no log-probabilities of a token', 'KD_LOGPROBS_MISSING', editing((right) => (logprobsOf(right).top_logprobs.splice(2, 1, null), right)), ['null after token 1'], 1], // prettier-ignore
    ['no numbers', 'KD_LOGPROBS_MISSING', editing((right) => (logprobsOf(right).top_logprobs.splice(2, 1, { a: 'b' }), right)), ['an object with a after token 1'], 1], // prettier-ignore
    ['only the tokens that were added', 'KD_TOKENS_DIFFER', editing((right) => (logprobsOf(right).tokens.splice(0, 2), right)), ['logprobs.tokens', '3,', '1'], 1], // prettier-ignore
    ['too few entries', 'KD_TOKENS_DIFFER', editing((right) => (logprobsOf(right).top_logprobs.pop(), right)), ['logprobs.top_logprobs', '2'], 1], // prettier-ignore
    ['a start token', 'KD_TOKENS_DIFFER', editing((right) => (right.usage.prompt_tokens++, right)), ['usage.prompt_tokens', '2,', '3'], 1], // prettier-ignore
    ['the answer to another question', 'KD_TOKENS_DIFFER', editing((right) => (logprobsOf(right).tokens.splice(0, 1, 'token_id:5'), right)), ['token 0', '3,', '5'], 1], // prettier-ignore
    ['probabilities that are none', 'KD_PROBABILITY_RANGE', editing((right) => (logprobsOf(right).top_logprobs.splice(2, 1, { 'token_id:1': -0.1, 'token_id:2': -0.1 }), right)), ['position 1', '1.8'], 1], // prettier-ignore
  ])('%s', async (_, code, behaviour, facts, requests) => {
    server.always.push(behaviour);
    await expectNoLeak(() => expectKdError(() => ask(make()), code, ...facts));
    expect(server.requests.length).toBe(requests);
  });

  it('that there is no server', async () => {
    const closed = await from.completionsServer();
    await closed.close();
    const teacher = make({ url: closed.url, retries: 0 });
    await expectKdError(() => ask(teacher), 'KD_TEACHER_FAILED', 'ECONNREFUSED', closed.url);
  });

  it('that an answer takes too long', async () => {
    server.always.push(from.silence);
    await expectKdError(() => ask(make({ timeoutMs: 30, retries: 1 })), 'KD_TEACHER_TIMEOUT', '30 ms');
    expect(server.requests.length).toBe(2);
  });
});

describe('an abort', () => {
  it.each([1, 3])('ends %i requests at once, and sends no more', async (concurrency) => {
    server.always.push(from.silence);
    const stop = new AbortController();
    const asking = errorOf(() => ask(make({ concurrency }), rows(0, 1, 2, 3, 4), stop.signal));
    while (server.requests.length < concurrency) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort('enough');
    expect(await asking).toBe('enough');
    while (server.seen.dropped < concurrency) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(server.requests.length).toBe(concurrency);
  });

  it('ends the wait before a retry', async () => {
    server.always.push(from.status(429, '', { 'retry-after': '60' }));
    const stop = new AbortController();
    const before = timers();
    const asking = errorOf(() => ask(make(), rows(3), stop.signal));
    while (server.requests.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort('enough');
    expect(await asking).toBe('enough');
    expect(timers()).toBeLessThanOrEqual(before);
  });

  it('before the question sends nothing', async () => {
    expect(await errorOf(() => ask(make(), rows(3), AbortSignal.abort('before')))).toBe('before');
    expect(server.requests).toEqual([]);
  });
});

it('never asks more at the same time than is allowed, and warns of no listeners', async () => {
  const warnings: unknown[] = [];
  const note = (warning: unknown): unknown => warnings.push(warning);
  process.on('warning', note);
  server.delayMs = 5;
  const texts = Array.from({ length: 40 }, (_, row) => [row % 6, Math.floor(row / 6) % 6, row % 5]);
  const teacher = make({ concurrency: 3 });
  const { signal } = new AbortController();
  await Promise.all([ask(teacher, texts.slice(0, 20), signal), ask(teacher, texts.slice(20), signal)]);
  expect(server.requests.length).toBe(40);
  expect(server.seen.most).toBe(3);
  process.off('warning', note);
  expect(warnings).toEqual([]);
});

it('puts answers in the order of the questions, whichever comes first', async () => {
  const late: Behaviour = (...given) => {
    setTimeout(() => {
      from.json(...given);
    }, 30);
  };
  const [together, alone] = [make({ concurrency: 4 }), make()];
  const top = async (teacher: Teacher, texts: number[][]): Promise<number[]> => {
    const batch = { inputs: { tokens: tensor2d(texts, undefined, 'int32') } };
    const { members } = await teacher.predict(batch, { outputs: ['output/top'], taps: [] });
    return Array.from(members[0]?.outputs['output/top']?.dataSync() ?? []);
  };
  const expected = [...(await top(alone, rows(3))), ...(await top(alone, rows(4)))];
  server.next.push(late);
  expect(await top(together, rows(3, 4))).toEqual(expected);
});

describe('a fault in a batch', () => {
  it('stops what has not been sent, and keeps what is under way', async () => {
    const broken: Behaviour = (...given) => {
      const isBroken = (given[2].body['prompt'] as number[])[0] === 1;
      (isBroken ? from.status(400) : from.json)(...given);
    };
    server.always.push(broken);
    const teacher = make({ concurrency: 2 });
    await expectKdError(() => ask(teacher, rows(0, 1, 2, 3, 4)), 'KD_SERVER_STATUS', '400');
    const sent = server.requests.length;
    expect(sent).toBeLessThan(5);
    // The first one has been answered, so that it is not asked again.
    await ask(teacher, rows(0));
    expect(server.requests.length).toBe(sent);
  });
});

describe('a budget', () => {
  it('of requests is never exceeded, counts retries, and loses no answer', async () => {
    server.next.push(from.status(500));
    const teacher = make({ maxRequests: 4 });
    await expectKdError(() => ask(teacher, rows(0, 1, 2, 3)), 'KD_BUDGET_SPENT', 'options.maxRequests', '4', '5'); // prettier-ignore
    expect(server.requests.length).toBe(4);
    await ask(teacher, rows(0, 1, 2));
    expect(server.requests.length).toBe(4);
    await expectKdError(() => ask(teacher, rows(3)), 'KD_BUDGET_SPENT');
  });

  it('of tokens counts what is sent and the token that is made', async () => {
    const teacher = make({ maxTokens: 7 });
    await expectKdError(() => ask(teacher, rows(0, 1, 2)), 'KD_BUDGET_SPENT', 'options.maxTokens', '7', '9');
    expect(server.requests.length).toBe(2);
  });

  it('that suffices is no error', async () => {
    await ask(make({ maxRequests: 2, maxTokens: 6 }), rows(0, 1));
  });
});

describe('the key', () => {
  it('is sent in a header, and nothing else is told', async () => {
    const teacher = make();
    await ask(teacher);
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${apiKey}`);
    expect(inspect([server.requests[0]?.body, await teacher.describe({ taps: [] }), teacher], { depth: 9 })).not.toContain(apiKey); // prettier-ignore
    await ask(make({ apiKey: undefined } as never));
    expect(server.requests[1]?.headers.authorization).toBe(undefined);
  });

  it.each<[string, Behaviour]>([
    ['a server that quotes it', (response, right, { headers }) => { from.status(401, `${'x'.repeat(290)} bad key: ${String(headers.authorization)}`)(response, right, { headers } as never); }], // prettier-ignore
    ['no JSON that quotes it', (response, _, { headers }) => { response.end(`{ "key": ${String(headers.authorization)}`); }], // prettier-ignore
    ['a connection that breaks', from.reset],
    ['half a body', from.halfABody],
    ['silence', from.silence],
    ['no log-probabilities', editing(() => ({ choices: [{}] }))],
  ])('is in no part of the error about %s', async (_, behaviour) => {
    server.always.push(behaviour);
    const error = await errorOf(() => ask(make({ retries: 0, timeoutMs: 100 })));
    expect(KdError.isInstance(error)).toBe(true);
    const all = inspect(error, { depth: 20, showHidden: true, getters: true, maxStringLength: null });
    expect(all).not.toContain(apiKey);
  });

  it.each([`${apiKey}\n`, ` ${apiKey}`, '', `${apiKey}é`, [apiKey], 4711])(
    'is not shown if it cannot be one: %j',
    async (wrong) => {
      const error = await errorOf(() => ask(make({ apiKey: wrong as never })));
      expect(error).toMatchObject({ code: 'KD_OPTION_TYPE', argument: 'options.apiKey' });
      expect(inspect(error)).not.toMatch(/4711/);
    },
  );

  it('is not shown as a part of an address', async () => {
    for (const url of [`http://me:${apiKey}@localhost/v1`, `nothing?${apiKey}`]) {
      const error = await errorOf(() => ask(make({ url })));
      expect(error).toMatchObject({ code: 'KD_OPTION_TYPE', argument: 'options.url' });
      expect(inspect(error)).not.toContain(apiKey);
    }
    server.always.push(from.status(404));
    const error = await errorOf(() => ask(make({ url: `${server.url}/?key=${apiKey}` })));
    expect(server.requests.at(-1)?.path).toBe(`/v1/completions?key=${apiKey}`);
    expect(inspect(error, { depth: 20 })).not.toContain(apiKey);
  });
});

it('leaves no timers behind', async () => {
  const before = timers();
  server.next.push(from.status(500), from.silence, from.reset);
  await ask(make({ retries: 5, timeoutMs: 40 }));
  await errorOf(() => ask(make({ retries: 0, maxRequests: 1 }), rows(0, 1)));
  expect(timers()).toBeLessThanOrEqual(before);
});
