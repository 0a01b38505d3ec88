import { dispose, tensor2d, zeros } from '@tensorflow/tfjs-core';
import type { NumericDataType, Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  checkShape,
  describeShape,
  fn,
  fraction,
  KdError,
  optionFault,
  optionsOf,
  subSeed,
  tensorsOfBatch,
  whole,
} from '@kd/core';
import type { Batch } from '@kd/core';
import type { BatchStream } from '@kd/data';
import { modelOutputs } from '@kd/model';
import { generate, languageModelOptions } from './generate.js';
import type { LanguageModelOptions } from './generate.js';

/** Options of `onPolicy`. */
export interface OnPolicyOptions extends LanguageModelOptions {
  /** λ, the share of the batches that the student writes itself, in [0, 1]; GKD uses 0.5 and 1. */
  readonly share: number;
  /** How many tokens of each sequence the student is given, a whole number >= 1. */
  readonly promptLength: number;
}

const where = 'onPolicy';
const onPolicyOptions = optionsOf<OnPolicyOptions>()({
  ...languageModelOptions.fields,
  share: fraction,
  promptLength: whole(1),
});

/**
 * A stream in which the student writes some of the batches itself, so that it learns from a teacher what to
 * do after its own mistakes: on-policy distillation (Agarwal et al. 2024, GKD, algorithm 1).
 *
 * With probability λ, a batch `[B, L]` keeps the first tokens of each sequence, and the student of that
 * moment draws the others and the one after the last. In such a batch only the positions from the last given
 * token on count (`mask`). Its targets are the drawn tokens, but `labelled` is 0, because terms on labels
 * have nothing to learn there; it has no ids, because no stored answer belongs to it: the teacher must be
 * asked. No gradient flows through the draws. They depend on the epoch's seed, the number of the batch and
 * the weights, so a training resumes bit for bit.
 *
 * @param student a model with one input, tokens `[B, L]`, and logits or probabilities `[B, L, V]`
 * @param stream batches with one input, tokens int32 or float32 `[B, L]`
 * @param options λ, length of the prompts, sampling, convention, cache
 * @returns a `BatchStream` for `train`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`, `KD_MODEL_CONVENTION`,
 *   `KD_MODEL_UNSUPPORTED`; when it is read, `KD_TENSOR_SHAPE` for other batches, `KD_OPTION_RANGE` for
 *   prompts that are longer than a sequence or reach into its padding, and what `generate` throws
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { onPolicy } from '@kd/sequences';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 * // A model that finds token i + 1 likely after token i.
 * const after = layers.embedding({ inputDim: 4, outputDim: 4, inputShape: [null], trainable: false });
 * const student = sequential({ layers: [after] });
 * after.setWeights([tensor2d([[0, 9, 0, 0], [0, 0, 9, 0], [0, 0, 0, 9], [9, 0, 0, 0]])]);
 * const texts = () => [{ inputs: { tokens: tensor2d([[1, 1, 1, 1]], [1, 4], 'int32') } }];
 * const stream = onPolicy(student, texts, { share: 1, promptLength: 2, topK: 1 });
 * for await (const { inputs, mask } of stream({ epoch: 0, seed: 1, skip: 0 }))
 *   console.log(await inputs['tokens']?.array(), await mask?.array());
 * // [ [ 1, 1, 2, 3 ] ] [ [ 0, 1, 1, 1 ] ]
 * ```
 */
export function onPolicy(student: LayersModel, stream: BatchStream, options: OnPolicyOptions): BatchStream {
  const { share, promptLength, ...sampling } = onPolicyOptions.read(where, options);
  modelOutputs(where, 'student', student, sampling.convention);
  const given = fn<BatchStream>('a function that returns batches').read(
    { where, argument: 'stream' },
    stream,
  );
  return async function* (context) {
    let index = context.skip;
    for await (const batch of given(context)) {
      const isWritten = subSeed(context.seed, 'whether to write', index) * 2 ** -31 < share;
      const seed = subSeed(context.seed, 'written', index);
      index += 1;
      yield isWritten ? await written(student, batch, promptLength, { ...sampling, seed }) : batch;
    }
  };
}

type Sequences = readonly (readonly number[])[];

/** A batch that the student writes, in place of one that is disposed. */
async function written(
  student: LayersModel,
  batch: Batch,
  promptLength: number,
  sampling: LanguageModelOptions & { readonly seed: number },
): Promise<Batch> {
  try {
    const [name, given] = tokensOf(batch);
    const length = given.shape[1] as number;
    const prompts = rowsOf(await given.data(), length).map((row) => row.slice(0, promptLength));
    await checkPrompts(batch, promptLength, length);
    const added = await generate(student, prompts, { ...sampling, maxTokens: length + 1 - promptLength });
    const sequences = prompts.map((prompt, row) => [...prompt, ...(added[row] ?? [])]);
    const from = (start: number, dtype: NumericDataType): Tensor =>
      tensor2d(sequences.flatMap((row) => row.slice(start, start + length)), given.shape as [number, number], dtype); // prettier-ignore
    const targets = Object.entries(batch.targets ?? {}).map(([of, target]) => {
      checkShape(where, `the target ${JSON.stringify(of)}`, target, given.shape);
      return [of, from(1, 'int32')] as const;
    });
    return {
      inputs: { [name]: from(0, given.dtype as NumericDataType) },
      ...(targets.length > 0 && {
        targets: Object.fromEntries(targets),
        labelled: zeros([sequences.length]),
      }),
      mask: maskFrom(promptLength - 1, sequences, length),
      ...(batch.sampleWeight && { sampleWeight: batch.sampleWeight.clone() }),
    };
  } finally {
    dispose(tensorsOfBatch(batch));
  }
}

/** The only input, tokens `[B, L]`. */
function tokensOf({ inputs }: Batch): [string, Tensor] {
  const [first, ...others] = Object.entries(inputs);
  if (first?.[1].rank === 2 && others.length === 0) return first;
  throw new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument: 'the inputs of a batch',
    expected: 'tokens [B, L] alone',
    received: Object.entries(inputs)
      .map(([name, { shape }]) => `${name} ${describeShape(shape)}`)
      .join(', '),
    remedy: 'Give the stream one input, the tokens of the sequences.',
  });
}

/** Throws unless each prompt is part of its sequence. */
async function checkPrompts({ mask }: Batch, promptLength: number, length: number): Promise<void> {
  const kept = mask === undefined ? [] : rowsOf(await mask.data(), length);
  const shortest = Math.min(length, ...kept.map((row) => row.indexOf(0)).filter((count) => count >= 0));
  if (promptLength <= shortest) return;
  throw optionFault(
    'RANGE',
    { where, argument: 'options.promptLength' },
    `at most ${String(shortest)}, the tokens of the shortest sequence of a batch`,
    promptLength,
    'Shorten the prompts, or leave out shorter sequences.',
  );
}

function maskFrom(start: number, sequences: Sequences, length: number): Tensor {
  const row = Array.from({ length }, (_, position) => (position < start ? 0 : 1));
  return tensor2d(
    sequences.map(() => row),
    [sequences.length, length],
  );
}

function rowsOf(values: ArrayLike<number>, length: number): number[][] {
  const rows = Array.from({ length: values.length / length }, (_, row) => row);
  return rows.map((row) => Array.from({ length }, (_, at) => values[row * length + at] as number));
}
