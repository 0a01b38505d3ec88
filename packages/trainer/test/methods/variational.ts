import { defineModule, defineTerm, subSeed } from '@kd/core';
import type { Tap, Term } from '@kd/core';
import {
  add,
  div,
  fill,
  log,
  matMul,
  mean,
  mul,
  randomNormal,
  softplus,
  squaredDifference,
  variable,
} from '@tensorflow/tfjs-core';

/** Variational information distillation of vectors (Ahn et al. 2019): each channel learns a variance. */
export function variational(student: Tap, teacher: Tap, initialVariance = 5): Term {
  const reads = { student: { map: student }, teacher: { map: teacher } } as const;
  const regressor = defineModule({
    name: 'variational',
    reads,
    build: ({ student: of, teacher: from, seed }) => {
      const [rows, columns] = [of.map.shape.at(-1) ?? 1, from.map.shape.at(-1) ?? 1];
      const scale = Math.log(Math.expm1(initialVariance - 1e-5));
      return {
        kernel: variable(
          randomNormal([rows, columns], 0, Math.sqrt(2 / columns), 'float32', subSeed(seed, 0)),
        ),
        logScale: variable(fill([columns], scale)),
      };
    },
  });
  return defineTerm({
    name: 'variational',
    reads,
    modules: { regressor },
    loss: ({ student: of, teacher: from, modules: { regressor: own } }) => {
      const variance = add(softplus(own.logScale), 1e-5);
      const off = squaredDifference(matMul(of.map as never, own.kernel as never), from.map);
      return { values: mul(mean(add(div(off, variance), log(variance)), -1), 0.5) };
    },
  });
}
