import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

export default defineConfig({
  root,
  resolve: {
    // Tests and examples import the package by its name and get the sources.
    alias: [
      { find: /^adjoint$/, replacement: `${root}lib/index.ts` },
      { find: /^adjoint\/(.*)$/, replacement: `${root}lib/$1/index.ts` },
    ],
  },
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000, maxWorkers: 2 },
});
