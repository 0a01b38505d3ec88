import { KdError } from '@kd/core';
import type { Shape } from '@kd/core';
import type { InputInfo } from '../named-inputs.js';
import type { MetaGraph, SavedValue, TfjsNode } from './tfjs-node.js';

/** A signature of a SavedModel. */
export interface Signature {
  readonly inputs: readonly InputInfo[];
  readonly outputs: ReadonlyMap<string, Shape | undefined>;
}

/**
 * Finds a signature; throws `KD_FILE_READ` unless the path holds a SavedModel, `KD_OUTPUT_UNKNOWN` for tags
 * or a signature that it lacks.
 */
export async function readSignature(
  where: string,
  { node }: TfjsNode,
  path: string,
  { tags, signature }: { tags: readonly string[]; signature: string },
): Promise<Signature> {
  const graphs = await node.getMetaGraphsFromSavedModel(path).catch((cause: unknown) => {
    throw new KdError({
      code: 'KD_FILE_READ',
      where,
      argument: 'path',
      expected: 'the directory of a SavedModel',
      received: `${JSON.stringify(path)}, and the error "${cause instanceof Error ? cause.message : String(cause)}"`,
      remedy: 'Pass the directory that holds saved_model.pb.',
      cause,
    });
  });
  const isAsked = (graph: MetaGraph): boolean =>
    graph.tags.length === tags.length && tags.every((tag) => graph.tags.includes(tag));
  const graph = graphs.find(isAsked);
  const found = graph?.signatureDefs[signature];
  if (graph === undefined) throw unknown(where, 'tags', tags.join(', '), graphs.map((each) => each.tags.join(' + '))); // prettier-ignore
  if (found === undefined) throw unknown(where, 'signature', signature, Object.keys(graph.signatureDefs));
  return {
    inputs: Object.entries(found.inputs).map(([name, value]) => ({
      name,
      shape: shapeOf(value),
      dtypes: [value.dtype],
    })),
    outputs: new Map(Object.entries(found.outputs).map(([name, value]) => [name, shapeOf(value)])),
  };
}

function unknown(where: string, option: string, received: string, known: readonly string[]): KdError {
  return new KdError({
    code: 'KD_OUTPUT_UNKNOWN',
    where,
    argument: `options.${option}`,
    expected: 'one that the SavedModel has',
    received: JSON.stringify(received),
    remedy: `Choose one of ${known.join(', ') || '(none)'}.`,
  });
}

/** The shape of a value; undefined if its rank is unknown, which TensorFlow also writes as no axes. */
function shapeOf({ shape }: SavedValue): Shape | undefined {
  if (shape === undefined || shape.length === 0) return undefined;
  return shape.map((axis) => {
    const { getSize }: { getSize?: () => unknown } = Object(axis) as object;
    const size: unknown = getSize === undefined ? axis : getSize.call(axis);
    return typeof size === 'number' && size >= 0 ? size : null;
  });
}
