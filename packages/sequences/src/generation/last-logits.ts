import { dispose, log, squeeze, slice, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describeShape, KdError } from '@kd/core';
import { forward, forwardNext } from '@kd/model';
import type { SeenSequence } from '@kd/model';

/** What generates sequences with a model. */
export interface Generator {
  /** Adds tokens to the sequences, equally many to each, and returns the logits for what comes next. */
  readonly next: (tokens: readonly (readonly number[])[]) => Promise<Float32Array[]>;
  readonly dispose: () => void;
}

/** A model whose outputs are next tokens' logits, or their probabilities. */
export interface LanguageModel {
  readonly model: LayersModel;
  readonly convention: 'logits' | 'probabilities';
}

/** Runs the model on the new tokens alone, and keeps what attention needs of the others. */
export function generatorWithMemory(where: string, of: LanguageModel): Generator {
  let seen: SeenSequence | undefined;
  const forget = (): void => {
    if (seen !== undefined) dispose(seen.kept);
    seen = undefined;
  };
  return {
    next: (tokens) => {
      const next = tidy(() => {
        const run = forwardNext(of.model, tensorOf(tokens), seen);
        return { logits: lastOf(where, of, run.outputs[0]), seen: run.seen };
      });
      forget();
      seen = next.seen;
      return rowsOf(where, next.logits);
    },
    dispose: forget,
  };
}

/** Runs the model on whole sequences each time. */
export function generatorWithoutMemory(where: string, of: LanguageModel): Generator {
  let sequences: readonly (readonly number[])[] = [];
  return {
    next: (tokens) => {
      sequences = tokens.map((added, row) => [...(sequences[row] ?? []), ...added]);
      const logits = tidy(() =>
        lastOf(where, of, forward(of.model, [tensorOf(sequences)], { training: false }).outputs[0]),
      );
      return rowsOf(where, logits);
    },
    dispose: () => {
      sequences = [];
    },
  };
}

function tensorOf(tokens: readonly (readonly number[])[]): Tensor {
  return tensor2d(tokens.flat(), [tokens.length, tokens[0]?.length ?? 0], 'int32');
}

/** `[B, V]` from `[B, L, V]`: the logits after the last token. */
function lastOf(where: string, { model, convention }: LanguageModel, output: Tensor | undefined): Tensor {
  const [batch, length, classes] = output?.shape ?? [];
  if (
    output === undefined ||
    batch === undefined ||
    length === undefined ||
    classes === undefined ||
    output.rank !== 3
  ) {
    throw new KdError({
      code: 'KD_MODEL_UNSUPPORTED',
      where,
      argument: 'model',
      expected: 'a model whose output is [B, L, V], numbers of V tokens for each of L positions',
      received: `${describeShape(output?.shape ?? [])} from ${JSON.stringify(model.name)}`,
      remedy: 'Return the output of every position.',
    });
  }
  const last = squeeze(slice(output, [0, length - 1, 0], [batch, 1, classes]), [1]);
  return convention === 'logits' ? last : log(last);
}

async function rowsOf(where: string, logits: Tensor): Promise<Float32Array[]> {
  const [batch = 0, classes = 0] = logits.shape;
  try {
    const values = await logits.data<'float32'>();
    const rows = Array.from({ length: batch }, (_, row) => values.slice(row * classes, (row + 1) * classes));
    for (const [row, numbers] of rows.entries()) checkDrawable(where, row, numbers);
    return rows;
  } finally {
    logits.dispose();
  }
}

/** Throws unless something can be drawn: -Infinity rules a token out, NaN and Infinity say nothing. */
function checkDrawable(where: string, prompt: number, logits: Float32Array): void {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  if (Number.isFinite(largest)) return;
  throw new KdError({
    code: 'KD_LOGITS_NOT_FINITE',
    where,
    argument: `the logits of the model after prompt ${String(prompt)}`,
    expected: 'numbers or -Infinity, at least one of them finite',
    received: String(largest),
    remedy: 'Check the weights of the model, and whether each token has a row in its embedding.',
  });
}
