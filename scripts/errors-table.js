// Writes docs/errors.md from the error codes that each package lists: `npm run errors`.
import { writeFileSync } from 'node:fs';
import { errorsPage } from '../testing/src/errors-page.js';

writeFileSync(new URL('../docs/errors.md', import.meta.url), await errorsPage());
