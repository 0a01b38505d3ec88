// Builds the packages and checks each one as it would be published: publint, types, size, contents.
// `npm run check:packages -- core teacher` checks only these two.
import { rmSync } from 'node:fs';
import { build, pack, temporaryFolder } from './lib/pack.js';
import { selectedPackages } from './lib/packages.js';
import { distFaults } from './package-checks/dist.js';
import { packedFaults } from './package-checks/packed.js';
import { publintFaults } from './package-checks/publint.js';
import { sizeFaults, sizesOf } from './package-checks/size.js';
import { typesFaults } from './package-checks/types.js';

const packages = selectedPackages();
build(packages);
const folder = temporaryFolder();
try {
  const packed = await pack(packages, folder);
  const rows = [];
  let faulty = 0;
  for (const pkg of packages) {
    const tarball = packed.get(pkg.name);
    const sizes = await sizesOf(pkg);
    rows.push(...sizes);
    const faults = [
      ...(await publintFaults(tarball)),
      ...(await typesFaults(tarball)),
      ...distFaults(pkg),
      ...packedFaults(pkg, tarball),
      ...sizeFaults(sizes),
    ];
    console.log(`${faults.length === 0 ? 'ok    ' : 'FAULTY'} ${pkg.name}`);
    for (const fault of faults) console.log(`       ${fault}`);
    if (faults.length > 0) faulty += 1;
  }
  console.log('\nBytes, minified and gzipped, without tfjs:');
  console.table(
    Object.fromEntries(
      rows.map(({ name, own, budget, withKd }) => [name, { own, budget, 'with @kd': withKd }]),
    ),
  );
  console.log(`${packages.length - faulty} of ${packages.length} packages pass.`);
  process.exitCode = faulty === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
