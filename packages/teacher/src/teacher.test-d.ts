import type { Teacher } from '@kd/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { expectTypeOf } from 'vitest';
import { ensembleTeacher, layersTeacher } from './index.js';
import type { EnsembleTeacherOptions, LayersTeacherOptions } from './index.js';

declare const model: LayersModel;

expectTypeOf(layersTeacher(model, { output: 'logits' })).toEqualTypeOf<Teacher>();
layersTeacher(model, { output: 'probabilities', classes: ['cat', 'dog'] as const });
// @ts-expect-error What the model puts out is always stated.
layersTeacher(model, {});
// @ts-expect-error Not a convention.
layersTeacher(model, { output: 'softmax' });
// @ts-expect-error A misspelt option.
layersTeacher(model, { output: 'logits', class: [] });
expectTypeOf<LayersTeacherOptions['classes']>().toEqualTypeOf<readonly string[] | undefined>();

const member = layersTeacher(model, { output: 'logits' });
expectTypeOf(ensembleTeacher({ a: member, b: member })).toEqualTypeOf<Teacher>();
// Ensembles nest.
ensembleTeacher({ a: member, b: ensembleTeacher({ c: member }) }, { weights: { a: 0.5, b: 0.5 } });
// @ts-expect-error A model is no teacher.
ensembleTeacher({ a: model });
// @ts-expect-error Members have names.
ensembleTeacher([member]);
// @ts-expect-error Weights are by name.
ensembleTeacher({ a: member }, { weights: [1] });
expectTypeOf<EnsembleTeacherOptions>().toEqualTypeOf<{
  readonly weights?: Readonly<Record<string, number>>;
}>();
