import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { ones } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const term = { student: 'a', teacher: 'b', weight: 0.5, name: 'mine' };
const vectors = () => ones([2, 3, 4]);
const scores = () => ones([2, 2, 3, 3]);
const mask = () => ones([2, 3]);
const own: ValidCallsOf<typeof api> = {
  attentionLogits: () => [{ ...term, causal: true }],
  attentionLogitsLoss: () => [scores(), scores(), { mask: mask(), causal: true }],
  attentionRelations: () => [{ ...term, heads: 2 }],
  attentionRelationsLoss: () => [vectors(), vectors(), { heads: 2, mask: mask() }],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/attention-relations': own };
