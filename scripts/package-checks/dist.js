import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const compiled = /(\.d\.ts|\.js)(\.map)?$/;

/**
 * Every file of dist comes from a source file of the same name: nothing of another package was bundled into
 * it.
 */
export function distFaults(pkg) {
  const dist = join(pkg.folder, 'dist');
  const hasSource = (file) =>
    compiled.test(file) && existsSync(join(pkg.folder, 'src', file.replace(compiled, '.ts')));
  return readdirSync(dist, { recursive: true })
    .filter((file) => statSync(join(dist, file)).isFile() && !hasSource(file))
    .map((file) => `dist/${file} has no source file. Remove packages/${pkg.short}/dist and build again.`);
}
