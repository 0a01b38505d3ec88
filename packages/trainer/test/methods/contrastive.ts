import { defineModule, defineTerm, offTape, subSeed } from '@kd/core';
import type { Tap, Term } from '@kd/core';
import {
  add,
  cast,
  concat,
  div,
  expandDims,
  floor,
  gather,
  logSoftmax,
  matMul,
  mul,
  neg,
  norm,
  randomNormal,
  slice,
  squeeze,
  tensorScatterUpdate,
  variable,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

const unit = (x: Tensor): Tensor => div(x, norm(x, 2, -1, true));

/**
 * A contrastive loss with a memory bank (after Tian, Krishnan, Isola 2020): each embedding of the student is
 * told from those of random other examples, and the bank follows the teacher's.
 */
export function contrastive(student: Tap, teacher: Tap, dimension: number, negatives: number): Term {
  const reads = { student: { map: student }, teacher: { map: teacher }, rows: true } as const;
  const bank = defineModule({
    name: 'bank',
    reads,
    build: ({ student: of, teacher: from, datasetSize, seed }) => {
      const normal = (rows: number, part: string): Tensor =>
        randomNormal([rows, dimension], 0, 1, 'float32', subSeed(seed, part));
      return {
        ofStudent: variable(normal(of.map.shape.at(-1) ?? 1, 'student')),
        ofTeacher: variable(normal(from.map.shape.at(-1) ?? 1, 'teacher'), false),
        memory: variable(unit(normal(datasetSize, 'memory')), false),
      };
    },
  });
  return defineTerm({
    name: 'contrastive',
    reads,
    modules: { bank },
    loss: ({ student: of, teacher: from, rows, datasetSize, modules: { bank: own }, random }) => {
      const drawn = cast(floor(mul(random([rows.shape[0], negatives]), datasetSize)), 'int32');
      const others = offTape(() => gather(own.memory, concat([expandDims(rows, 1), drawn], 1)));
      const embedding = unit(matMul(of.map as never, own.ofStudent as never));
      const scores = squeeze(matMul(others, expandDims(embedding, 2)), [2]);
      const positive = slice(logSoftmax(div(scores, 0.1)), [0, 0], [-1, 1]);
      const news = offTape(() => unit(matMul(from.map as never, own.ofTeacher as never)));
      return { values: neg(squeeze(positive, [1])), carry: { rows, news } };
    },
    afterStep: ({ modules: { bank: own }, carry }) => {
      const mixed = unit(add(mul(gather(own.memory, carry.rows), 0.5), mul(carry.news, 0.5)));
      // On cpu tfjs writes into the first argument, so it gets a copy.
      own.memory.assign(tensorScatterUpdate(add(own.memory, 0), expandDims(carry.rows, 1), mixed));
    },
  });
}
