export { jsonLines } from './json-lines.js';
export { readJsonLines } from './read-json-lines.js';
export type { StoredEvents } from './read-json-lines.js';
