// An im-platform with a push server, on this machine, for the desk to try. In earnest both are programs of their own.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createMemoryBus } from 'im-common/bus';
import { createPlatform, migrate, openDatabase } from 'im-platform';
import { createImServer } from 'im-server';

export interface PlatformHere {
  readonly url: string;
  readonly imUrl: string;
  close(): Promise<void>;
}

/** `deskUrl`: whose pages may ask it. */
export async function startPlatformHere(options: {
  readonly folder: string;
  readonly deskUrl: string;
  readonly port: number;
  readonly imPort: number;
}): Promise<PlatformHere> {
  const { folder, deskUrl, port, imPort } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const database = databaseIn(folder);
  const opened = openDatabase({ url: database });
  await migrate(opened.sql);
  await opened.close();
  const bus = createMemoryBus();
  await bus.start();
  const accessSecret = 'only-for-this-example-0123456789';
  const server = createImServer({ host: '127.0.0.1', port: imPort, jwtSecret: accessSecret, bus });
  await server.start();
  const platform = createPlatform({
    ...{ host: '127.0.0.1', port, database, bus, filesDir: join(folder, 'files') },
    ...{ accessSecret, refreshSecret: `${accessSecret}-another`, language: 'en' },
    ...{ allowedOrigins: [deskUrl], webhookNetworks: ['loopback'] },
  });
  await platform.start();
  return {
    ...{ url: platform.url, imUrl: server.url },
    async close() {
      await platform.close();
      await server.close();
      await bus.close();
    },
  };
}

export const databaseIn = (folder: string): string => `sqlite:${join(folder, 'im.db')}`;
export const scopes = 'users,tokens,conversations,messages,webhooks';
