import { listTaps } from '@kd/model';
import type { ResolvedTap } from '@kd/model';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

/** A part of a model that computes no more than is wanted. */
export interface Part {
  readonly model: LayersModel;
  /** Of the wanted outputs, among those of the part. */
  readonly positions: readonly number[];
}

/**
 * Finds the part of a model that leads to some of its outputs, by their positions, so that the others are not
 * computed. It is the whole model if a tap lies outside that part.
 */
export function partsOf(
  model: LayersModel,
): (positions: readonly number[], taps: readonly ResolvedTap[]) => Part {
  const parts = new Map<string, { model: LayersModel; taps: ReadonlySet<string> }>();
  return (positions, taps) => {
    const distinct = [...new Set(positions)];
    if (distinct.length === 0 || distinct.length === model.outputs.length) return { model, positions };
    const key = distinct.join();
    let part = parts.get(key);
    if (part === undefined) {
      const outputs = distinct.map((position) => model.outputs[position] as SymbolicTensor);
      // A view instead of a new model, which would share layers that disposing either of them disposes.
      const view = Object.create(model, { outputs: { value: outputs } }) as LayersModel;
      part = { model: view, taps: new Set(listTaps(view).map((tap) => tap.key)) };
      parts.set(key, part);
    }
    const { model: view, taps: reached } = part;
    if (!taps.every((tap) => reached.has(tap.key))) return { model, positions };
    return { model: view, positions: positions.map((position) => distinct.indexOf(position)) };
  };
}
