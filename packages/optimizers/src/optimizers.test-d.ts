import type { LayerwiseOptimizer, OptimizerState, ResumableOptimizer, TimedOptimizer } from '@kd/core';
import { cosine } from '@kd/schedule';
import type { Optimizer } from '@tensorflow/tfjs-core';
import { namedWeights } from '@kd/model';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as api from './index.js';

declare const model: LayersModel;

api.sgd() satisfies Optimizer & LayerwiseOptimizer & ResumableOptimizer & TimedOptimizer;
api.sgd({ momentum: cosine({ from: 0.5, to: 0.9, steps: 10 }), maxNorm: { hidden: 3 } }) satisfies Optimizer;
api.adam({
  learningRate: cosine({ from: 0.1, to: 0, steps: 10 }),
  beta1: 0.8,
  clipNorm: 1,
}) satisfies Optimizer;
api.adamW({ learningRate: ({ epoch }) => 1 / (1 + epoch), maxNorm: 3 }) satisfies Optimizer;
api.rmsprop({ centered: true, momentum: 0.9 }) satisfies Optimizer;
api.adam().getState(namedWeights(model)) satisfies OptimizerState;
api.adam().learningRate = () => 0.1;

// @ts-expect-error: unknown option
api.sgd({ lr: 0.1 });
// @ts-expect-error: a learning rate belongs in the options
api.adam(0.1);
// @ts-expect-error: only sgd and rmsprop have momentum
api.adam({ momentum: 0.9 });
// @ts-expect-error: a schedule is not a name
api.sgd({ learningRate: 'cosine' });
// @ts-expect-error: a schedule gives a number
api.sgd({ learningRate: () => '0.1' });
// @ts-expect-error: a limit is a number
api.sgd({ maxNorm: { hidden: '3' } });
// @ts-expect-error: a state also has numbers
api.sgd().setState({ tensors: {} });
