import type { Term } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as api from './index.js';

declare const x: Tensor;
const taps = { student: 'a', teacher: 'b' };

api.attentionMap(x) satisfies Tensor;
api.attentionTransferLoss(x, x, { power: 4, distance: api.meanSquaredDifference }) satisfies Tensor;
api.euclideanDistance satisfies api.MapDistance;
api.attentionTransferLoss(x, x, { distance: (t, s) => api.euclideanDistance(s, t) });
api.attentionTransfer({ ...taps, weight: ({ epoch }) => 1 / (1 + epoch), name: 'early' }) satisfies Term;
api.attentionTransfer({ student: { layer: 'a', node: 1, at: 'preActivation' }, teacher: 'b' });

// @ts-expect-error: a distance is a function, not its name
api.attentionTransferLoss(x, x, { distance: 'code' });
// @ts-expect-error: unknown option
api.attentionTransferLoss(x, x, { p: 2 });
// @ts-expect-error: features are a tensor
api.attentionTransferLoss([[[[1]]]], x);
// @ts-expect-error: a map has no distance
api.attentionMap(x, { distance: api.euclideanDistance });
// @ts-expect-error: both taps are needed
api.attentionTransfer({ student: 'a' });
// @ts-expect-error: a power has no schedule
api.attentionTransfer({ ...taps, power: () => 2 });
// @ts-expect-error: a term is not changed
api.attentionTransfer(taps).weight = 2;
