import { fn, optionFault, optionsOf, text, whole } from '@kd/core';
import type { OutputInfo, Teacher } from '@kd/core';
import { fingerprintOfTexts } from '../fingerprint.js';
import { askedOnce } from './asked-once.js';
import { entriesOfCompletion } from './completion-entries.js';
import { rowOf, tensorsOfRows, topNames } from './completion-rows.js';
import type { CompletionRow } from './completion-rows.js';
import { idOfPlaceholder } from './echoed-tokens.js';
import { serverAt } from './server.js';
import { teacherOfServer } from './server-teacher.js';
import { serverOptions } from './server-options.js';
import type { ServerOptions } from './server-options.js';
import { tokenRows } from './token-rows.js';
import { topOfEntries } from './top-of-entries.js';

/** Options of `completionsTeacher`. */
export interface CompletionsTeacherOptions extends ServerOptions {
  /** k, the number of classes at each position, below `vocabulary`. */
  readonly topK: number;
  /** N, the number of the student's classes. */
  readonly vocabulary: number;
  /** How many tokens to ask the server for, at least k; default k. */
  readonly logprobs?: number;
  /**
   * The student's class of a token, or undefined if it has none. Default: `token_id:7` is class 7, as vLLM
   * writes a token with `return_tokens_as_token_ids`.
   */
  readonly idOf?: (token: string) => number | undefined;
  /** The name of the input with the token ids, if there are several; default `tokens`. */
  readonly input?: string;
  /** The name of the student's output; default `output`. */
  readonly output?: string;
  /** Most tokens that this teacher sends and has made, with all retries; default: no limit. */
  readonly maxTokens?: number;
}

const completionsTeacherOptions = optionsOf<CompletionsTeacherOptions>()({
  ...serverOptions.fields,
  topK: whole(1),
  vocabulary: whole(2),
  logprobs: whole(1).optional(),
  idOf: fn<(token: string) => number | undefined>().optional(),
  input: text.default('tokens'),
  output: text.optional(),
  maxTokens: whole(1).optional(),
});

const where = 'completionsTeacher';

/**
 * A language model behind `/completions` of a server that speaks OpenAI's protocol, as a teacher of
 * sequences: at each position the k most likely next tokens, as `softTargetFromTop` reads them.
 *
 * Each example is a prompt of token ids, up to the last position that counts in the mask of the batch, and is
 * sent once, with `echo`, `max_tokens: 1` and `logprobs`. Position t of the outputs is about token t + 1,
 * like position t of a student; the one after the last token is what the server adds. All probability that
 * the k classes do not have belongs to the other classes together, tokens without a class of the student
 * included. Answers are kept by token ids until `dispose`: 8k + 4 bytes per position. The probabilities are
 * those at T = 1.
 *
 * @param options the server, the model, the number of classes and how to ask
 * @returns a `Teacher` without taps, with the outputs of values `output/top`, int32 `[B, L, k]`, largest
 *   first; `output/log-probabilities`, `[B, L, k]`; `output/log-remaining`, `[B, L]`, at least -103
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`. `predict` rejects with `KD_INPUT_MISSING`,
 *   `KD_TENSOR_TYPE`, `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE` for the batch; `KD_SERVER_STATUS`,
 *   `KD_TEACHER_TIMEOUT`, `KD_TEACHER_FAILED` (no connection) and `KD_SERVER_ANSWER` (no JSON) when the last
 *   retry fails; `KD_LOGPROBS_MISSING`, `KD_TOKENS_DIFFER`, `KD_TOKEN_UNKNOWN` (fewer than k tokens have a
 *   class) and `KD_PROBABILITY_RANGE` for an answer; `KD_BUDGET_SPENT`; `KD_OUTPUT_UNKNOWN`, and immediately
 *   with the reason of an aborted signal; it and `describe` reject with `KD_TAP_UNKNOWN` for any tap
 *
 * @example
 * ```ts no-run
 * // There is no such server here.
 * import { completionsTeacher } from '@kd/teacher/completions';
 * const teacher = completionsTeacher({
 *   url: 'http://localhost:8000/v1',
 *   model: 'Qwen/Qwen2.5-0.5B',
 *   fingerprint: 'revision 060db64, vLLM 0.11, bfloat16',
 *   topK: 20,
 *   vocabulary: 151_936,
 *   request: { return_tokens_as_token_ids: true },
 * });
 * console.log((await teacher.describe({ taps: [] })).outputs['output/top']?.shape);
 * // [ null, null, 20 ]
 * ```
 */
export function completionsTeacher(options: CompletionsTeacherOptions): Teacher {
  const settings = completionsTeacherOptions.read(where, options);
  const { topK, vocabulary, logprobs = topK, idOf = idOfPlaceholder, input, output } = settings;
  checkBetween('topK', topK, 1, vocabulary - 1);
  checkBetween('logprobs', logprobs, topK, Infinity);
  const send = serverAt(where, 'completions', settings, settings);
  const asked = askedOnce<CompletionRow>(settings.concurrency);
  const names = topNames(output);
  const valuesOf = (...shape: (number | null)[]): OutputInfo => ({ convention: 'values', shape });
  const infos = {
    [names.classes]: valuesOf(null, null, topK),
    [names.logProbabilities]: valuesOf(null, null, topK),
    [names.logRemaining]: valuesOf(null, null),
  };
  const hashed = [where, settings.model, JSON.stringify([topK, vocabulary, logprobs, settings.request])];
  const fingerprint = fingerprintOfTexts([...hashed, settings.fingerprint]);

  async function ask(tokens: Int32Array, answer: string, signal: AbortSignal): Promise<CompletionRow> {
    if (tokens.length === 0) return rowOf([]);
    const fields = { prompt: Array.from(tokens), echo: true, max_tokens: 1, logprobs, temperature: 1 };
    const body = await send(fields, tokens.length + 1, signal);
    const entries = entriesOfCompletion({ where, answer }, body, tokens);
    const top = { topK, logprobs, vocabulary, idOf };
    return rowOf(entries.map((each, position) => topOfEntries({ where, answer }, each, position, top)));
  }

  return teacherOfServer({
    where,
    outputs: infos,
    fingerprint,
    answer: async (batch, wanted, signal) => {
      const { rows, length } = await tokenRows(where, batch, input);
      const questions = rows.map((tokens, row) => ({
        key: tokens.join(),
        ask: (unwanted: AbortSignal) => ask(tokens, answerFor(batch.ids?.[row], row), unwanted),
      }));
      const answers = await asked.answers(questions, signal);
      return tensorsOfRows(answers, length, topK, names, wanted);
    },
    dispose: asked.forget,
  });
}

function answerFor(id: string | undefined, row: number): string {
  return `the answer for ${id === undefined ? `row ${String(row)}` : JSON.stringify(id)}`;
}

function checkBetween(option: 'topK' | 'logprobs', value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  const expected =
    most === Infinity ? `at least topK, ${String(least)}` : `below vocabulary, ${String(most + 1)}`;
  throw optionFault(
    'RANGE',
    { where, argument: `options.${option}` },
    expected,
    value,
    'The classes that are not among the k share the remaining probability.',
  );
}
