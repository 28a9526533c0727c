import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from 'im-test/support';
import type { Scope } from '../faults/kit/scope.ts';
import { findProgram } from '../support/install-programs.ts';
import { prometheusProgram } from '../support/prometheus.ts';
import { spawnTied } from '../support/tied-process.ts';
import type { Target } from './world.ts';

/** Starts a Prometheus that asks these every two seconds, with our rules as they are. Resolves with its address. */
export async function startPrometheus(scope: Scope, targets: readonly Target[]): Promise<string> {
  const program = await findProgram(prometheusProgram);
  const folder = await mkdtemp(join(tmpdir(), 'im-observe-'));
  scope.onEnd(() => rm(folder, { recursive: true, force: true }));
  const jobs = [...new Set(targets.map(({ job }) => job))];
  // JSON is YAML.
  const config = {
    global: { scrape_interval: '2s', evaluation_interval: '2s' },
    rule_files: [resolve('deploy/prometheus/alerts.yml')],
    scrape_configs: jobs.map((job) => ({
      job_name: job,
      static_configs: targets
        .filter((target) => target.job === job)
        .map(({ address, instance }) => ({ targets: [address], labels: { instance } })),
    })),
  };
  const file = join(folder, 'prometheus.yml');
  await writeFile(file, JSON.stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  const prometheus = spawnTied({
    program,
    args: [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
    ],
    cwd: folder,
    folderToRemove: folder,
  });
  scope.onEnd(async () => {
    prometheus.signal('SIGTERM');
    await prometheus.ended;
  });
  await prometheus.printed(/Server is ready to receive web requests/);
  return `http://${address}`;
}
