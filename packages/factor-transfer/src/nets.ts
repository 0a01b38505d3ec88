import { defineModule, subSeed } from '@kd/core';
import type { Module, Shape, TapPairReads } from '@kd/core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { Sequential } from '@tensorflow/tfjs-layers';

/** Finds the factors of the teacher's map, and the map of the factors. */
export type Paraphraser = Readonly<Record<'encoder' | 'decoder', Sequential>>;
/** Finds the factors of the student's map. */
export type Translator = Readonly<Record<'net', Sequential>>;

/** Both nets as modules, from the channels of the taps and the paraphrase rate. */
export function factorModules(
  name: string,
  reads: TapPairReads,
  rate: number,
): { readonly paraphraser: Module<Paraphraser>; readonly translator: Module<Translator> } {
  const factorsOf = (channels: number): number => Math.max(1, Math.round(rate * channels));
  return {
    paraphraser: defineModule({
      name: `paraphraser of ${name}`,
      reads: { teacher: reads.teacher },
      build: ({ teacher, seed }) => {
        const wide = channelsOf(teacher.features);
        const narrow = factorsOf(wide);
        return {
          encoder: convolutions('encoder', [wide, wide, narrow, narrow], seed),
          decoder: convolutions('decoder', [narrow, narrow, wide, wide], seed),
        };
      },
    }),
    translator: defineModule({
      name: `translator of ${name}`,
      reads,
      build: ({ student, teacher, seed }) => {
        const [own, factors] = [channelsOf(student.features), factorsOf(channelsOf(teacher.features))];
        return { net: convolutions('net', [own, own, factors, factors], seed) };
      },
    }),
  };
}

function channelsOf({ shape }: { readonly shape: Shape }): number {
  return shape[3] as number;
}

/** 3x3 convolutions of equal height and width, each with a leaky ReLU; they start as in He et al. 2015. */
function convolutions(name: string, channels: readonly number[], seed: number): Sequential {
  const [from = 1, ...others] = channels;
  return sequential({
    name,
    layers: [
      layers.inputLayer({ inputShape: [null, null, from] }),
      ...others.flatMap((filters, index) => [
        layers.conv2d({
          name: `convolution_${String(index + 1)}`,
          filters,
          kernelSize: 3,
          padding: 'same',
          kernelInitializer: initializers.heNormal({ seed: subSeed(seed, name, index) }),
        }),
        layers.leakyReLU({ alpha: 0.1 }),
      ]),
    ],
  });
}
