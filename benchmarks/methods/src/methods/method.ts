import type { Term } from '@kd/core';
import { hardTarget } from '@kd/soft-target-loss';
import type { TappedNet } from '../works/work.js';

/** Both nets of a training. */
export interface Nets {
  readonly student: TappedNet;
  readonly teacher: TappedNet;
  readonly epochs: number;
}

/** One stage of a method. */
export interface MethodStage {
  readonly name: string;
  /** Share of the epochs. */
  readonly share: number;
  readonly terms: readonly Term[];
  /** Layers of the student that learn; default all. */
  readonly trainable?: readonly string[];
}

/** A way to learn, with the choices that a search tries. */
export interface Method {
  readonly name: string;
  /** What it compares, for the table. */
  readonly reads: 'labels' | 'logits' | 'features' | 'maps';
  /** Three values of the number that is searched: the weight beside the labels. */
  readonly candidates: readonly number[];
  readonly stages: (nets: Nets, candidate: number) => readonly MethodStage[];
  /** Whether the number is a factor of the learning rate instead: for the labels alone. */
  readonly searchesRate?: boolean;
}

/** A method of one stage: the labels with weight 1, and its terms with the searched weight. */
export function beside(
  name: string,
  reads: Method['reads'],
  start: number,
  terms: (nets: Nets, weight: number) => readonly Term[],
): Method {
  return {
    name,
    reads,
    candidates: around(start),
    stages: (nets, weight) => [{ name: 'train', share: 1, terms: [hardTarget(), ...terms(nets, weight)] }],
  };
}

/** The numbers that a search tries around the one to start with. */
export function around(start: number): readonly number[] {
  return [start / 5, start, start * 5];
}

/** The taps of a pair of layers. */
export interface Pair {
  readonly student: string;
  readonly teacher: string;
}

/** Pairs of maps of equal depth, counted from the deepest. */
export function pairsOfMaps({ student, teacher }: Nets): Pair[] {
  const count = Math.min(student.maps.length, teacher.maps.length);
  const [mine, theirs] = [student.maps.slice(-count), teacher.maps.slice(-count)];
  return mine.map((map, index) => ({ student: map, teacher: theirs[index] as string }));
}

/** The deepest maps. */
export function deepest(nets: Nets): Pair {
  return pairsOfMaps(nets).at(-1) as Pair;
}

/** The maps in the middle. */
export function middle(nets: Nets): Pair {
  const pairs = pairsOfMaps(nets);
  return pairs[pairs.length >> 1] as Pair;
}

/** The layers of a net up to one of them. */
export function upTo({ model }: TappedNet, name: string): string[] {
  const names = model.layers.map((layer) => layer.name);
  return names.slice(0, names.indexOf(name) + 1);
}
