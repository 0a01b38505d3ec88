import { defineModule, defineTerm, frozen, offTape, subSeed } from '@kd/core';
import type { Tap, Term } from '@kd/core';
import { abs, div, mean, norm, sub, squaredDifference } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';

const net = (from: number, widths: readonly number[], seed: number) =>
  sequential({
    layers: widths.flatMap((units, index) => [
      layers.dense({
        units,
        kernelInitializer: initializers.heNormal({ seed: subSeed(seed, index) }),
        ...(index === 0 && { inputShape: [from] }),
      }),
      ...(index === widths.length - 1 ? [] : [layers.leakyReLU({ alpha: 0.1 })]),
    ]),
  });
const width = ({ shape }: { readonly shape: readonly (number | null)[] }): number => shape.at(-1) ?? 1;
const unit = (x: Tensor): Tensor => div(x, norm(x, 2, -1, true));

/**
 * Factor transfer on vectors (Kim, Park, Kwak 2018): a first stage trains a paraphraser of the teacher alone,
 * a second one the student and its translator.
 */
export function factorTransfer(
  student: Tap,
  teacher: Tap,
  factors: number,
): { paraphrase: Term; transfer: Term } {
  const ofTeacher = { teacher: { map: teacher } } as const;
  const ofBoth = { student: { map: student }, ...ofTeacher } as const;
  const paraphraser = defineModule({
    name: 'paraphraser',
    reads: ofTeacher,
    build: ({ teacher: { map }, seed }) => ({
      encoder: net(width(map), [width(map), factors], subSeed(seed, 'encoder')),
      decoder: net(factors, [width(map), width(map)], subSeed(seed, 'decoder')),
    }),
  });
  const translator = defineModule({
    name: 'translator',
    reads: ofBoth,
    build: ({ student: { map }, seed }) => ({ net: net(width(map), [factors, factors], seed) }),
  });
  return {
    paraphrase: defineTerm({
      name: 'paraphrase',
      reads: ofTeacher,
      modules: { paraphraser },
      loss: ({ teacher: { map }, modules: { paraphraser: own } }) => ({
        values: mean(squaredDifference(own.decoder(own.encoder(map)), map), -1),
      }),
    }),
    transfer: defineTerm({
      name: 'factors',
      reads: ofBoth,
      modules: { paraphraser: frozen(paraphraser), translator },
      loss: ({ student: of, teacher: from, modules }) => ({
        values: mean(
          abs(
            sub(
              unit(modules.translator.net(of.map)),
              offTape(() => unit(modules.paraphraser.encoder(from.map))),
            ),
          ),
          -1,
        ),
      }),
    }),
  };
}
