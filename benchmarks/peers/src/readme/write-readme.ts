// Writes the measured tables into the README from the files in results/:
// npm run readme --workspace @kd-benchmarks/peers
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fillBetween } from './fill-between.js';
import { measured } from './measured.js';

const readme = new URL('../../README.md', import.meta.url);
const results = fileURLToPath(new URL('../../results', import.meta.url));
const text = await readFile(readme, 'utf8');
await writeFile(readme, fillBetween(text, 'measured', await measured(results)));
