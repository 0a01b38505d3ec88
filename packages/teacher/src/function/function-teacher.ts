import { boolean, fn, nested, optionsOf, text, whole } from '@kd/core';
import type { OutputInfo, Teacher } from '@kd/core';
import { nameOfTap } from '../choose-name.js';
import { answerCheck } from '../outputs/check-answer.js';
import { describeOutput } from '../outputs/described.js';
import { readStated, statedOutputs } from '../outputs/stated.js';
import type { StatedOutputs } from '../outputs/stated.js';
import { checkWanted } from '../outputs/wanted.js';
import { delay, longestWait, timeUpTo } from '../waits.js';
import { answerTensors, releaseAnswer } from './answer-tensor.js';
import type { FunctionAnswer, NamedFunctionAnswer } from './answer-tensor.js';
import { calls } from './ask.js';
import type { Call } from './ask.js';

/** Options of `functionTeacher`; each output needs its `shape` or `classes`. */
export interface FunctionTeacherOptions extends StatedOutputs {
  /**
   * A text that changes whenever the answers do, such as the name and version of the model behind the
   * function.
   */
  readonly fingerprint: string;
  /** Whether equal inputs give equal answers during the whole run; default true. */
  readonly frozen?: boolean;
  /** Number of simultaneous calls, including those that timed out and have not ended yet; default 1. */
  readonly concurrency?: number;
  /**
   * How often a call that failed or timed out is repeated; default 0. A `TypeError` that does not come from
   * the network is not retried: it is a bug in the function.
   */
  readonly retries?: number;
  /** Milliseconds before the first retry, doubled before each further one, below 2^31; default 1000. */
  readonly retryDelayMs?: number;
  /**
   * Time limit of one call in milliseconds from its turn, below 2^31; default: no limit. A call that timed
   * out keeps its place until it ends: end it at its `signal`.
   */
  readonly timeoutMs?: number;
  /** Most calls in a period, including retries; default: no limit. */
  readonly rate?: { readonly calls: number; readonly seconds: number };
}

const rateOptions = optionsOf<NonNullable<FunctionTeacherOptions['rate']>>()({
  calls: whole(1),
  seconds: timeUpTo(longestWait / 1000),
});
const functionTeacherOptions = optionsOf<FunctionTeacherOptions>()({
  ...statedOutputs.fields,
  fingerprint: text,
  frozen: boolean.default(true),
  concurrency: whole(1).default(1),
  retries: whole(0).default(0),
  retryDelayMs: delay.default(1000),
  timeoutMs: timeUpTo(longestWait).optional(),
  rate: nested(rateOptions).optional(),
});

const where = 'functionTeacher';

/**
 * A teacher from any function from a batch to rows: a server, another process, a model of another library.
 *
 * @param call returns the rows of a batch, in the order of its examples, or a promise of them; with
 *   conventions by name, an object of rows by name: `{ boxes: ..., classes: ... }`. Its second argument has a
 *   `signal` that is aborted with the training and at the time limit. The teacher owns the tensors that it
 *   returns
 * @param options the convention, or conventions by name, `shape` or `classes`, a fingerprint, and how to call
 *   the function
 * @returns a `Teacher` without taps
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`, `KD_CLASSES_MISMATCH`. `predict` rejects
 *   with `KD_TEACHER_TIMEOUT`, with `KD_TEACHER_FAILED` when the last retry fails (its `cause` is the
 *   function's error), with `KD_TEACHER_OUTPUT` and `KD_TENSOR_DTYPE` for rows that contradict the
 *   description, with what `checkConvention` finds (in every answer of arrays, in the first of tensors), and
 *   with `KD_OUTPUT_UNKNOWN`, and immediately with the reason of an aborted signal; it and `describe` reject
 *   with `KD_TAP_UNKNOWN` for any tap
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { functionTeacher } from '@kd/teacher/function';
 * import { ones } from '@tensorflow/tfjs-core';
 * const teacher = functionTeacher(({ ids = [] }) => ids.map((id) => [id.length, 0]), {
 *   convention: 'logits',
 *   classes: ['long', 'short'],
 *   fingerprint: 'length of the id, v1',
 *   retries: 3,
 *   timeoutMs: 10_000,
 * });
 * const batch = { inputs: { x: ones([2, 1]) }, ids: ['a', 'abcd'] };
 * const { members } = await teacher.predict(batch, { outputs: ['output'], taps: [] });
 * console.log(await members[0]?.outputs['output']?.array());
 * // [ [ 1, 0 ], [ 4, 0 ] ]
 * ```
 */
export function functionTeacher(
  call: Call<FunctionAnswer | NamedFunctionAnswer>,
  options: FunctionTeacherOptions,
): Teacher {
  fn().read({ where, argument: 'call' }, call);
  const settings = functionTeacherOptions.read(where, options);
  const { fingerprint, frozen, convention } = settings;
  const infos = Object.fromEntries(
    readStated(where, settings).map((stated) => [stated.name, describeOutput(where, stated)]),
  );
  const check = answerCheck(where);
  const ask = calls(where, call, settings, releaseAnswer);
  const noTaps = 'a tap, but a function has none';
  return {
    describe: ({ taps }) =>
      Promise.resolve().then(() => ({
        outputs: infos,
        taps: taps.map((tap) => ({ shape: [nameOfTap(where, tap, [], noTaps).length] })),
        fingerprint,
        frozen,
      })),
    predict: async (batch, { outputs, taps, signal }) => {
      signal?.throwIfAborted();
      for (const tap of taps) nameOfTap(where, tap, [], noTaps);
      checkWanted(where, outputs, Object.keys(infos));
      if (outputs.length === 0) return { members: [], taps: [] };
      const answer = await ask(batch, signal);
      const wanted = Object.fromEntries(outputs.map((name) => [name, infos[name] as OutputInfo]));
      const named = await answerTensors(
        { where, batch, check },
        answer,
        wanted,
        typeof convention !== 'string',
      );
      return { members: [{ outputs: named, weight: 1 }], taps: [] };
    },
  };
}
