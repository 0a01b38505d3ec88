import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Clears `model.stopTraining`, which tfjs's EarlyStopping sets. */
export function clearStopFlag(model: LayersModel): void {
  // A Sequential keeps the flag in an inner model that it builds at its first prediction; until then the flag
  // throws.
  const { model: inner } = model as LayersModel & { model?: unknown };
  if (inner === null || (inner === undefined && model.getClassName() === 'Sequential')) model.build([]);
  model.stopTraining = false;
}

/** Whether a callback has requested a stop. */
export function isStopRequested(model: LayersModel): boolean {
  return model.stopTraining;
}
