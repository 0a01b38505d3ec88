import { either, fn, list, numberIn, optionsOf, record, text, whole } from '@kd/core';
import type { Teacher } from '@kd/core';
import { tensor } from '@tensorflow/tfjs-core';
import { failed } from '../failed.js';
import { fingerprintOfTexts } from '../fingerprint.js';
import { idsOf } from '../ids-of-batch.js';
import { classNames } from '../outputs/class-names.js';
import { askedOnce } from './asked-once.js';
import { entriesOfChat } from './chat-entries.js';
import { logitsOfClasses } from './class-logits.js';
import { classesByToken } from './class-tokens.js';
import type { TokensOfClasses } from './class-tokens.js';
import { messagesOf } from './messages.js';
import type { ChatPrompt } from './messages.js';
import { serverAt } from './server.js';
import { serverOptions } from './server-options.js';
import type { ServerOptions } from './server-options.js';
import { teacherOfServer } from './server-teacher.js';

/** Options of `chatTeacher`. */
export interface ChatTeacherOptions extends ServerOptions {
  /** What to ask about the example of an id. The `fingerprint` must change with it. */
  readonly prompt: (id: string) => ChatPrompt | Promise<ChatPrompt>;
  /** The names of the classes, in the student's order. */
  readonly classes: readonly string[];
  /** The first token or tokens of an answer that names a class; default: the name of the class. */
  readonly tokens?: TokensOfClasses;
  /** How many tokens to ask the server for; default 20, the most that OpenAI allows. */
  readonly topLogprobs?: number;
  /** The least probability of all classes together; default 0.5. */
  readonly minimumShare?: number;
}

const chatTeacherOptions = optionsOf<ChatTeacherOptions>()({
  ...serverOptions.fields,
  prompt: fn<ChatTeacherOptions['prompt']>(),
  classes: classNames,
  tokens: record(either(text, list(text))).default({}),
  topLogprobs: whole(1).default(20),
  minimumShare: numberIn('a number > 0 and <= 1', (x) => x > 0 && x <= 1).default(0.5),
});

const where = 'chatTeacher';
const output = 'output';

/**
 * A language model behind `/chat/completions` of a server that speaks OpenAI's protocol, as a classifier: it
 * is asked about each example, and the probabilities of its first token are those of the classes.
 *
 * With `max_tokens: 1`, `logprobs` and `top_logprobs` the server gives the most likely first tokens. Those of
 * a class are added, `p_c = sum_tokens p`, and the logits are `log(p_c / sum_c p_c)`, which lose nothing that
 * the server gives. A class without a token among them gets the logit -1e4: a probability of 0 in float32 at
 * every T up to 96. Each id is asked once; its answer is kept until `dispose`.
 *
 * @param options the server, the model, the prompt of each id, and the classes with their tokens
 * @returns a `Teacher` without taps; its output is `output`, logits `[B, N]` with the names of the classes
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`. `predict` rejects with `KD_TERM_NEEDS`
 *   for a batch without ids; `KD_SERVER_STATUS`, `KD_TEACHER_TIMEOUT`, `KD_TEACHER_FAILED` (no connection, or
 *   the error of `prompt`) and `KD_SERVER_ANSWER` (no JSON) when the last retry fails; `KD_LOGPROBS_MISSING`;
 *   `KD_CLASSES_SHARE` if the classes together have less than `minimumShare`; `KD_BUDGET_SPENT`;
 *   `KD_OUTPUT_UNKNOWN`, and immediately with the reason of an aborted signal; it and `describe` reject with
 *   `KD_TAP_UNKNOWN` for any tap
 *
 * @example
 * ```ts no-run
 * // There is no such server here.
 * import { chatTeacher } from '@kd/teacher/completions';
 * const reviews = new Map([['r-1', 'Two hours that I will never get back.']]);
 * const teacher = chatTeacher({
 *   url: 'https://api.openai.com/v1',
 *   model: 'gpt-4.1-mini-2025-04-14',
 *   apiKey: 'sk-...',
 *   fingerprint: 'prompt v1',
 *   prompt: (id) => `Is this review good or bad? Answer with one word.\n\n${reviews.get(id)}`,
 *   classes: ['bad', 'good'],
 *   tokens: { bad: ['bad', 'Bad', ' bad'], good: ['good', 'Good', ' good'] },
 * });
 * console.log((await teacher.describe({ taps: [] })).outputs['output']?.classes);
 * // [ 'bad', 'good' ]
 * ```
 */
export function chatTeacher(options: ChatTeacherOptions): Teacher {
  const settings = chatTeacherOptions.read(where, options);
  const { classes, tokens, topLogprobs, minimumShare, model, request, prompt } = settings;
  const classOf = classesByToken(where, classes, tokens);
  const send = serverAt(where, 'chat/completions', settings, settings);
  const asked = askedOnce<Float32Array>(settings.concurrency);
  const hashed = JSON.stringify([classes, [...classOf], topLogprobs, minimumShare, request]);

  async function ask(id: string, signal: AbortSignal): Promise<Float32Array> {
    const messages = messagesOf(where, id, await promptOf(prompt, id));
    const fields = { messages, max_tokens: 1, logprobs: true, top_logprobs: topLogprobs, temperature: 1 };
    // Only the server knows how many tokens a text has.
    const body = await send(fields, 0, signal);
    const place = { where, answer: `the answer for ${JSON.stringify(id)}` };
    return logitsOfClasses(place, entriesOfChat(place, body), classOf, classes.length, minimumShare);
  }

  return teacherOfServer({
    where,
    outputs: { [output]: { convention: 'logits', shape: [null, classes.length], classes } },
    fingerprint: fingerprintOfTexts([where, model, hashed, settings.fingerprint]),
    answer: async (batch, _wanted, signal) => {
      const ids = idsOf(where, batch);
      const questions = ids.map((id) => ({ key: id, ask: (unwanted: AbortSignal) => ask(id, unwanted) }));
      const rows = await asked.answers(questions, signal);
      const values = new Float32Array(rows.length * classes.length);
      for (const [row, logits] of rows.entries()) values.set(logits, row * classes.length);
      return { [output]: tensor(values, [rows.length, classes.length]) };
    },
    dispose: asked.forget,
  });
}

async function promptOf(prompt: ChatTeacherOptions['prompt'], id: string): Promise<unknown> {
  try {
    return await prompt(id);
  } catch (error) {
    throw failed(where, `options.prompt for ${JSON.stringify(id)}`, error, 'See the cause of this error.');
  }
}
