import { adam, adamW, rmsprop, sgd } from '../src/index.js';

/** What every optimizer of the package can do. */
export type AnyOptimizer = ReturnType<typeof sgd>;

/** Each optimizer plain, and with everything that it can accumulate. */
export const everyOptimizer: readonly (readonly [name: string, make: () => AnyOptimizer])[] = [
  ['sgd', () => sgd({ learningRate: 0.1 })],
  ['sgd with momentum', () => sgd({ learningRate: 0.1, momentum: 0.9, dampening: 0.3, clipNorm: 1 })],
  ['sgd with nesterov', () => sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1 })],
  [
    'sgd with momentum on a schedule',
    () => sgd({ learningRate: 0.1, momentum: ({ step }) => step / (step + 1), nesterov: true }),
  ],
  ['adam', () => adam({ learningRate: 0.1 })],
  ['adam with decay', () => adam({ learningRate: 0.1, weightDecay: 0.1, clipNorm: 1, maxNorm: 1 })],
  ['adamW', () => adamW({ learningRate: 0.1 })],
  ['adamW on a schedule', () => adamW({ learningRate: ({ step }) => 0.1 / (1 + step), maxNorm: 1 })],
  ['rmsprop', () => rmsprop({ learningRate: 0.1 })],
  ['rmsprop with all', () => rmsprop({ learningRate: 0.1, momentum: 0.5, centered: true, weightDecay: 0.1 })],
];
