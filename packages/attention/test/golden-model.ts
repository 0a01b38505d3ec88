import { goldenFile } from '@kd/testing';
import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, model } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { multiHeadAttention, transformerBlock } from '../src/index.js';

type Numbers = readonly (number | Numbers)[];
type Named = Readonly<Record<string, Numbers>>;

/** What PyTorch computed. */
export interface AttentionCase {
  readonly name: string;
  readonly of: 'multiHeadAttention' | 'transformerBlock';
  readonly params: { readonly heads: number };
  readonly inputs: Named;
  readonly weights: Named;
  readonly slopes: Numbers;
  readonly expected: {
    readonly y: Numbers;
    readonly attentionWeights?: Numbers;
    readonly queryRotary?: Numbers;
    readonly gradients: Named;
  };
}

const file = goldenFile('attention/attention') as { readonly cases: readonly AttentionCase[] };

export const cases: readonly AttentionCase[] = file.cases;

export const asTensor = (numbers: Numbers): Tensor => tensor(numbers as never);

/** The model of a case, with its weights. Its inputs have the names and the order of those of the case. */
export function modelOf({ of, params, inputs, weights }: AttentionCase): LayersModel {
  const symbols = Object.entries(inputs).map(
    ([name, values]) => [name, input({ name, shape: shapeOf(values).slice(1) })] as const,
  );
  const { x, ...others } = Object.fromEntries(symbols);
  const build = of === 'multiHeadAttention' ? multiHeadAttention : transformerBlock;
  const made = model({
    inputs: symbols.map(([, symbol]) => symbol),
    outputs: build(x as NonNullable<typeof x>, { name: 'a', ...params, ...others }),
  });
  for (const weight of made.weights)
    tidy(() => {
      weight.write(asTensor(weights[weight.originalName] as Numbers));
    });
  return made;
}

function shapeOf(numbers: Numbers | number | undefined): number[] {
  return Array.isArray(numbers) ? [numbers.length, ...shapeOf((numbers as Numbers)[0])] : [];
}
