import type { Activation } from './perceptron.js';

/** Ours on two backends, and the others. The first one is what all are compared with. */
export const peers = ['wasm', 'tensorflow', 'torch', 'torchdistill', 'keras'] as const;
export type PeerName = (typeof peers)[number];

/** The names of the peers for the reader. */
export const titles: Readonly<Record<PeerName, string>> = {
  wasm: 'ours on wasm',
  tensorflow: 'ours on TensorFlow',
  torch: 'PyTorch',
  torchdistill: 'torchdistill',
  keras: 'Keras',
};

/** How a peer trains the student. */
export interface Recipe {
  /** Of the student. */
  readonly activation: Activation;
  readonly optimizer: 'sgd' | 'adam';
  readonly learningRate: number;
  /** Of `sgd`. */
  readonly momentum: number;
  /** Of `adam`. */
  readonly epsilon: number;
  readonly temperature: number;
  readonly softWeight: number;
  /** torchdistill only: whether the loss gets labels. */
  readonly labels: boolean;
  /** Keras only: whether the loss of its LogitsDistillation is the one it has by default. */
  readonly isDefaultLoss: boolean;
  /** Python only: whether the examples of each batch are in the opposite order. */
  readonly isReversed: boolean;
}

/** The parts: the same formula everywhere, by optimizer and activation; then where a peer differs. */
export const parts = ['sgd', 'adam', 'relu', 'differences'] as const;
export type Part = (typeof parts)[number];

/** One training of the student. */
export interface Run {
  readonly part: Part;
  readonly peer: PeerName;
  /** Unique in its part. */
  readonly title: string;
  readonly recipe: Recipe;
  /** The name of the run it is compared with; undefined for such a run itself. */
  readonly against?: string;
}

/** Tells runs apart. */
export const nameOf = ({ part, title }: Pick<Run, 'part' | 'title'>): string => `${part}: ${title}`;
