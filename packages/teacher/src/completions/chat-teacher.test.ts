import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { ones } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Teacher } from '@kd/core';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { changed, completionsServer, status } from '@kd/testing/completions-server';
import type { ChatAnswer } from '@kd/testing/completions-server';
import { release } from '../../test/release.js';
import { chatTeacher } from '../completions.js';
import type { ChatTeacherOptions } from '../completions.js';

await useBackend('cpu');

const server = await completionsServer();
afterAll(server.close);
beforeEach(() => {
  server.requests.length = server.next.length = server.always.length = 0;
});

const options: ChatTeacherOptions = {
  url: server.url,
  model: 'tiny',
  fingerprint: 'v1',
  prompt: (id) => `Is ${id} good?`,
  classes: ['bad', 'good'],
  retries: 0,
};
const x = ones([2, 1]);

async function ask(teacher: Teacher, ids: readonly string[] = ['r-1', 'r-2']): Promise<number[]> {
  const batch = { inputs: { x }, ids };
  const answer = await teacher.predict(batch, { outputs: ['output'], taps: [] });
  const output = answer.members[0]?.outputs['output'] as Tensor;
  expect([output.shape[0], output.dtype]).toEqual([ids.length, 'float32']);
  const values = Array.from(await output.data());
  release(answer);
  return values;
}

describe('chatTeacher', () => {
  // The model says good 1/2, Good 1/8, bad 1/8, The 1/4.
  it('gives the logarithms of the probabilities, given that it is one of the classes', async () => {
    const expected = [Math.log(1 / 5), Math.log(4 / 5)];
    await expectNoLeak(async () => {
      expectClose(await ask(chatTeacher(options)), [...expected, ...expected], {
        relative: 1e-6,
        absolute: 0,
      });
    });
    expect(server.requests.map(({ path }) => path)).toEqual(['/v1/chat/completions', '/v1/chat/completions']);
    expect(server.requests[1]?.body).toEqual({
      model: 'tiny',
      messages: [{ role: 'user', content: 'Is r-2 good?' }],
      max_tokens: 1,
      logprobs: true,
      top_logprobs: 20,
      temperature: 1,
    });
  });

  it('adds the tokens of a class', async () => {
    const teacher = chatTeacher({ ...options, tokens: { good: ['good', 'Good', ' good'], bad: 'bad' } });
    const expected = [Math.log(1 / 6), Math.log(5 / 6)];
    expectClose(await ask(teacher, ['r-1']), expected, { relative: 1e-6, absolute: 0 });
  });

  it('adds a token that occurs twice', async () => {
    const twice = changed((right: ChatAnswer) => {
      right.choices[0]?.logprobs?.content[0]?.top_logprobs.push({ token: 'bad', logprob: Math.log(1 / 8) });
      return right;
    });
    server.always.push(twice);
    const expected = [Math.log(1 / 3), Math.log(2 / 3)];
    expectClose(await ask(chatTeacher(options), ['r-1']), expected, { relative: 1e-6, absolute: 0 });
  });

  it('gives nothing to a class that is not among the most likely tokens', async () => {
    expect(await ask(chatTeacher({ ...options, topLogprobs: 2 }), ['r-1'])).toEqual([-1e4, 0]);
    expect(server.requests[0]?.body['top_logprobs']).toBe(2);
    const three = chatTeacher({ ...options, classes: ['good', 'bad', 'fair'] });
    expect((await ask(three, ['r-1']))[2]).toBe(-1e4);
  });

  it('refuses an answer of which the classes have too little', async () => {
    // bad and good have 5/8 together.
    await ask(chatTeacher({ ...options, minimumShare: 0.62 }));
    await expectKdError(
      () => ask(chatTeacher({ ...options, minimumShare: 0.63 })),
      'KD_CLASSES_SHARE',
      'the answer for "r-1"',
      '0.63',
      '0.625',
      '"The" 0.250',
    );
    await expectKdError(() => ask(chatTeacher({ ...options, classes: ['yes', 'no'] })), 'KD_CLASSES_SHARE', '0.000'); // prettier-ignore
  });

  it('asks about an id once, until it is disposed', async () => {
    const asked: string[] = [];
    const prompt = (id: string): string => (asked.push(id), id);
    const teacher = chatTeacher({ ...options, prompt });
    await ask(teacher, ['a', 'b', 'a']);
    await ask(teacher, ['b', 'c']);
    expect(asked).toEqual(['a', 'b', 'c']);
    expect(server.requests.length).toBe(3);
    teacher.dispose?.();
    await ask(teacher, ['a']);
    expect(server.requests.length).toBe(4);
  });

  it('takes messages, later too', async () => {
    const messages = [
      { role: 'system', content: 'Answer with one word.' },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://example.org/a.png' } }] },
    ];
    await ask(chatTeacher({ ...options, prompt: () => Promise.resolve(messages) }), ['r-1']);
    expect(server.requests[0]?.body['messages']).toEqual(messages);
  });

  it('describes the classes, and has a fingerprint of what it asks', async () => {
    const described = (changes: Partial<ChatTeacherOptions>) =>
      chatTeacher({ ...options, ...changes }).describe({ taps: [] });
    const { fingerprint, ...rest } = await described({});
    const output = { convention: 'logits', shape: [null, 2], classes: ['bad', 'good'] };
    expect(rest).toEqual({ outputs: { output }, taps: [], frozen: true });
    const others: Partial<ChatTeacherOptions>[] = [
      { model: 'other' },
      { fingerprint: 'v2' },
      { classes: ['good', 'bad'] },
      { tokens: { good: 'Good' } },
      { topLogprobs: 5 },
      { minimumShare: 0.25 },
      { request: { seed: 1 } },
    ];
    const prints = await Promise.all(others.map(async (one) => (await described(one)).fingerprint));
    expect(new Set([fingerprint, ...prints]).size).toBe(8);
    const same = await described({ url: 'https://example.org', apiKey: 'sk-1', maxRequests: 3 });
    expect(same.fingerprint).toBe(fingerprint);
    expect(server.requests).toEqual([]);
  });

  it('counts requests', async () => {
    const teacher = chatTeacher({ ...options, maxRequests: 2 });
    await expectKdError(() => ask(teacher, ['a', 'b', 'c']), 'KD_BUDGET_SPENT', 'options.maxRequests');
    expect(server.requests.length).toBe(2);
    await ask(teacher, ['a', 'b']);
  });
});

