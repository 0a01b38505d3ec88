import type { Term } from '@kd/core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import * as api from './index.js';

declare const x: Tensor;
const taps = { student: 'a', teacher: 'b' };

api.similarityPreservingLoss(x, x) satisfies Scalar;
api.similarityPreservingLoss(x, x, { normalize: api.rowsToUnitSum }) satisfies Tensor;
api.rowsToUnitLength satisfies api.NormalizeRows;
api.similarityPreserving({ ...taps, weight: ({ epoch }) => 1 / (1 + epoch), name: 'late' }) satisfies Term;
api.similarityPreserving({ student: { layer: 'a', node: 1, at: 'preActivation' }, teacher: 'b' });

// @ts-expect-error: a normalisation is a function, not its name
api.similarityPreservingLoss(x, x, { normalize: 'l1' });
// @ts-expect-error: unknown option
api.similarityPreservingLoss(x, x, { p: 1 });
// @ts-expect-error: features are a tensor
api.similarityPreservingLoss([[1]], x);
// @ts-expect-error: both taps are needed
api.similarityPreserving({ teacher: 'b' });
// @ts-expect-error: a term is not changed
api.similarityPreserving(taps).weight = 2;
