import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { applied, dense, dropped } from './compose.js';
import { AttentionContext } from './layers/attention-context.js';
import { AttentionScores } from './layers/attention-scores.js';
import { AttentionWeights } from './layers/attention-weights.js';
import { KeptPositions } from './layers/kept-positions.js';
import { RotaryPositions } from './layers/rotary-positions.js';
import type { AttentionSettings } from './options.js';

/** The layers of multi-head attention, between two sequences whose padding is zeros already. */
export function attend(
  from: SymbolicTensor,
  to: SymbolicTensor,
  width: number,
  { name, heads, mask, causal, dropout, rotary, ...drawn }: AttentionSettings,
): SymbolicTensor {
  const projected = (x: SymbolicTensor, part: string): SymbolicTensor =>
    applied(dense(`${name}_${part}`, width, drawn), x);
  const placed = (x: SymbolicTensor, part: string): SymbolicTensor => {
    if (rotary === false) return x;
    const base = rotary === true ? {} : { base: rotary };
    return applied(new RotaryPositions({ name: `${name}_${part}_rotary`, heads, ...base }), x);
  };
  const query = placed(projected(from, 'query'), 'query');
  const key = placed(projected(to, 'key'), 'key');
  const value = projected(to, 'value');
  const scores = applied(new AttentionScores({ name: `${name}_scores`, heads }), query, key);
  const softmax = new AttentionWeights({ name: `${name}_weights`, causal });
  const weights = mask === undefined ? applied(softmax, scores) : applied(softmax, scores, mask);
  const taken = dropped(weights, dropout, `${name}_weights_dropout`);
  const context = applied(new AttentionContext({ name: `${name}_context` }), taken, value);
  return projected(context, 'projection');
}

/** A sequence with zeros in place of its padding, if a mask says where that is. */
export function kept(x: SymbolicTensor, mask: SymbolicTensor | undefined, name: string): SymbolicTensor {
  return mask === undefined ? x : applied(new KeptPositions({ name: `${name}_kept` }), x, mask);
}
