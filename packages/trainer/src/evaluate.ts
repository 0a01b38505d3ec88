import { addN, dispose, mul, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  abortSignal,
  askTeacher,
  conventions,
  describeTeacher,
  optionsOf,
  stepFunctions,
  stepRunner,
  tensorsOfAnswer,
  whole,
} from '@kd/core';
import type { Convention, OutputInfo, StepRunner, Teacher, TeacherAnswer } from '@kd/core';
import { checkBatchSize, checkData, readOnce } from '@kd/data';
import type { Data } from '@kd/data';
import { modelOutputs } from '@kd/model';
import { checkAnswer, convertOutput, student as studentOption } from '@kd/recipe';
import type { Student } from '@kd/recipe';
import { checkLabels, checkWeights, weightError } from './check-held-out.js';
import { checkedOneByOne } from './checked-one-by-one.js';
import type { Measurements } from './history.js';
import { metrics as metricsOption, metricsByOutput } from './metrics-by-output.js';
import type { Metrics } from './metrics-by-output.js';
import { classificationMetrics, valueMetrics } from './metrics.js';
import { pauseEvery } from './pause.js';
import { answersOf, validate } from './validate.js';
import type { Answering } from './validate.js';

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** Default: cross-entropy and accuracy of classes and labels, squared and absolute error of values. */
  readonly metrics?: Metrics;
  /** Examples per batch for data in memory, a whole number >= 1; default 32. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
}

const evaluateOptions = optionsOf<EvaluateOptions>()({
  metrics: metricsOption.optional(),
  batchSize: whole(1).optional(),
  signal: abortSignal.optional(),
});

const where = 'evaluate';

/** Whatever can be judged: its outputs, and how it answers. */
interface Judged {
  readonly outputs: readonly (OutputInfo & { readonly name: string })[];
  readonly answer: Answering;
}

/**
 * Measures a student or a teacher on a data set: `sum w m / sum w` over all examples, or positions, that
 * count.
 *
 * An ensemble answers with the mean of its members' probabilities, or of their values.
 *
 * @param judged a student, `{ model, convention }`, or a teacher
 * @param data examples with labels, each read once
 * @param options metrics, batch size, abort signal
 * @returns the means by name: `loss` and `accuracy`, or `loss` and `absoluteError`; of several outputs
 *   `<output>/loss` and so on, and as `loss` their sum
 * @throws (rejects) `KD_TERM_NEEDS` without labels, `KD_LABEL_RANGE`, `KD_WEIGHT_RANGE`, `KD_INPUT_MISSING`,
 *   `KD_TENSOR_SHAPE`, `KD_DATA_TYPE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`, what the teacher throws, and
 *   the reason of the signal
 *
 * @example
 * ```ts
 * import { evaluate } from '@kd/trainer';
 * import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 * const dense = layers.dense({ units: 2, useBias: false, kernelInitializer: 'identity', inputShape: [2] });
 * const student = { model: sequential({ layers: [dense] }), convention: 'logits' } as const;
 * const data = { inputs: tensor2d([[3, 1], [0, 2]]), labels: tensor1d([0, 0], 'int32') };
 * const { loss, accuracy } = await evaluate(student, data);
 * console.log(loss?.toFixed(4), accuracy);
 * // 1.1269 0.5
 * ```
 */
export async function evaluate(
  judged: Student | Teacher,
  data: Data,
  options: EvaluateOptions = {},
): Promise<Measurements> {
  const { metrics, batchSize, signal } = evaluateOptions.read(where, options);
  checkData(where, 'data', data);
  checkBatchSize(where, 'options.batchSize', batchSize, data);
  const runner = stepRunner(stepFunctions);
  const { outputs, answer } = isTeacher(judged)
    ? await teacherAnswers(judged, signal)
    : studentAnswers(judged, runner);
  const measuredBy = metricsByOutput(where, outputs, metrics);
  const batches = checkedOneByOne(readOnce(where, 'data', data, batchSize ?? 32), async (targets) => {
    await checkWeights(where, targets);
    for (const { output, metric, target } of measuredBy) {
      const info = outputs.find(({ name }) => name === output.name) as OutputInfo;
      if (metric === classificationMetrics || metric === valueMetrics)
        await checkLabels(where, info, target, targets);
    }
  });
  const interruption = { signal, pause: pauseEvery(50), runner };
  const validated = await validate(answer, batches, measuredBy, interruption).finally(() => {
    runner.dispose();
  });
  signal?.throwIfAborted();
  if (validated === undefined || validated.weight > 0) return validated?.measured ?? {};
  throw weightError(where, 'the sum of all weights', '> 0', String(validated.weight));
}

function isTeacher(judged: Student | Teacher): judged is Teacher {
  return typeof (Object(judged) as Partial<Teacher>).predict === 'function' && 'describe' in judged;
}

function studentAnswers(given: Student, runner: StepRunner): Judged {
  const student = studentOption.read({ where, argument: 'judged' }, given);
  return {
    outputs: modelOutputs(where, 'judged', student.model, student.convention),
    answer: answersOf(student, runner),
  };
}

async function teacherAnswers(teacher: Teacher, signal: AbortSignal | undefined): Promise<Judged> {
  const description = await describeTeacher(teacher, { taps: [] });
  const names = Object.keys(description.outputs);
  const described = names.map((name) => ({ name, ...(description.outputs[name] as OutputInfo) }));
  return {
    outputs: described,
    answer: async (batch) => {
      const answer = await askTeacher(teacher, batch, { outputs: names, taps: [], signal });
      checkAnswer(answer, description, batch, { outputs: names, taps: 0 });
      try {
        return tidy(() =>
          Object.fromEntries(
            described.map(({ name, convention }) => [name, mixed(answer, name, convention)]),
          ),
        );
      } finally {
        if (answer.members.length > 1) dispose(tensorsOfAnswer(answer));
      }
    },
  };
}

/**
 * The mean of the members: of probabilities, not of logits, as an ensemble is used. In the same convention.
 */
function mixed({ members }: TeacherAnswer, name: string, convention: Convention): Tensor {
  const outputs = members.map((member) => ({
    output: member.outputs[name] as Tensor,
    weight: member.weight,
  }));
  const [first] = outputs as [(typeof outputs)[number]];
  if (outputs.length === 1) return first.output;
  const { scale, squashing } = conventions[convention];
  const averaged = squashing === 'softmax' ? 'probabilities' : 'sigmoid-probabilities';
  const as = scale === 'values' ? 'values' : averaged;
  const mean = addN(
    outputs.map(({ output, weight }) => mul(convertOutput('teacher', output, convention, as), weight)),
  );
  return scale === 'logits' ? convertOutput('teacher', mean, as, convention) : mean;
}
