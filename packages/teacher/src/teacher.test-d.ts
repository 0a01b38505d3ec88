import type { Teacher } from '@kd/core';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as tfjsNode from '@tensorflow/tfjs-node';
import * as ort from 'onnxruntime-node';
import { expectTypeOf } from 'vitest';
import { functionTeacher } from './function.js';
import {
  alignClasses,
  arraysTeacher,
  ensembleTeacher,
  fitEnsembleWeights,
  graphModelTeacher,
  layersTeacher,
  withInputs,
} from './index.js';
import { onnxTeacher } from './onnx.js';
import { savedModelTeacher } from './saved-model/node.js';
import type { EnsembleTeacherOptions, LayersTeacherOptions } from './index.js';

declare const model: LayersModel;

expectTypeOf(layersTeacher(model, { convention: 'logits' })).toEqualTypeOf<Teacher>();
layersTeacher(model, { convention: 'probabilities', classes: ['cat', 'dog'] as const });
// @ts-expect-error The convention is required.
layersTeacher(model, {});
// @ts-expect-error Not a convention.
layersTeacher(model, { output: 'softmax' });
// @ts-expect-error A misspelt option.
layersTeacher(model, { convention: 'logits', class: [] });
expectTypeOf<LayersTeacherOptions['classes']>().toEqualTypeOf<readonly string[] | undefined>();

const member = layersTeacher(model, { convention: 'logits' });
expectTypeOf(ensembleTeacher({ a: member, b: member })).toEqualTypeOf<Teacher>();
// Ensembles nest.
ensembleTeacher({ a: member, b: ensembleTeacher({ c: member }) }, { weights: { a: 0.5, b: 0.5 } });
// @ts-expect-error A model is not a teacher.
ensembleTeacher({ a: model });
// @ts-expect-error Members have names.
ensembleTeacher([member]);
// @ts-expect-error Weights are by name.
ensembleTeacher({ a: member }, { weights: [1] });
expectTypeOf<EnsembleTeacherOptions>().toEqualTypeOf<{
  readonly weights?: Readonly<Record<string, number>>;
}>();

// Accepts the models of the libraries, although the package imports none of them.
declare const graphModel: GraphModel;
declare const session: ort.InferenceSession;
expectTypeOf(graphModelTeacher(graphModel, { convention: 'logits' })).toEqualTypeOf<Teacher>();
expectTypeOf(
  onnxTeacher(ort, session, { convention: 'logits', fingerprint: 'v1' }),
).resolves.toEqualTypeOf<Teacher>();
void onnxTeacher(ort, new Uint8Array(1), { convention: 'logits' });
expectTypeOf(savedModelTeacher(tfjsNode, 'path', { convention: 'logits' })).resolves.toEqualTypeOf<Teacher>();
// @ts-expect-error A model is not a session.
void onnxTeacher(ort, graphModel, { convention: 'logits' });

functionTeacher(() => [[1, 2]], { convention: 'logits', classes: ['a', 'b'], fingerprint: 'v1' });
functionTeacher(() => Promise.resolve(new Float32Array(2)), {
  convention: 'logits',
  shape: [null, 2],
  fingerprint: 'v1',
});
// @ts-expect-error A function needs a fingerprint.
functionTeacher(() => [[1, 2]], { convention: 'logits', classes: ['a', 'b'] });
arraysTeacher(new Map([['a', [1, 2]]]), { convention: 'probabilities' });
// @ts-expect-error Rows need ids.
arraysTeacher([[1, 2]], { convention: 'logits' });
alignClasses(member, { classes: ['dog'], map: { dog: ['poodle', 'pug'] } });
// @ts-expect-error The classes of the student are required.
alignClasses(member, {});
withInputs(member, { name: 'same', inputs: ({ inputs }) => inputs });
expectTypeOf(fitEnsembleWeights({ a: member }, []))
  .resolves.toHaveProperty('weights')
  .toEqualTypeOf<Readonly<Record<string, number>>>();
