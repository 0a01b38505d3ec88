import { Tensor } from '@tensorflow/tfjs-core';
import type { Batch, Named } from '@kd/core';
import { frozenLayers } from '@kd/model';
import type { Objective, StepValues } from '@kd/recipe';

type Request = Omit<StepValues, 'numbers'>;

/** The tensors that differ from step to step: the batch, the teacher's answer, and numbers of schedules. */
export function inputsOfStep({ batch, answer, seed }: Request, numbers: Named): Named {
  const members = answer?.members ?? [];
  return {
    ...inputsOfBatch(batch),
    ...Object.fromEntries(
      members.flatMap(({ outputs }, index) => Object.entries(prefixed(`member ${String(index)}`, outputs))),
    ),
    ...Object.fromEntries((answer?.taps ?? []).map((tap, index) => [`tap ${String(index)}`, tap])),
    ...numbers,
    ...(seed instanceof Tensor ? { seed } : {}),
  };
}

/** What else a step depends on: what is frozen, and how much each member of an ensemble counts. */
export function keyOfStep({ recipe, trainable }: Objective, { answer }: Request): string {
  const frozen = [...frozenLayers(recipe.student.model)].map(({ id }) => id);
  const learns = trainable.map(({ variable }) => Number(variable.trainable)).join('');
  return JSON.stringify([frozen, learns, answer?.members.map(({ weight }) => weight)]);
}

/** All tensors of a batch by name. */
export function inputsOfBatch({ inputs, targets = {}, rows, sampleWeight, labelled, mask }: Batch): Named {
  const others = Object.entries({ rows, sampleWeight, labelled, mask }).filter(([, tensor]) => tensor);
  return {
    ...prefixed('input', inputs),
    ...prefixed('target', targets),
    ...prefixed('batch', Object.fromEntries(others) as Named),
  };
}

/** The same tensors under longer names. */
export function prefixed(prefix: string, tensors: Named): Named {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix} ${name}`, tensor]));
}
