import type { NetName } from './nets/index.js';

/** How the nets of the published tables were trained. */
export interface TrainingSettings {
  readonly epochs: number;
  readonly batchSize: number;
  /** `torch.optim.SGD`, whose formula is that of `sgd` in `@kd/optimizers`. Weights of all kinds decay. */
  readonly sgd: { readonly momentum: number; readonly nesterov: boolean; readonly weightDecay: number };
  /** The rate of the first epochs, for nets that are not in `learningRates`. */
  readonly learningRate: number;
  readonly learningRates: Readonly<Partial<Record<NetName, number>>>;
  /** The rate is multiplied by `factor` after each of these numbers of epochs. */
  readonly decay: { readonly factor: number; readonly epochs: readonly number[] };
  /** Plain distillation: the temperature, and the weights of the labels and of `T² KL`. */
  readonly distillation: { readonly temperature: number; readonly labels: number; readonly teacher: number };
}

/** RepDistiller's settings for CIFAR-100; a published accuracy is that of the last epoch. */
export const schedule: TrainingSettings = {
  epochs: 240,
  batchSize: 64,
  sgd: { momentum: 0.9, nesterov: false, weightDecay: 5e-4 },
  learningRate: 0.05,
  learningRates: { 'mobilenet-v2': 0.01, 'shufflenet-v1': 0.01, 'shufflenet-v2': 0.01 },
  decay: { factor: 0.1, epochs: [150, 180, 210] },
  distillation: { temperature: 4, labels: 0.1, teacher: 0.9 },
};

/** The learning rate of a net in an epoch, counted from 0. */
export function learningRateAt(net: NetName, epoch: number): number {
  const { learningRate, learningRates, decay } = schedule;
  const decays = decay.epochs.filter((end) => epoch >= end).length;
  return (learningRates[net] ?? learningRate) * decay.factor ** decays;
}
