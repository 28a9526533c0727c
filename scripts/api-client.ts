// `npm run client`: the types of im-platform's client are written from what the platform says of itself at /v1/openapi.json. A
// test compares the two.
import { writeFile } from 'node:fs/promises';
import { describePlatform } from './api-descriptions.ts';
import { clientTypes, clientTypesFile } from './client-types.ts';
import { ownArguments } from './own-arguments.ts';

ownArguments({ name: 'client' });
await writeFile(clientTypesFile, await clientTypes(await describePlatform()));
