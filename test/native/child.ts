// Runs every case on the instruction set and threads that the environment names, and prints the outcome as JSON.
import { loadAddon, nativeBackend } from '../../lib/backend/native.js';
import { allCases } from './cases.js';
import { checkAll } from './check.js';

const addon = loadAddon();
const isa = process.env['ADJOINT_ISA'] ?? '';
if (!addon.setIsa(isa)) throw new Error(`ADJOINT_ISA is '${isa}'; this machine runs ${addon.isas.join(', ')}`);
const outcome = checkAll(allCases(), nativeBackend(addon).run);
console.log(JSON.stringify({ isa, threads: addon.threads(), ...outcome }));
