import type { GoldenFile, Nested } from '@kd/conformance';
import { goldenFile } from '@kd/testing';

type Name =
  'student' | 'teacher' | `embed${'Student' | 'Teacher'}${'Kernel' | 'Bias'}` | 'memory1' | 'memory2';

/** Values of RepDistiller, with the indices that it has drawn. */
export type Inputs = Readonly<Record<Name, number[][]>> & {
  readonly indices: number[];
  readonly contrastIndices: number[][];
};

/** Its settings; a constant Z that is null is set by the batch. */
export interface Params {
  readonly featDim: number;
  readonly k: number;
  readonly temperature: number;
  readonly momentum: number;
  readonly zInit: readonly [number | null, number | null];
}

export const repDistiller = goldenFile('contrastive/crd') as GoldenFile<Params, Inputs>;

/** The weights of a case by the names of a bank. */
export function weightsOf(inputs: Inputs, { zInit }: Params): Readonly<Record<string, Nested>> {
  return {
    studentKernel: inputs.embedStudentKernel,
    studentBias: inputs.embedStudentBias,
    teacherKernel: inputs.embedTeacherKernel,
    teacherBias: inputs.embedTeacherBias,
    studentMemory: inputs.memory1,
    teacherMemory: inputs.memory2,
    studentNormalizer: zInit[0] ?? 0,
    teacherNormalizer: zInit[1] ?? 0,
  };
}
