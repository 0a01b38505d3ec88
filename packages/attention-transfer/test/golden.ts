import { readFileSync } from 'node:fs';

/** A feature map `[B, H, W, C]` as it is written in the golden files. */
export type Maps = number[][][][];

/** A case of a golden file: what the reference implementation of a method makes of some inputs. */
export interface GoldenCase<Params, Inputs> {
  readonly name: string;
  readonly params: Params;
  readonly inputs: { readonly student: Inputs; readonly teacher: Inputs };
  readonly expected: { readonly loss: number; readonly losses?: number[]; readonly gradStudent: Inputs };
}

interface GoldenFile {
  readonly cases: (GoldenCase<unknown, unknown> & { readonly shapes: { readonly student: number[] } })[];
  readonly raises?: { readonly name: string; readonly shapes: Record<'student' | 'teacher', number[]> }[];
}

function read(method: string): GoldenFile {
  const text = readFileSync(new URL(`../src/golden/${method}.json`, import.meta.url), 'utf8');
  return JSON.parse(text) as GoldenFile;
}

/** The cases of a golden file with one pair of feature maps. */
export function goldenCases<Params>(method: string): readonly GoldenCase<Params, Maps>[] {
  return read(method).cases.filter(({ shapes }) => typeof shapes.student[0] === 'number') as GoldenCase<
    Params,
    Maps
  >[];
}

/** The cases with several pairs, whose losses are added. */
export function goldenCasesOfLayers<Params>(method: string): readonly GoldenCase<Params, Maps[]>[] {
  return read(method).cases.filter(({ shapes }) => typeof shapes.student[0] !== 'number') as GoldenCase<
    Params,
    Maps[]
  >[];
}

/** Shapes that the reference refuses. */
export function refusedByReference(method: string): NonNullable<GoldenFile['raises']> {
  return read(method).raises ?? [];
}