describe('chatTeacher refuses', () => {
  it('a batch without ids', async () => {
    const asking = chatTeacher(options).predict({ inputs: { x } }, { outputs: ['output'], taps: [] });
    await expectKdError(() => asking, 'KD_TERM_NEEDS', 'batch.ids');
  });

  it.each<[string, (right: ChatAnswer) => unknown]>([
    ['no log-probabilities', () => ({ choices: [{ logprobs: null }] })],
    ['no token', () => ({ choices: [{ logprobs: { content: [] } }] })],
    [
      'no most likely tokens',
      () => ({ choices: [{ logprobs: { content: [{ token: 'a', logprob: -1 }] } }] }),
    ],
    ['an empty list', () => ({ choices: [{ logprobs: { content: [{ top_logprobs: [] }] } }] })],
    ['entries without numbers', () => ({ choices: [{ logprobs: { content: [{ top_logprobs: [{ token: 'a' }] }] } }] })], // prettier-ignore
  ])('an answer with %s', async (_, change) => {
    server.always.push(changed(change));
    await expectKdError(() => ask(chatTeacher(options)), 'KD_LOGPROBS_MISSING', 'top_logprobs', '"r-1"');
  });

  it('what is no answer, and says the status', async () => {
    server.always.push(changed(() => ({ error: 'no' })));
    await expectKdError(() => ask(chatTeacher(options)), 'KD_SERVER_ANSWER', 'an object with error');
    server.always[0] = status(400, 'logprobs are not supported');
    await expectKdError(() => ask(chatTeacher(options)), 'KD_SERVER_STATUS', 'logprobs are not supported');
  });

  it.each<[string, unknown]>([
    ['undefined', () => undefined],
    ['an empty text', () => ''],
    ['no messages', () => []],
    ['messages without a role', () => [{ content: 'a' }]],
  ])('a prompt that is %s', async (_, prompt) => {
    const teacher = chatTeacher({ ...options, prompt: prompt as never });
    await expectKdError(() => ask(teacher), 'KD_OPTION_TYPE', 'what options.prompt gives for "r-1"');
  });

  it('a prompt that fails', async () => {
    const prompt = (): string => {
      throw new Error('no such review');
    };
    await expectKdError(() => ask(chatTeacher({ ...options, prompt })), 'KD_TEACHER_FAILED', 'no such review'); // prettier-ignore
  });

  it.each<[string, string, Partial<ChatTeacherOptions>, string]>([
    ['one class', 'KD_OPTION_TYPE', { classes: ['a'] }, 'options.classes'],
    ['a class twice', 'KD_OPTION_TYPE', { classes: ['a', 'b', 'a'] }, 'options.classes'],
    ['tokens of no class', 'KD_OPTION_UNKNOWN', { tokens: { fair: 'fair' } }, 'options.tokens.fair'],
    ['a class without tokens', 'KD_OPTION_TYPE', { tokens: { good: [] } }, 'options.tokens["good"]'],
    ['a token of two classes', 'KD_OPTION_TYPE', { tokens: { good: ['good', 'bad'] } }, '"bad"'],
    ['a share of nothing', 'KD_OPTION_RANGE', { minimumShare: 0 }, 'options.minimumShare'],
  ])('%s', async (_, code, changes, fact) => {
    await expectKdError(() => chatTeacher({ ...options, ...changes }), code, fact);
  });
});
