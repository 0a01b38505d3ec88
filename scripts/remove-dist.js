// Before each build of a package, in its folder: the compiler leaves the output of a source file that is gone.
import { rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
