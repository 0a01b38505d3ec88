import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { attend, kept } from './attend.js';
import { checkHeads, checkMask, widthOf } from './inputs.js';
import { attentionOptions } from './options.js';
import type { MultiHeadAttentionOptions } from './options.js';

/**
 * Attention of several heads, `concat_h(softmax(Q_h K_hᵀ / sqrt(d)) V_h) W + b` (Vaswani et al. 2017, section
 * 3.2), as the layers that compute it.
 *
 * Each inner value is the output of a layer whose name follows from `name`, for `model.getLayer` and taps:
 * `_query`, `_key`, `_value`, the projections; `_scores`, `[B, H, Lq, Lk]` before mask and softmax;
 * `_weights`, after them; `_context`, the heads side by side; `_projection`, what is returned. With `rotary`
 * there are `_query_rotary` and `_key_rotary`, with `mask` `_kept`, with `dropout` `_weights_dropout`. The
 * projections and the dropout are stock layers.
 *
 * Padding counts as zeros: what stands there, NaN too, changes no output.
 *
 * @param query the sequence that attends, `[B, Lq, D]`, with D a multiple of `heads`
 * @param options name, heads, the sequence to attend to, mask, causal, dropout, rotary, biases and seed
 * @returns `[B, Lq, D]`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`; `KD_TENSOR_SHAPE` for sequences or a mask
 *   that do not fit
 *
 * @example
 * ```ts
 * import { multiHeadAttention } from '@kd/attention';
 * import * as tf from '@tensorflow/tfjs-layers';
 * const x = tf.input({ shape: [5, 8] });
 * const y = multiHeadAttention(x, { name: 'self', heads: 2, causal: true });
 * const model = tf.model({ inputs: x, outputs: y });
 * console.log(y.shape.join(), model.layers.map(({ name }) => name).slice(1).join(' '));
 * // ,5,8 self_query self_key self_scores self_weights self_value self_context self_projection
 * ```
 */
export function multiHeadAttention(
  query: SymbolicTensor,
  options: MultiHeadAttentionOptions,
): SymbolicTensor {
  const where = 'multiHeadAttention';
  const width = widthOf({ where, argument: 'query' }, query);
  const settings = attentionOptions.read(where, options);
  const { keyValue, mask, name, heads, rotary } = settings;
  if (keyValue !== undefined) widthOf({ where, argument: 'options.keyValue' }, keyValue);
  checkMask(where, mask, keyValue ?? query);
  checkHeads(where, heads, width, rotary !== false);
  const to = kept(keyValue ?? query, mask, name);
  return attend(keyValue === undefined ? to : query, to, width, settings);
}
