import chosen from '@kd-benchmarks/quickstart/chosen' with { type: 'json' };

/** The function that builds a net, here and in PyTorch. */
export type Builder = 'perceptron' | 'quickstart' | 'convnet' | 'depthwise' | 'resnet8' | 'lstm';

/** How a step learns; see the README. */
export const stepKinds = ['plain', 'kd', 'kd-targets', 'kd-cached', 'hint'] as const;
export type StepKind = (typeof stepKinds)[number];

/** A student and its teacher; PyTorch gets the same numbers. */
interface Pair {
  readonly builder: Builder;
  /** Shape of an example; images have their channels last. */
  readonly input: readonly number[];
  readonly batch: number;
  /** Units or channels of the student. */
  readonly width: number;
  readonly teacherWidth: number;
  readonly learningRate: number;
  readonly temperature: number;
  /** Weight of the soft targets; the labels have the rest. */
  readonly softWeight: number;
}

/** A kind of training step of one net. */
export interface Work extends Pair {
  readonly name: string;
  readonly step: StepKind;
  /** Different batches, which take turns. */
  readonly batches: number;
}

const usual = { learningRate: 1e-3, temperature: 4, softWeight: 0.9 };
const digits = { input: [784], batch: 128 };
const images = { input: [28, 28, 1], batch: 64, width: 16, teacherWidth: 32 };

const pairs: Readonly<Record<string, Pair>> = {
  mlp: { ...usual, ...digits, builder: 'perceptron', width: 800, teacherWidth: 1200 },
  conv: { ...usual, ...images, builder: 'convnet' },
  depthwise: { ...usual, ...images, builder: 'depthwise' },
  resnet: { ...usual, ...images, builder: 'resnet8', input: [32, 32, 3] },
  lstm: { ...usual, builder: 'lstm', input: [28, 28], batch: 64, width: 128, teacherWidth: 256 },
  quickstart: {
    ...digits,
    builder: 'quickstart',
    batch: chosen.distilled.batchSize,
    width: chosen.student.units,
    teacherWidth: chosen.teacher.units,
    learningRate: chosen.distilled.learningRate,
    temperature: chosen.distilled.temperature,
    softWeight: chosen.distilled.softWeight,
  },
  tiny: { ...usual, ...digits, builder: 'perceptron', width: 8, teacherWidth: 8 },
};

/** The works of the tables. */
export const defaultWorks: readonly string[] = [
  ...['mlp', 'conv'].flatMap((net) => ['plain', 'kd', 'kd-targets', 'hint'].map((step) => `${net}-${step}`)),
  'depthwise-plain',
  'resnet-plain',
  'lstm-plain',
  'quickstart-kd-cached',
  'tiny-plain',
];

/** The nets whose steps with and without soft targets are compared. */
export const pairedNets: readonly string[] = Object.keys(pairs).filter((net) => net !== 'tiny');

/** Shows what lies between the operations of our steps; PyTorch has no part in it. */
export const isOursOnly = ({ name }: Pick<Work, 'name'>): boolean => name.startsWith('tiny-');

/** The work of a name such as `mlp-kd-targets`; throws for another name. */
export function workOf(name: string): Work {
  const [net = ''] = name.split('-', 1);
  const pair = Object.hasOwn(pairs, net) ? pairs[net] : undefined;
  const step = stepKinds.find((kind) => name === `${net}-${kind}`);
  const hasHint = pair !== undefined && ['perceptron', 'convnet'].includes(pair.builder);
  if (pair === undefined || step === undefined || (step === 'hint' && !hasHint))
    throw new Error(`${name} is not a work; examples: ${defaultWorks.join(', ')}`);
  return { ...pair, name, step, batches: 16 };
}
