import type { TestProjectInlineConfiguration, ViteUserConfig } from 'vitest/config';

const conditions = ['@kd/source'];
const onTensorflow = process.env['KD_TEST_BACKEND'] === 'tensorflow';

const all = ['packages', 'benchmarks']
  .map((folder) => `${folder}/*/src/**/*.test.ts`)
  .concat('examples/*/*.test.ts', 'testing/src/**/*.test.ts');
// The tests of the backend are about what a process starts with: kernels, threads, flags.
const alone = ['**/*.alone.test.ts', 'packages/backend/src/**/*.test.ts'];
const long = ['**/*.long.test.ts'];

const project = (
  name: string,
  include: readonly string[],
  exclude: readonly string[],
  sharesProcess: boolean,
): TestProjectInlineConfiguration => ({
  extends: true,
  test: {
    name,
    include: [...include],
    exclude: ['**/node_modules/**', '**/.cache/**', ...exclude],
    isolate: !sharesProcess,
    setupFiles: [
      ...(onTensorflow ? ['packages/backend/test/before-tensorflow.ts'] : []),
      ...(sharesProcess ? ['testing/src/load-tfjs.ts'] : []),
      'testing/src/seed-every-file.ts',
    ],
  },
});

const config: ViteUserConfig = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    pool: 'forks',
    testTimeout: 60_000,
    projects: [
      // A process that loads tfjs and vitest spends half a second of CPU on that, more than most files on their tests. Files that share
      // processes take a quarter of the time. `npm run test:native` has a process for each that computes: it finds those that
      // pass only after another one.
      project('together', all, [...alone, ...long], !onTensorflow),
      project('alone', alone, long, false),
      project('long', long, [], false),
    ],
  },
};

export default config;
