// What im-platform and im-gateway say of themselves, in OpenAPI.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryBus } from 'im-common/bus';
import { createGateway } from 'im-gateway';
import { createPlatform, migrate, openDatabase } from 'im-platform';

export async function describePlatform(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'im-client-'));
  const database = `sqlite:${join(folder, 'im.db')}`;
  const opened = openDatabase({ url: database });
  await migrate(opened.sql);
  await opened.close();
  const bus = createMemoryBus();
  await bus.start();
  const secrets = { accessSecret: 'only-for-the-description-1', refreshSecret: 'only-for-the-description-2' };
  const platform = createPlatform({
    ...secrets,
    database,
    bus,
    host: '127.0.0.1',
    port: 0,
    filesDir: folder,
  });
  await platform.start();
  const description = await (await fetch(`${platform.url}/v1/openapi.json`)).text();
  await platform.close();
  await bus.close();
  await rm(folder, { recursive: true });
  return description;
}

export async function describeGateway(): Promise<string> {
  const bus = createMemoryBus();
  await bus.start();
  const gateway = createGateway({ bus, apiKey: 'only-for-the-description-of-the-api', port: 0 });
  await gateway.start();
  const description = await (await fetch(`${gateway.url}/openapi.json`)).text();
  await gateway.close();
  await bus.close();
  return description;
}
