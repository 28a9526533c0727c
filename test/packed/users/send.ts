// What a user writes in TypeScript; compiled with several settings, as ES module and as CommonJS.
import { createImClient, ImClient, ImError } from 'im-client';
import { createToken } from 'im-common/token';
import { createDevice, Device } from 'im-device';
import { createIm, type CreateImOptions, type Im } from 'im-embedded';
import { createImServer, type ImServer, type ImServerOptions } from 'im-server';
import { WebSocket } from 'ws';

interface Chat {
  readonly text: string;
}

/** As NestJS has it: what is injected is named by its class. */
export class Greeter {
  readonly #im: ImClient<{ private: Chat }>;

  constructor(im: ImClient<{ private: Chat }>) {
    this.#im = im;
  }

  async greet(userId: string): Promise<unknown> {
    const message = { sender: { id: 1, terminal: 0 }, recvId: userId, recvTerminals: [0] };
    const receipt = await this.#im.sendPrivateMessage({ ...message, data: { text: 'hello' } });
    return await receipt.results();
  }
}

async function main(): Promise<void> {
  const { REDIS_URL = '', KEY_PREFIX = '', SERVER_URL = '', JWT_SECRET = '', USER_ID = '' } = process.env;
  const client = createImClient<{ private: Chat }>({
    service: `shop-${USER_ID}`,
    redis: { url: REDIS_URL, keyPrefix: KEY_PREFIX },
  });
  const device = createDevice<{ private: Chat }>({
    url: SERVER_URL,
    token: () => createToken(JWT_SECRET, { userId: USER_ID, terminal: 0, expiresInS: 60 }),
    WebSocket,
  });
  device.on('message', (message) => {
    if (message.kind === 'private') console.log(`arrived: ${message.data.text}`);
  });
  const online = new Promise<void>((resolve) => {
    device.on('state', ({ kind }) => {
      if (kind === 'online') resolve();
    });
  });
  device.start();
  await online;
  console.log(`results: ${JSON.stringify(await new Greeter(client).greet(USER_ID))}`);
  await Promise.all([device.close(), client.close()]);
  await client.isOnline(2).catch((error: unknown) => {
    if (error instanceof ImError) console.log(`then: ${error.code}`);
  });
  console.log(`classes: ${String(client instanceof ImClient && device instanceof Device)}`);
}

/** Embedded, by the types alone. */
export function embed(options: CreateImOptions, serverOptions: ImServerOptions): [Im, ImServer] {
  return [createIm(options), createImServer(serverOptions)];
}

void main();
