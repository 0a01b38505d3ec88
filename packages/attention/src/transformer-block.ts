import { layers } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { attend, kept } from './attend.js';
import { applied, dense, dropped } from './compose.js';
import { checkHeads, checkMask, widthOf } from './inputs.js';
import { blockOptions } from './options.js';
import type { TransformerBlockOptions } from './options.js';

/**
 * A block of a transformer: self-attention and a hidden layer, each with a way around it.
 *
 * ```
 * normFirst   h = x + attention(norm(x))      y = h + hidden(norm(h))      GPT-2, ViT
 * otherwise   h = norm(x + attention(x))      y = norm(h + hidden(h))      Vaswani et al. 2017, BERT
 * ```
 *
 * `hidden(x) = W_2 f(W_1 x + b_1) + b_2`. The layer called `name` returns y. The others are named after it:
 * those of `multiHeadAttention`, and `_attention_norm`, `_attention_sum`, `_hidden` and `_feedforward`, which
 * multiply by W_1 and W_2, `_hidden_norm` if `normFirst`, and otherwise `_feedforward_sum`. With `mask` there
 * is `_kept`, with `dropout` there are `_weights_dropout`, `_attention_dropout`, `_hidden_dropout` and
 * `_feedforward_dropout`, where PyTorch drops too.
 *
 * After the last block with `normFirst`, add a normalisation. Padding counts as zeros: what stands there, NaN
 * too, changes no output, and the outputs there are of no use.
 *
 * @param x the sequence, `[B, L, D]`, with D a multiple of `heads`
 * @param options name, heads, hidden units, activation, order of normalisation, epsilon, mask, causal,
 *   dropout, rotary, biases and seed
 * @returns `[B, L, D]`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`; `KD_TENSOR_SHAPE` for a sequence or a
 *   mask that does not fit
 *
 * @example
 * ```ts
 * import { transformerBlock } from '@kd/attention';
 * import * as tf from '@tensorflow/tfjs-layers';
 * const [x, mask] = [tf.input({ shape: [5, 8] }), tf.input({ shape: [5] })];
 * const y = transformerBlock(x, { name: 'block_1', heads: 2, mask });
 * const model = tf.model({ inputs: [x, mask], outputs: y });
 * console.log(y.shape.join(), model.countParams(), model.getLayer('block_1_scores').outputShape);
 * // ,5,8 872 [ null, 2, 5, 5 ]
 * ```
 */
export function transformerBlock(x: SymbolicTensor, options: TransformerBlockOptions): SymbolicTensor {
  const where = 'transformerBlock';
  const width = widthOf({ where, argument: 'x' }, x);
  const settings = blockOptions.read(where, options);
  const { name, heads, mask, dropout, rotary, hidden = 4 * width, activation, normFirst, epsilon } = settings;
  checkMask(where, mask, x);
  checkHeads(where, heads, width, rotary !== false);
  const norm = (of: string): layers.Layer => layers.layerNormalization({ name: of, epsilon });
  const sum = (of: string): layers.Layer => layers.add({ name: of });
  const attention = (given: SymbolicTensor): SymbolicTensor =>
    dropped(attend(given, given, width, settings), dropout, `${name}_attention_dropout`);
  const feedforward = (given: SymbolicTensor): SymbolicTensor => {
    const wide = applied(dense(`${name}_hidden`, hidden, settings, activation), given);
    const drawn = dropped(wide, dropout, `${name}_hidden_dropout`);
    const narrow = applied(dense(`${name}_feedforward`, width, settings), drawn);
    return dropped(narrow, dropout, `${name}_feedforward_dropout`);
  };

  const start = kept(x, mask, name);
  if (normFirst) {
    const attended = attention(applied(norm(`${name}_attention_norm`), start));
    const between = applied(sum(`${name}_attention_sum`), start, attended);
    return applied(sum(name), between, feedforward(applied(norm(`${name}_hidden_norm`), between)));
  }
  const attended = applied(sum(`${name}_attention_sum`), start, attention(start));
  const between = applied(norm(`${name}_attention_norm`), attended);
  return applied(norm(name), applied(sum(`${name}_feedforward_sum`), between, feedforward(between)));
}
