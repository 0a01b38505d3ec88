import type { Term } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as api from './index.js';

declare const x: Tensor;

api.squaredErrorLoss(x, x) satisfies Tensor;
api.huberLoss(x, x, { delta: 2 }) satisfies Tensor;
api.teacherBoundedLoss({ teacherValues: x, trueValues: x }, x, { margin: 1 }) satisfies Tensor;
for (const loss of [api.squaredErrorLoss, api.absoluteErrorLoss, api.huberLoss]) loss satisfies api.ValueLoss;
api.valueMatching({ loss: (t, s) => api.huberLoss(t, s, { delta: 2 }), output: 'boxes' }) satisfies Term;
api.valueTarget({ target: 'boxes', weight: ({ epoch }) => 1 / (1 + epoch) }) satisfies Term;
api.teacherBounded({ margin: 1, name: 'bounded' }) satisfies Term;

// @ts-expect-error: a loss is a function, not its name
api.valueMatching({ loss: 'huber' });
// @ts-expect-error: values of a teacher are no target
api.valueMatching({ target: 'boxes' });
// @ts-expect-error: the bound compares squared errors
api.teacherBounded({ loss: api.huberLoss });
// @ts-expect-error: the options of a loss belong to the loss
api.valueMatching({ delta: 2 });
// @ts-expect-error: values are a tensor
api.squaredErrorLoss([[1]], x);
// @ts-expect-error: the true values are needed
api.teacherBoundedLoss({ teacherValues: x }, x);
// @ts-expect-error: a margin has no schedule
api.teacherBounded({ margin: () => 2 });
// @ts-expect-error: a term is not changed
api.valueTarget().weight = 2;
