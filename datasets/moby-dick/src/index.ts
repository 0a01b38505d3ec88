export { charactersOf } from './characters.js';
export type { Characters } from './characters.js';
export { loadChapters, splitChapters } from './chapters.js';
export type { Chapter, SplitText } from './chapters.js';
export { windowsOf } from './windows.js';
