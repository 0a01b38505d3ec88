import { defineModule, seededUniform } from '@kd/core';
import type { Module, Tap } from '@kd/core';
import { mul, ones, sub, variable, zeros } from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';

/** What the term reads: a list of maps of each model, shallow to deep. */
export interface StageReads {
  readonly student: { readonly maps: readonly Tap[] };
  readonly teacher: { readonly maps: readonly Tap[] };
}

type PerStage = readonly Variable[];

/** The weights of the fusion blocks, shallow to deep. */
export interface Fusion {
  /** 1x1 convolutions from the student's channels to those inside the blocks. */
  readonly reduce: PerStage;
  readonly reduceScale: PerStage;
  readonly reduceOffset: PerStage;
  /** 1x1 convolutions from a stage and the deeper ones to a weight of either; the deepest stage has none. */
  readonly attention: PerStage;
  readonly attentionBias: PerStage;
  /** 3x3 convolutions to the teacher's channels. */
  readonly expand: PerStage;
  readonly expandScale: PerStage;
  readonly expandOffset: PerStage;
}

const mostChannels = 512;

/** The fusion blocks as a module; kernels start with variance 1 / inputs, as the authors' convolutions. */
export function fusionModule(
  name: string,
  reads: StageReads,
  channels: number | undefined,
): Module<Fusion & Readonly<Record<string, PerStage>>> {
  return defineModule({
    name,
    reads,
    build: ({ student, teacher, seed }) => {
      const [from, to] = [student, teacher].map(({ maps }) =>
        maps.map(({ shape }) => shape.at(-1) as number),
      ) as [number[], number[]];
      const inside = channels ?? Math.min(mostChannels, from.at(-1) as number);
      let place = 0;
      const kernel = (shape: readonly number[]): Variable => {
        const inputs = shape.slice(0, -1).reduce((a, b) => a * b, 1);
        const uniform = sub(mul(seededUniform(shape, seed, place++), 2), 1);
        return variable(mul(uniform, Math.sqrt(3 / inputs)));
      };
      const fused = from.slice(1);
      return {
        reduce: from.map((given) => kernel([given, inside])),
        reduceScale: from.map(() => variable(ones([inside]))),
        reduceOffset: from.map(() => variable(zeros([inside]))),
        attention: fused.map(() => kernel([2 * inside, 2])),
        attentionBias: fused.map(() => variable(zeros([2]))),
        expand: to.map((wanted) => kernel([3, 3, inside, wanted])),
        expandScale: to.map((wanted) => variable(ones([wanted]))),
        expandOffset: to.map((wanted) => variable(zeros([wanted]))),
      };
    },
  });
}
