import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import type { GoldenCase, Nested } from '@kd/conformance';
import type { Named, Term } from '@kd/core';
import { backends, expectClose, termBatch, useBackend } from '@kd/testing';
import { clone, tensor, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { repDistiller, weightsOf } from '../test/golden.js';
import type { Inputs, Params } from '../test/golden.js';
import type { Bank } from './bank.js';
import { contrastive } from './index.js';
import { negativeRows, rowsByClass } from './negative-rows.js';

type Rows = number[][];
const close = { relative: 1e-5, absolute: 1e-6 };

/** The bank of a term, for rows of these lengths. */
function builtBank({ modules }: Term, datasetSize: number, student: number, teacher: number): Bank {
  const features = (length: number) => ({ features: { shape: [null, length] } });
  const infos = { student: features(student), teacher: features(teacher), datasetSize, seed: 1 };
  return modules['bank']?.build(infos) as unknown as Bank;
}

/** Computes the loss, and returns what `afterStep` does then. */
function step(term: Term, bank: Bank, rows: number[], student: Rows, teacher = student): () => void {
  const modules = { bank: { ...bank } };
  const features = (values: Rows): Named => ({ features: tensor2d(values) });
  const batch = { student: features(student), teacher: features(teacher), rows: tensor1d(rows, 'int32') };
  const { carry = {} } = term.loss(termBatch(term, { ...batch, modules }));
  return () => term.afterStep?.({ modules, carry });
}

describe.each(backends)('a bank on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(repDistiller.cases)('remembers what RepDistiller does: $name', async (one) => {
    const { params, inputs, expected } = one as GoldenCase<Params, Inputs> & {
      expected: { outputs: Readonly<Record<`memory${1 | 2}After`, Nested>> };
    };
    const { featDim: dimension, k: negatives, temperature, momentum } = params;
    const term = contrastive({ student: 'a', teacher: 'b', dimension, negatives, temperature, momentum });
    const { student, teacher, indices, memory1 } = inputs;
    const bank = builtBank(term, memory1.length, student[0]?.length ?? 0, teacher[0]?.length ?? 0);
    for (const [name, values] of Object.entries(weightsOf(inputs, params)))
      (bank[name as keyof Bank] as Variable).assign(tensor(values as number[]));
    step(term, bank, indices, student, teacher)();
    expectClose(await bank.studentMemory.data(), expected.outputs.memory1After, close);
    expectClose(await bank.teacherMemory.data(), expected.outputs.memory2After, close);
  });

  it('remembers nothing of examples that do not count, and leaves copies of the memory alone', async () => {
    const term = contrastive({ student: 'a', teacher: 'b', dimension: 3, negatives: 6 });
    const bank = builtBank(term, 4, 2, 2);
    const copy = clone(bank.teacherMemory);
    // Such examples come as zeros.
    step(term, bank, [1, 3], [[1, 2], [0, 0]])(); // prettier-ignore
    const [before, after] = (await Promise.all([copy.array(), bank.teacherMemory.array()])) as [Rows, Rows];
    expectClose(after.toSpliced(1, 1).flat(), before.toSpliced(1, 1), close);
    expect(after[1]).not.toEqual(before[1]);
  });

  it('keeps the Z of the first batch, also of several in one step', async () => {
    const term = contrastive({ student: 'a', teacher: 'b', dimension: 3, negatives: 6 });
    const [bank, other] = [builtBank(term, 4, 2, 2), builtBank(term, 4, 2, 2)];
    const normalizers = async (of: Bank): Promise<unknown> =>
      Promise.all([of.studentNormalizer.array(), of.teacherNormalizer.array()]);
    const first = [[1, 2], [3, -1]]; // prettier-ignore
    step(term, other, [1, 3], first)();
    const both = [step(term, bank, [1, 3], first), step(term, bank, [0, 2], [[-3, 1], [2, 2]])]; // prettier-ignore
    for (const after of both) after();
    step(term, bank, [0, 2], [[1, 1], [2, 1]])(); // prettier-ignore
    expect(await normalizers(bank)).toEqual(await normalizers(other));
    expect(await normalizers(builtBank(term, 4, 2, 2))).toEqual([0, 0]);
  });

  it.each([
    ['the other rows', undefined],
    ['the rows of other classes', [0, 1, 0, 1, 0, 2, 2]],
  ])('draws %s, all of them equally often', async (_, labels) => {
    const classOf = (row: number): number => labels?.[row] ?? row;
    const uniform = tensor1d(Array.from({ length: 600 }, (_each, k) => (k + 0.5) / 600));
    const rows = [0, 4, 6];
    const drawn = await negativeRows(tensor1d(rows, 'int32'), uniform, rowsByClass(7, labels)).array();
    for (const [index, row] of rows.entries()) {
      const others = [0, 1, 2, 3, 4, 5, 6].filter((other) => classOf(other) !== classOf(row));
      const counts = others.map((other) => (drawn as Rows)[index]?.filter((one) => one === other).length);
      expect(counts).toEqual(others.map(() => 600 / others.length));
    }
  });
});
