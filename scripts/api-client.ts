// `npm run client`: the types of im-platform's client are written from what the platform says of itself at /v1/openapi.json. A
// test compares the two.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryBus } from 'im-common/bus';
import { createPlatform, migrate, openDatabase } from 'im-platform';
import { clientTypes, clientTypesFile } from './client-types.ts';

const folder = await mkdtemp(join(tmpdir(), 'im-client-'));
const database = `sqlite:${join(folder, 'im.db')}`;
const opened = openDatabase({ url: database });
await migrate(opened.sql);
await opened.close();
const bus = createMemoryBus();
await bus.start();
const secrets = { accessSecret: 'only-for-the-description-1', refreshSecret: 'only-for-the-description-2' };
const platform = createPlatform({ ...secrets, database, bus, host: '127.0.0.1', port: 0, filesDir: folder });
await platform.start();
const document = await (await fetch(`${platform.url}/v1/openapi.json`)).text();
await writeFile(clientTypesFile, await clientTypes(document));
await platform.close();
await bus.close();
await rm(folder, { recursive: true });
