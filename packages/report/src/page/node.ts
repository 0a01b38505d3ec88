export { page } from './page.js';
export type { PageOptions } from './page.js';
