export { variational } from './variational.js';
export type { VariationalOptions } from './variational.js';
