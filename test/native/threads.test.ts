import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAddon } from '../../lib/backend/native.js';

/** What a machine says of this process's control groups: the contents of /proc/self/cgroup, and files under /sys/fs/cgroup. */
interface Machine {
  groups: string;
  files: Record<string, string>;
}

function quotaOn({ groups, files }: Machine): number {
  const root = mkdtempSync(join(tmpdir(), 'adjoint-cgroup-'));
  const all = { 'proc/self/cgroup': groups };
  for (const [path, text] of Object.entries(files)) Object.assign(all, { [join('sys/fs/cgroup', path)]: text });
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
  }
  const quota = loadAddon().cpuQuota(root);
  rmSync(root, { recursive: true });
  return quota;
}

const first = (group: string, quota: number, period = 100000) => ({
  [`cpu/${group}/cpu.cfs_quota_us`]: `${quota}`,
  [`cpu/${group}/cpu.cfs_period_us`]: `${period}`,
});

describe('the CPU quota of control groups', () => {
  it.each<[string, number, Machine]>([
    ['no control groups', 0, { groups: '', files: {} }],
    ['version 2, a container: its group is the mount', 1, { groups: '0::/', files: { 'cpu.max': '100000 100000' } }],
    ['version 2, without a limit', 0, { groups: '0::/', files: { 'cpu.max': 'max 100000' } }],
    ['version 2, three and a half CPUs', 3, { groups: '0::/', files: { 'cpu.max': '350000 100000' } }],
    ['version 2, half a CPU', 1, { groups: '0::/', files: { 'cpu.max': '25000 50000' } }],
    [
      'version 2, a service: its group is below',
      2,
      { groups: '0::/system.slice/train.service', files: { 'system.slice/train.service/cpu.max': '200000 100000' } },
    ],
    [
      'version 2, a limit of the groups around it',
      2,
      {
        groups: '0::/a/b/c',
        files: { 'a/cpu.max': '800000 100000', 'a/b/cpu.max': '200000 100000', 'a/b/c/cpu.max': 'max 100000' },
      },
    ],
    ['version 1', 1, { groups: '3:cpu,cpuacct:/job\n2:memory:/', files: first('job', 100000) }],
    ['version 1, without a limit', 0, { groups: '1:cpu:/', files: first('', -1) }],
    [
      'version 1, the group around it',
      2,
      { groups: '1:cpu:/a/b', files: { ...first('a', 20000, 10000), ...first('a/b', -1) } },
    ],
    [
      'version 1, a container that sees its group at the mount',
      4,
      { groups: '9:cpu:/docker/af3', files: first('', 400000) },
    ],
    [
      'both versions, the CPU with the first',
      2,
      { groups: '4:cpuset:/x\n1:cpu:/x\n0::/', files: { ...first('x', 200000), 'cpuset/x/cpu.cfs_quota_us': '1' } },
    ],
  ])('%s: %i', (_, quota, machine) => {
    expect(quotaOn(machine)).toBe(quota);
  });
});

describe.runIf(process.platform === 'linux')('the number of threads', () => {
  const threads = (command: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): number => {
    const script = `import('./lib/backend/native.ts').then(({ loadAddon }) => console.log(loadAddon().threads()))`;
    const { ADJOINT_NUM_THREADS: _, ...inherited } = process.env;
    const all = [...args, process.execPath, '--import', 'tsx', '-e', script].slice(command === 'node' ? 1 : 0);
    const out = execFileSync(command === 'node' ? process.execPath : command, all, {
      env: { ...inherited, ...env },
      encoding: 'utf8',
    });
    return Number(out);
  };

  it('is what ADJOINT_NUM_THREADS says', () => {
    expect(threads('node', [], { ADJOINT_NUM_THREADS: '7' })).toBe(7);
  });

  it('is one where affinity allows one CPU', () => {
    expect(threads('taskset', ['-c', '0'])).toBe(1);
  });
});
