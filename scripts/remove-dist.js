// Runs before each build of a package, in its folder, because the compiler does not remove the output of
// deleted sources.
import { rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
