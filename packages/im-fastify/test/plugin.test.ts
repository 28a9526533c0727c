import Fastify, { type FastifyInstance } from 'fastify';
import { createTestIm } from 'im-client/testing';
import { createTokenVerifier } from 'im-common/token';
import { imPlugin, type ImPluginOptions, type TokenUser } from 'im-fastify';
import { onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';

const secret = 'secret-of-at-least-32-bytes-for-tests';

function application(options: ImPluginOptions): FastifyInstance {
  const app = Fastify();
  onCleanup(() => app.close());
  void app.register(imPlugin, options);
  return app;
}

function testIm(): ReturnType<typeof createTestIm> {
  const im = createTestIm({ terminals: [0] });
  onCleanup(() => im.close());
  return im;
}

const order = (recvId: number) => ({ sender: { id: 1, terminal: 0 }, recvId, data: 'on its way' });

test('another plugin sends and listens, also in what is under way when the application closes', async () => {
  const im = testIm();
  const phone = im.device(2);
  const app = application({ client: im.client });
  const missed: string[] = [];
  let go = (): void => undefined;
  const mayGo = new Promise<void>((resolve) => (go = resolve));
  app.register(async (shop) => {
    shop.im.on('private', (results) => {
      for (const { receiver, reason } of results) if (reason) missed.push(receiver.id);
    });
    shop.post('/ship', async (_, reply) => {
      void reply.header('connection', 'close'); // or Fastify waits until it is idle for long
      void app.close(); // as at SIGTERM
      await mayGo;
      await shop.im.sendPrivateMessage(order(2));
      await shop.im.sendPrivateMessage(order(3));
      await im.flush();
      return 'shipped';
    });
    shop.addHook('preClose', async () => go());
  });
  await app.listen({ port: 0, host: '127.0.0.1' });

  const answer = await fetch(`${app.listeningOrigin}/ship`, { method: 'POST' });

  expect([answer.status, await answer.text()]).toEqual([200, 'shipped']);
  expect([phone.received.map(({ data }) => data), missed]).toEqual([['on its way'], ['3']]);
  await app.close();
  await expect(im.client.sendPrivateMessage(order(2))).rejects.toMatchObject({ code: 'CLOSED' });
});

test('without its bus, or with options that are none, the application does not get ready', async () => {
  const app = application({ service: 'shop', redis: 'redis://127.0.0.1:1', sendTimeoutMs: 100 });

  await expect(app.ready()).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  const misspelt = { servce: 'shop' } as unknown as ImPluginOptions;
  await expect(application(misspelt).ready()).rejects.toMatchObject({ code: 'INVALID_OPTION' });
});

test('a token is for whoever is signed in, and for nobody else', async () => {
  const signedIn: { [cookie: string]: TokenUser & { readonly nickName: string } } = {
    a: { userId: 7, terminal: 0, nickName: 'Ann' },
  };
  const userOf: NonNullable<ImPluginOptions['token']>['userOf'] = ({ headers }) =>
    signedIn[headers.cookie ?? ''];
  const app = application({ client: testIm().client, token: { userOf, secret, path: '/push-token' } });

  const given = await app.inject({ url: '/push-token', headers: { cookie: 'a' } });
  expect(given.headers).toMatchObject({ 'cache-control': 'no-store' });
  const verify = createTokenVerifier({ secrets: [secret] });
  expect(await verify(given.body)).toMatchObject({ userId: '7', terminal: 0 });

  expect((await app.inject('/push-token')).statusCode).toBe(401);
  expect((await app.inject('/im/token')).statusCode).toBe(404);
});
