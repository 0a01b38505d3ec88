export { jsonLines } from './json-lines.js';
export { readJsonLines } from './read-json-lines.js';
export type { StoredEvents } from './read-json-lines.js';
export { saveModels } from './run-folder/models-file.js';
export { terminal } from './terminal.js';
export type { TerminalOptions, TextStream } from './terminal.js';
