export { backends, useBackend } from './backends.js';
export { expectClose } from './expect-close.js';
export { expectKdError } from './expect-kd-error.js';
export { expectNoLeak } from './expect-no-leak.js';
export { numericGradient } from './numeric-gradient.js';
export { layerCases, layersWithoutCase } from './layer-cases.js';
export type { LayerCase } from './layer-cases.js';
export { startLayerCase } from './train-layer-case.js';
export type { LayerCaseTraining } from './train-layer-case.js';
