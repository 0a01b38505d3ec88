import type { TestProjectInlineConfiguration, ViteUserConfig } from 'vitest/config';

const conditions = ['@kd/source'];
const onTensorflow = process.env['KD_TEST_BACKEND'] === 'tensorflow';

const all = ['packages', 'datasets', 'benchmarks']
  .map((folder) => `${folder}/*/src/**/*.test.ts`)
  .concat('examples/*/*.test.ts', 'testing/src/**/*.test.ts');
// The backend's tests depend on the initial state of a process: kernels, threads, flags.
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
    // Vitest leaves one processor free, which is half of a machine with two.
    maxWorkers: '100%',
    testTimeout: 60_000,
    projects: [
      // Loading tfjs and vitest costs a process half a second of CPU, more than most files spend on their
      // tests. Files that share processes take a quarter of the time. `npm run test:native` gives each file
      // that computes a separate process, which finds files that pass only after another one.
      project('together', all, [...alone, ...long], !onTensorflow),
      project('alone', alone, long, false),
      project('long', long, [], false),
    ],
  },
};

export default config;
