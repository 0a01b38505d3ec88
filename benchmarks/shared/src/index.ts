export { startChild } from './child.js';
export type { Child, Failure } from './child.js';
export { inTurns } from './in-turns.js';
export { median, medianWithInterval, pairedRatio } from './statistics.js';
export type { Ratio } from './statistics.js';
export { writeResult } from './write-result.js';
