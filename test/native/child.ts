// Runs every case on the instruction set and threads that the environment names, and prints the outcome as JSON.
import { loadAddon, nativeBackend } from '../../lib/backend/native.js';
import { allCases } from './cases.js';
import { checkAll } from './check.js';

const addon = loadAddon();
const outcome = checkAll(allCases(), nativeBackend(addon).run);
console.log(JSON.stringify({ isa: addon.isa, threads: addon.threads(), ...outcome }));
