import { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { boolean, either, like, numberIn, oneOf, optionsOf, positive, whole } from '@kd/core';
import type { Check, FieldsOf, Options, Settings } from '@kd/core';
import { layerName } from './layer-options.js';

/** Options of `multiHeadAttention`. */
export interface MultiHeadAttentionOptions {
  /** What the names of all its layers begin with. */
  readonly name: string;
  /** Number of heads, a whole number >= 1 that divides the width of the queries. */
  readonly heads: number;
  /** The sequence to attend to, `[B, Lk, Dk]`; default: the queries themselves. */
  readonly keyValue?: SymbolicTensor;
  /** An input `[B, Lk]`: 1 for positions of the sequence to attend to, 0 for padding; default: no padding. */
  readonly mask?: SymbolicTensor;
  /** Whether a position attends to itself and earlier ones only; default false. */
  readonly causal?: boolean;
  /** Share of the attention weights that a training drops, in [0, 1); default 0. */
  readonly dropout?: number;
  /**
   * Whether to rotate queries and keys by their positions; a number is the base of the angles, which is 10000
   * otherwise. Default false.
   */
  readonly rotary?: boolean | number;
  /** Whether the projections have biases; default true. */
  readonly useBias?: boolean;
  /** Seed of the initial weights, a whole number >= 0; default: different ones each time. */
  readonly seed?: number;
}

/** Activations of tfjs-layers that work number by number. */
export type BlockActivation =
  'elu' | 'gelu' | 'linear' | 'mish' | 'relu' | 'relu6' | 'selu' | 'sigmoid' | 'softplus' | 'swish' | 'tanh';

/** Options of `transformerBlock`. */
export interface TransformerBlockOptions extends Omit<MultiHeadAttentionOptions, 'keyValue'> {
  /** Units of the hidden layer, a whole number >= 1; default: four times the width. */
  readonly hidden?: number;
  /** Activation of the hidden layer; default "gelu", by the error function. */
  readonly activation?: BlockActivation;
  /** Whether to normalise what goes into attention and hidden layer, and not the sums; default true. */
  readonly normFirst?: boolean;
  /** What the normalisations add to the variance, a positive number; default 1e-5, as in PyTorch. */
  readonly epsilon?: number;
}

/** A tensor of tfjs-layers without numbers, from `input` or a layer. */
export const symbolic: Check<SymbolicTensor> = like(
  'a symbolic tensor of this copy of @tensorflow/tfjs-layers',
  (x): x is SymbolicTensor => x instanceof SymbolicTensor,
  'Pass what input() or the apply of a layer returns.',
);

const rate = numberIn('a number in [0, 1)', (x) => x >= 0 && x < 1);

/** Describes the options of `multiHeadAttention`. */
export const attentionOptions: Options<
  MultiHeadAttentionOptions,
  FieldsOf<MultiHeadAttentionOptions, 'causal' | 'dropout' | 'rotary' | 'useBias'>
> = optionsOf<MultiHeadAttentionOptions>()({
  name: layerName,
  heads: whole(1),
  keyValue: symbolic.optional(),
  mask: symbolic.optional(),
  causal: boolean.default(false),
  dropout: rate.default(0),
  rotary: either(boolean, positive).default(false),
  useBias: boolean.default(true),
  seed: whole(0).optional(),
});

/** The options of `multiHeadAttention` with the defaults filled in. */
export type AttentionSettings = Settings<typeof attentionOptions.fields>;

/** Describes the options of `transformerBlock`. */
export const blockOptions: Options<
  TransformerBlockOptions,
  FieldsOf<
    TransformerBlockOptions,
    'causal' | 'dropout' | 'rotary' | 'useBias' | 'activation' | 'normFirst' | 'epsilon'
  >
> = optionsOf<TransformerBlockOptions>()({
  ...attentionOptions.without('keyValue').fields,
  hidden: whole(1).optional(),
  activation: oneOf(
    'elu',
    'gelu',
    'linear',
    'mish',
    'relu',
    'relu6',
    'selu',
    'sigmoid',
    'softplus',
    'swish',
    'tanh',
  ).default('gelu'),
  normFirst: boolean.default(true),
  epsilon: positive.default(1e-5),
});
