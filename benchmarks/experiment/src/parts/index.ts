export { keptIn } from './kept-file.js';
export { keptParts, slug } from './kept-parts.js';
export type { KeptParts } from './kept-parts.js';
export { runMissing } from './run-missing.js';
export type { PartOutcome, PartTools } from './run-missing.js';
export { compare } from './mcnemar.js';
export type { Comparison } from './mcnemar.js';
export { asBits, countOf, rowsOf } from './bits.js';
