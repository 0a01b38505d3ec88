import { defineConfig } from 'vitest/config';

const conditions = ['@kd/source'];
const onTensorflow = process.env['KD_TEST_BACKEND'] === 'tensorflow';

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages', 'examples', 'benchmarks']
      .map((folder) => `${folder}/*/src/**/*.test.ts`)
      .concat('testing/src/**/*.test.ts'),
    setupFiles: [
      'testing/src/seed-every-file.ts',
      ...(onTensorflow ? ['packages/backend/test/before-tensorflow.ts'] : []),
    ],
    // tfjs keeps one global engine a process; a file of its own process keeps tensor counts honest.
    pool: 'forks',
    testTimeout: 60_000,
  },
});
