import { KdError } from '@kd/core';
import type { Layer } from './model-graph.js';

/** The error of tfjs for an id that an embedding does not have, as one that names the layer; or any other. */
export function nameIdFault(layer: Layer, error: unknown): unknown {
  const message = error instanceof Error ? error.message : '';
  const [, id, last] = /^GatherV2: the index value (\S+) is not in \[0, (\d+)\]/.exec(message) ?? [];
  if (id === undefined || last === undefined) return error;
  return new KdError({
    code: 'KD_INPUT_RANGE',
    where: `the layer ${JSON.stringify(layer.name)}`,
    argument: 'its input',
    expected: `whole numbers from 0 to ${last}`,
    received: id,
    remedy: 'Encode the inputs with the vocabulary of the model, or give the embedding a larger inputDim.',
    cause: error,
  });
}
