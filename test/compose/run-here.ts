import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from 'im-platform';
import { findProgram, freePort, runnable, startMariaDb, startRedis } from 'im-test/support';
import { readDockerfile, type Stage } from '../../scripts/images/dockerfile.ts';
import type { Scope } from '../faults/kit/scope.ts';
import { asNginxMain } from '../proxies/nginx-main.ts';
import { spawnTied } from '../support/tied-process.ts';
import { waitUntil } from '../support/wait-until.ts';
import type { ComposeService } from './compose-file.ts';

/** The ports that a container has, with the variable that names another one. */
const portsOf: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  'im-server': { 8878: 'IM_PORT', 9878: 'IM_ADMIN_PORT' },
  'im-platform': { 8888: 'IM_PLATFORM_PORT', 8889: 'IM_PLATFORM_OPERATIONS_PORT' },
  'im-gateway': { 8880: 'IM_GATEWAY_PORT', 9880: 'IM_GATEWAY_ADMIN_PORT' },
  redis: { 6379: '' },
  mariadb: { 3306: '' },
  nginx: { 80: '' },
};

const patienceMs = 60_000;

/** Containers as processes of this machine: their settings, but for ports and folders. */
export class ComposeHere {
  readonly #services: ReadonlyMap<string, ComposeService>;
  readonly #stages: readonly Stage[];
  readonly #scope: Scope;
  readonly #folder: string;
  /** `redis:6379`, and what it is here. */
  readonly #ports = new Map<string, number>();

  private constructor(services: ReadonlyMap<string, ComposeService>, stages: readonly Stage[], place: Place) {
    this.#services = services;
    this.#stages = stages;
    this.#scope = place.scope;
    this.#folder = place.folder;
  }

  /** Starts all of them, each when what it depends on is as it wants it. */
  static async start(services: ReadonlyMap<string, ComposeService>, place: Place): Promise<ComposeHere> {
    const here = new ComposeHere(services, readDockerfile(await readFile('Dockerfile', 'utf8')), place);
    for (const [name, service] of services)
      for (const port of Object.keys(portsOf[imageOf(service)] ?? {}))
        here.#ports.set(`${name}:${port}`, await freePort());
    for (const [name, service] of services) {
      await here.#start(name, service);
      place.say(
        `${name}: ${[...services.values()].some((other) => waitsForEnd(other, name)) ? 'done' : 'healthy'}`,
      );
    }
    return here;
  }

  portOf(name: string, port: number): number {
    const own = this.#ports.get(`${name}:${port}`);
    if (own === undefined) throw new Error(`${name} has no port ${port}.`);
    return own;
  }

  /** As `docker compose run --rm name command…`. */
  async runOnce(name: string, command: readonly string[]): Promise<void> {
    const { ended, output } = this.#program(this.#service(name), name, command);
    const { code } = await ended;
    if (code !== 0) throw new Error(`${name} ${command.join(' ')} ended with ${code}:\n${output()}`);
  }

