export { debianFolder, loadFashion } from './load-fashion.js';
