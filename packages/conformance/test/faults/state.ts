import { defineModule, offTape } from '@kd/core';
import {
  add,
  gather,
  keep,
  mean,
  mul,
  ones,
  reshape,
  matMul,
  tensor,
  variable,
  zeros,
  dispose,
} from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Subject } from '../../src/index.js';
import { pair, squaredError, subjectOf } from '../sound.js';
import { example } from './fault.js';
import type { Fault } from './fault.js';

const kernelOf = (seed: number): Variable =>
  variable(add(ones([2, 2]), mul(tensor([1, 2, 3, 4], [2, 2]), 1e-3 * (seed % 97))));
const times = (x: Tensor, kernel: Tensor): Tensor =>
  reshape(matMul(reshape(x, [-1, 2]), kernel as never), x.shape);

/** A regressor of which something is wrong. */
function regressor({
  build = (seed: number) => ({ kernel: kernelOf(seed) }),
  apply = times,
  onLoss = () => undefined,
}: {
  readonly build?: (seed: number) => { readonly kernel: Variable };
  readonly apply?: (x: Tensor, kernel: Variable) => Tensor;
  readonly onLoss?: (kernel: Variable, training: boolean) => void;
}): Subject {
  return subjectOf({
    ...pair,
    modules: {
      regressor: defineModule({ name: 'regressor', reads: pair.reads, build: ({ seed }) => build(seed) }),
    },
    loss: ({ student, teacher, modules, training }) => {
      const { kernel } = modules.regressor;
      onLoss(kernel, training);
      return { values: squaredError(apply(student.map, kernel), teacher.map) };
    },
  });
}

/** Memory, modules, and what happens to what a term is given. */
export const faultsOfState: readonly Fault[] = [
  {
    name: 'keeps a tensor in each step',
    caughtBy: 'no-tensor-left',
    subject: example((s, t) => {
      keep(mul(t, 2));
      return squaredError(s, t);
    }),
  },
  {
    name: 'makes a variable in each step',
    caughtBy: 'no-tensor-left',
    subject: example((s, t) => {
      variable(zeros([1]));
      return squaredError(s, t);
    }),
  },
  {
    name: 'keeps a tensor that its module was built from',
    caughtBy: 'no-tensor-left',
    subject: regressor({
      build: (seed) => {
        keep(ones([2]));
        return { kernel: kernelOf(seed) };
      },
    }),
  },
  {
    name: 'disposes the teacher’s answer',
    caughtBy: 'keeps-inputs',
    subject: example((s, t) => {
      const values = squaredError(s, mul(t, 1));
      dispose(t);
      return values;
    }),
  },
  {
    name: 'writes into the numbers that it has read',
    onCpu: true,
    caughtBy: 'keeps-inputs',
    subject: example(
      (s, t) => {
        const values = squaredError(s, t);
        t.dataSync().fill(7, 0, 1);
        return values;
      },
      { runsEagerly: 'It reads the teacher.' },
    ),
  },
  {
    name: 'reads its values to see whether they are finite',
    caughtBy: 'reads-nothing-back',
    subject: example((s, t) => {
      const values = squaredError(s, t);
      if (!values.dataSync().every(Number.isFinite)) return mul(values, 0);
      return values;
    }),
  },
  {
    name: 'starts its regressor with numbers from Math.random',
    caughtBy: 'modules-seeded',
    subject: regressor({
      build: () => ({ kernel: variable(mul(ones([2, 2]), 1 + Math.random())) }),
    }),
  },
  {
    name: 'takes its regressor off the tape',
    caughtBy: 'gradient-of-modules',
    subject: regressor({
      apply: (x, kernel) =>
        times(
          x,
          offTape(() => mul(kernel, 1)),
        ),
    }),
  },
  {
    name: 'keeps its bank in an array',
    caughtBy: 'modules-restored',
    subject: subjectOf({
      reads: { ...pair.reads, rows: true },
      shapes: pair.shapes,
      modules: {
        bank: defineModule({
          name: 'bank',
          reads: pair.reads,
          build: () => {
            const remembered = new Float32Array(16);
            return {
              remember: (means: Tensor, rows: Tensor) => {
                const [values, at] = [means.dataSync(), rows.dataSync()];
                at.forEach((row, index) => (remembered[row] = values[index] ?? 0));
                return means;
              },
              recall: (rows: Tensor) => gather(tensor(remembered), rows),
            };
          },
        }),
      },
      loss: ({ student, teacher, rows, modules }) => {
        const wanted = add(mean(teacher.map, [1, 2]), modules.bank.recall(rows));
        return {
          values: squaredError(mean(student.map, 1), reshape(wanted, [-1, 1])),
          carry: { means: mean(teacher.map, [1, 2]), rows },
        };
      },
      afterStep: ({ modules, carry }) => {
        modules.bank.remember(carry.means, carry.rows);
      },
    }),
  },
  {
    name: 'goes on learning during a validation',
    caughtBy: 'validation-changes-nothing',
    subject: regressor({
      onLoss: (kernel, training) => {
        if (!training) kernel.assign(mul(kernel, 0.99));
      },
    }),
  },
];
