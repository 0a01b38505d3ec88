import { defineModule } from '@kd/core';
import {
  add,
  div,
  expandDims,
  gather,
  logSoftmax,
  matMul,
  maximum,
  mean,
  mul,
  oneHot,
  softmax,
  square,
  sub,
  sum,
  tensorScatterUpdate,
  transpose,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';
import type { Subject } from '../src/index.js';
import {
  classes,
  errorsOfScores,
  pair,
  perExample,
  scores,
  sequence,
  squaredError,
  subjectOf,
} from './sound.js';

const similarities = (x: Tensor): Tensor => {
  const means = mean(x, 1);
  return matMul(means, transpose(means));
};

/** The mean over the positions that count. */
const meanOver = (x: Tensor, mask: Tensor | undefined): Tensor => {
  if (mask === undefined) return mean(x, 1);
  const counts = expandDims(mask, 2);
  return div(sum(mul(x, counts), 1), sum(counts, 1));
};

const bank = defineModule({
  name: 'bank',
  reads: { rows: true, teacher: { map: 'hint' } },
  build: ({ datasetSize }): { memory: Variable } => ({ memory: variable(zeros([datasetSize, 2]), false) }),
});

/** Terms that keep every rule. */
export const soundTerms: Readonly<Record<string, Subject>> = {
  'a squared error': subjectOf({
    ...pair,
    claims: {
      atEquality: 'zero',
      reference: ({ student, teacher }) =>
        (student['map'] ?? []).map((example, row) => {
          const [ours, theirs] = [example, teacher['map']?.[row]].map((x) => [x].flat(Infinity) as number[]);
          return (ours ?? []).reduce((total, x, at) => total + (x - (theirs?.[at] ?? NaN)) ** 2, 0) / 6;
        }),
    },
    loss: ({ student, teacher }) => ({ values: squaredError(student.map, teacher.map) }),
  }),
  'a divergence with labels and weights': subjectOf({
    ...classes,
    loss: ({ student, teacher, targets }) => {
      const right = oneHot(targets.labels, 4);
      const logs = sub(logSoftmax(teacher.logits), logSoftmax(student.logits));
      return {
        values: sum(mul(softmax(teacher.logits), logs), 1),
        weights: sum(mul(softmax(teacher.logits), right), 1),
      };
    },
    claims: { atEquality: 'zero' },
  }),
  'a relation of the batch': subjectOf({
    ...pair,
    reduces: 'batch',
    loss: ({ student, teacher }) => ({
      values: mean(square(sub(similarities(student.map), similarities(teacher.map)))),
    }),
    claims: { atEquality: 'zero' },
  }),
  'errors of positions': subjectOf({
    ...sequence,
    reads: { student: { map: 'map' }, teacher: { map: 'hint' } },
    loss: ({ student, teacher }) => ({ values: mean(square(sub(student.map, teacher.map)), 2) }),
    claims: { atEquality: 'zero' },
  }),
  'means over positions with a mask': subjectOf({
    ...sequence,
    loss: ({ student, teacher, mask }) => ({
      values: squaredError(meanOver(student.map, mask), meanOver(teacher.map, mask)),
    }),
    claims: { atEquality: 'zero' },
  }),
  'attention scores with a mask': subjectOf({
    ...scores,
    loss: ({ student, teacher, mask }) => {
      const { errors, pairs } = errorsOfScores(student.map, teacher.map, mask);
      return { values: div(sum(errors, 2), maximum(sum(pairs, 2), 1)) };
    },
    claims: { atEquality: 'zero' },
  }),
  'a regressor': subjectOf({
    reads: pair.reads,
    shapes: { student: { map: [3, 2] }, teacher: { map: [3, 5] } },
    modules: {
      regressor: defineModule({
        name: 'regressor',
        reads: pair.reads,
        build: ({ seed }) => {
          const dense = layers.dense({ units: 5, kernelInitializer: initializers.glorotUniform({ seed }) });
          dense.build([null, 3, 2]);
          return { dense };
        },
      }),
    },
    loss: ({ student, teacher, modules }) => ({
      values: squaredError(modules.regressor.dense(student.map), teacher.map),
    }),
  }),
  'an autoencoder of the teacher': subjectOf({
    reads: { teacher: { map: 'hint' } },
    shapes: { teacher: { map: [3, 2] } },
    modules: {
      autoencoder: defineModule({
        name: 'autoencoder',
        reads: {},
        build: ({ seed }) => {
          const dense = layers.dense({ units: 2, kernelInitializer: initializers.glorotUniform({ seed }) });
          dense.build([null, 3, 2]);
          return { dense };
        },
      }),
    },
    loss: ({ teacher, modules }) => ({
      values: squaredError(modules.autoencoder.dense(teacher.map), teacher.map),
    }),
  }),
  'a bank': subjectOf({
    reads: { ...pair.reads, rows: true },
    shapes: pair.shapes,
    modules: { bank },
    loss: ({ student, teacher, rows, modules }) => {
      const means = mean(teacher.map, 1);
      const wanted = mul(add(gather(modules.bank.memory, rows), means), 0.5);
      return { values: squaredError(mean(student.map, 1), wanted), carry: { means, rows } };
    },
    afterStep: ({ modules, carry }) => {
      const { memory } = modules.bank;
      memory.assign(tensorScatterUpdate(add(memory, 0), expandDims(carry.rows, 1), carry.means));
    },
  }),
  'dropout from the seed': subjectOf({
    ...pair,
    loss: ({ student, teacher, random }) => ({
      values: perExample(mul(square(sub(student.map, teacher.map)), random([3, 2]))),
    }),
    claims: { atEquality: 'zero' },
  }),
};
