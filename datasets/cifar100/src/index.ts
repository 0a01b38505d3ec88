export { asData } from './as-data.js';
export { cropAndFlip } from './crop-and-flip.js';
export { loadPictures } from './load-pictures.js';
export type { LoadOptions, Pictures } from './load-pictures.js';
export { channels, side } from './pixels.js';
