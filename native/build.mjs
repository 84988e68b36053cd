// Builds build/Release/adjoint.node.
//
//   node native/build.mjs                                what `npm install` runs in a checkout: never fails it
//   node native/build.mjs --required [-DNAME=VALUE …]    shows the compiler's output and fails where the build fails
import { compile, missingTools } from './toolchain.mjs';

const required = process.argv.includes('--required');
const definitions = process.argv.filter((argument) => argument.startsWith('-D')).map((argument) => argument.slice(2));
const fallback = 'until then everything runs on the slower pure-TypeScript backend.';

function report(...lines) {
  console.error(lines.join('\n'));
  if (required) process.exitCode = 1;
}

const missing = missingTools();
if (missing.length > 0) {
  report(
    `adjoint: the native core cannot be built here: ${missing.join(', ')} not found.`,
    `Install what is missing (e.g. apt-get install g++ cmake make), then npm run build; ${fallback}`,
  );
} else {
  const { ok, log } = compile('build', definitions, required ? 'inherit' : 'pipe');
  if (!ok) {
    report(
      ...log.trimEnd().split('\n').slice(-30),
      'adjoint: the native core did not build; the end of the log is above.',
      `Mend that (rm -rf build if a tool was replaced), then npm run build; ${fallback}`,
    );
  }
}