  #service(name: string): ComposeService {
    const service = this.#services.get(name);
    if (!service) throw new Error(`compose.yaml has no service ${name}.`);
    return service;
  }

  async #start(name: string, service: ComposeService): Promise<void> {
    const image = imageOf(service);
    const users = [...this.#services.values()];
    if (users.some((other) => waitsForEnd(other, name))) await this.runOnce(name, service.command ?? []);
    else if (image === 'redis') await this.#startRedis(name, service);
    else if (image === 'mariadb') await this.#startMariaDb(name, service);
    else if (image === 'nginx') await this.#startNginx(name, service);
    else {
      const { process, output, env } = this.#program(
        service,
        name,
        service.command ?? this.#stage(image).settings.cmd,
      );
      this.#scope.onEnd(async () => {
        process.signal('SIGTERM');
        const { code } = await process.ended;
        if (code !== 0) throw new Error(`${name} ended with ${code}:\n${output()}`);
      });
      const [program = '', ...args] = this.#stage(image).settings.healthcheck;
      await this.#untilHealthy(name, () => {
        if (!process.isRunning()) throw new Error(`${name} ended:\n${output()}`);
        return spawnSync(program, args, { env }).status === 0;
      });
    }
  }

  #stage(image: string): Stage {
    const stage = this.#stages.find(({ name }) => name === image);
    if (!stage) throw new Error(`The Dockerfile has no target ${image}.`);
    return stage;
  }

  #program(service: ComposeService, name: string, args: readonly string[]) {
    const image = imageOf(service);
    const ports = Object.entries(portsOf[image] ?? {}).map(([port, variable]) => [
      variable,
      String(this.portOf(name, Number(port))),
    ]);
    const given = { ...this.#stage(image).settings.env, ...service.environment };
    const here = Object.entries(given).map(([key, value]) => [key, this.#here(value)]);
    const env = {
      PATH: process.env['PATH'],
      ...Object.fromEntries([...here, ...ports]),
    } as NodeJS.ProcessEnv;
    const tied = spawnTied({
      program: process.execPath,
      args: [...runnable(`packages/${image}/src/main.ts`), ...args],
      cwd: process.cwd(),
      env,
    });
    return { process: tied, ended: tied.ended, output: () => tied.output, env };
  }

  /** Addresses of neighbours, and the volume of files. */
  #here(text: string): string {
    return text
      .replaceAll(/\b([\w-]+:\d+)\b/g, (address) => {
        const port = this.#ports.get(address);
        return port === undefined ? address : `127.0.0.1:${port}`;
      })
      .replace(/^\/data\b/, join(this.#folder, 'data'));
  }

  async #startRedis(name: string, { command = [], healthcheck }: ComposeService): Promise<void> {
    const port = this.portOf(name, 6379);
    const redis = await startRedis({ port, args: command.slice(1) });
    this.#scope.onEnd(() => redis.stop());
    const [, test = ''] = healthcheck?.test ?? [];
    await this.#untilHealthy(
      name,
      () => spawnSync('sh', ['-c', test.replace('redis-cli', `redis-cli -p ${port}`)]).status === 0,
    );
  }

  /** What its image makes of the variables, made by hand. Its health check is a script of the image. */
  async #startMariaDb(name: string, { environment = {} }: ComposeService): Promise<void> {
    const mariadb = await startMariaDb({ port: this.portOf(name, 3306) });
    this.#scope.onEnd(() => mariadb.stop());
    const { MARIADB_DATABASE = '', MARIADB_USER = '', MARIADB_PASSWORD = '' } = environment;
    const root = openDatabase({ url: `${mariadb.url}mysql` });
    await root.sql.raw('create database ?? character set utf8mb4', [MARIADB_DATABASE]);
    await root.sql.raw(`create user ?@'%' identified by ?`, [MARIADB_USER, MARIADB_PASSWORD]);
    await root.sql.raw(`grant all on ??.* to ?@'%'`, [MARIADB_DATABASE, MARIADB_USER]);
    await root.close();
  }

  async #startNginx(name: string, { healthcheck }: ComposeService): Promise<void> {
    const program = await findProgram('nginx');
    if (program === undefined)
      throw new Error('nginx is not installed. On Debian: apt-get install nginx-light');
    const folder = join(this.#folder, 'nginx');
    await mkdir(folder);
    const port = this.portOf(name, 80);
    const shipped = await readFile('deploy/compose/nginx.conf', 'utf8');
    const file = join(folder, 'nginx.conf');
    await writeFile(
      file,
      asNginxMain(this.#here(shipped).replace('listen 80', `listen 127.0.0.1:${port}`), folder),
    );
    const nginx = spawnTied({ program, args: ['-c', file, '-p', folder], cwd: folder });
    this.#scope.onEnd(() => {
      nginx.signal('SIGTERM');
      return nginx.ended;
    });
    const [, curl = '', ...args] = healthcheck?.test ?? [];
    const here = args.map((arg) => arg.replace('127.0.0.1:80/', `127.0.0.1:${port}/`));
    await this.#untilHealthy(name, () => {
      if (!nginx.isRunning()) throw new Error(`nginx ended:\n${nginx.output}`);
      return spawnSync(curl, here).status === 0;
    });
  }

  #untilHealthy(name: string, ask: () => boolean): Promise<boolean> {
    return waitUntil(`${name} is healthy`, async () => ask(), patienceMs);
  }
}

export interface Place {
  readonly scope: Scope;
  readonly folder: string;
  readonly say: (line: string) => void;
}

function imageOf({ image }: ComposeService): string {
  return image.split(':')[0] ?? '';
}

function waitsForEnd(service: ComposeService, name: string): boolean {
  return service.depends_on?.[name]?.condition === 'service_completed_successfully';
}
