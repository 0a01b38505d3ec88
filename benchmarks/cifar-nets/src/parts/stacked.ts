import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Strides } from './convolutions.js';

/** A stage: blocks with maps of one size. */
export interface Stage {
  readonly blocks: number;
  readonly filters: number;
  /** Strides of its first block. */
  readonly strides: Strides;
}

/** A block of a stage: its name, such as `stage1_2`, and its own strides. */
export type BlockOf<S extends Stage> = S & { readonly name: string };

/** Adds stages of blocks one after the other. Returns the last maps of each stage. */
export function stacked<S extends Stage>(
  maps: SymbolicTensor,
  stages: readonly S[],
  block: (maps: SymbolicTensor, options: BlockOf<S>) => SymbolicTensor,
): SymbolicTensor[] {
  let last = maps;
  return stages.map((stage, index) => {
    for (let number = 1; number <= stage.blocks; number++) {
      const name = `stage${String(index + 1)}_${String(number)}`;
      last = block(last, { ...stage, strides: number === 1 ? stage.strides : 1, name });
    }
    return last;
  });
}
