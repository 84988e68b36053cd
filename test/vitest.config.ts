import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

// Rooms whose tests leave the process as they find it, but for what test/as_before.ts puts back: their files share one copy of
// the library, since loading it takes longer than most of them.
const sharing = 'autodiff,data,diagnose,distributions,golden,io,metrics,nn,ops,optim,plot,search,stats';

// The real sets are no part of the repository: where they are, ADJOINT_DATA names the folder that holds theirs.
const absent = process.env['ADJOINT_DATA'] === undefined ? ['**/on_disk.test.ts'] : [];

export default defineConfig({
  root,
  resolve: {
    // Tests and examples import the package by its name and get the sources.
    alias: [
      { find: /^adjoint$/, replacement: `${root}lib/index.ts` },
      { find: /^adjoint\/(.*)$/, replacement: `${root}lib/$1/index.ts` },
    ],
  },
  test: {
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: [`test/{${sharing}}/**/*.test.ts`],
          exclude: absent,
          isolate: false,
          setupFiles: ['test/as_before.ts'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['test/**/*.test.ts'],
          exclude: [`test/{${sharing}}/**`, ...absent],
          testTimeout: 60_000,
        },
      },
    ],
  },
});
