import { expect, test } from 'vitest';
import { corner, entry, logIn, push, startServer, until } from './support.ts';

// P-7.1.

test('a private success is one object with receiver, as Java reads it, and our fields beside', async () => {
  const at = corner();
  const server = await startServer(at);
  await logIn(server, 2);
  const before = Date.now();

  await push(at, server, 'private', entry(2, { more: ',"messageId":"m-1","queuedAt":1700000000123' }));

  const result = await at.nextResult();
  expect(result).toEqual({
    code: 0,
    data: { content: 'hi', id: 101 },
    receiver: { id: 2, terminal: 0 },
    sender: { id: 1, terminal: 0 },
    messageId: 'm-1',
    attempt: 1,
    server: server.id,
    queuedAt: 1_700_000_000_123,
    takenAt: expect.any(Number) as number,
    resolvedAt: expect.any(Number) as number,
    stage: 'proved',
  });
  expect(result['takenAt']).toBeGreaterThanOrEqual(before - 5);
  expect(result['resolvedAt']).toBeGreaterThanOrEqual(result['takenAt'] as number);
  expect(result['resolvedAt']).toBeLessThanOrEqual(Date.now());
});

test('a private receiver who is nowhere is reported with code 2 and NO_CHANNEL', async () => {
  const at = corner();
  const server = await startServer(at);

  await push(at, server, 'private', entry(404));

  const result = await at.nextResult();
  expect(result).toMatchObject({
    code: 2,
    data: { content: 'hi', id: 101 },
    receiver: { id: 404, terminal: 0 },
    stage: 'queued',
    reason: 'NO_CHANNEL',
  });
  expect(result).not.toHaveProperty('receivers');
});

test.each(['group', 'system'])(
  'a %s message is reported with one batch per code: first the successes, then those without a channel',
  async (kind) => {
    const at = corner();
    const server = await startServer(at);
    await logIn(server, 2);
    await logIn(server, 3, { terminal: 1 });
    const receivers =
      '[{"id":404,"terminal":0},{"id":2,"terminal":0},{"id":405,"terminal":2},{"id":3,"terminal":1}]';

    await push(at, server, kind, entry(0, { receivers, sender: kind === 'system' ? null : undefined }));

    const success = await at.nextResult(kind);
    const failure = await at.nextResult(kind);
    expect(success).toMatchObject({
      code: 0,
      data: { content: 'hi', id: 101 },
      receivers: [
        { id: 2, terminal: 0 },
        { id: 3, terminal: 1 },
      ],
    });
    expect(failure).toMatchObject({
      code: 2,
      receivers: [
        { id: 404, terminal: 0 },
        { id: 405, terminal: 2 },
      ],
      reason: 'NO_CHANNEL',
    });
    for (const result of [success, failure]) {
      expect(result).not.toHaveProperty('receiver'); // two receivers
      expect('sender' in result).toBe(kind === 'group');
    }
    expect(await at.redis.llen(at.key(`im:result:${kind}:app`))).toBe(0);
  },
);

test.each(['group', 'system'])(
  'a %s batch of one also carries receiver, for older Java SDKs',
  async (kind) => {
    const at = corner();
    const server = await startServer(at);
    await logIn(server, 2);

    await push(at, server, kind, entry(2));

    expect(await at.nextResult(kind)).toMatchObject({
      code: 0,
      receiver: { id: 2, terminal: 0 },
      receivers: [{ id: 2, terminal: 0 }],
    });
  },
);

test('a group message without receivers is acknowledged without a word', async () => {
  const at = corner();
  const server = await startServer(at);
  await logIn(server, 2);

  await push(at, server, 'group', entry(0, { receivers: '[]' }), entry(2, { data: '{"n":2}' }));

  expect(await at.nextResult('group')).toMatchObject({ data: { n: 2 } });
  const [inFlight] = await at.redis.keys(`{${at.key(`im:message:group:${server.id}`)}}:inflight:*`);
  await until('both are acknowledged', async () => (await at.redis.hlen(inFlight!)) === 1);
});

test('results go to the list of the service that pushed', async () => {
  const at = corner();
  const server = await startServer(at);
  await logIn(server, 2);

  await push(
    at,
    server,
    'private',
    entry(2, { service: 'shop', data: '1' }),
    entry(2, { service: '商城', data: '2' }),
  );

  expect(await at.nextResult('private', '商城')).toMatchObject({ data: 2 });
  expect(await at.nextResult('private', 'shop')).toMatchObject({ data: 1 });
});

test.each(['m-消息-😀', 'quote"and\\backslash'])(
  'the message id %s comes back as it went',
  async (messageId) => {
    const at = corner();
    const server = await startServer(at);
    await logIn(server, 2);

    await push(at, server, 'private', entry(2, { more: `,"messageId":${JSON.stringify(messageId)}` }));

    expect(await at.nextResult()).toMatchObject({ messageId });
  },
);

test('a result list that nobody reads ends within a day', async () => {
  const at = corner();
  const server = await startServer(at);

  await push(at, server, 'private', entry(404));

  const list = at.key('im:result:private:app');
  await until('the result is there', async () => (await at.redis.llen(list)) === 1);
  expect(await at.redis.ttl(list)).toBeGreaterThan(0);
  expect(await at.redis.ttl(list)).toBeLessThanOrEqual(86_400);
});

test('a push to everyone reaches the named terminals and ends with a last word', async () => {
  const at = corner();
  const server = await startServer(at);
  const web = await logIn(server, 2, { terminal: 0 });
  const pc = await logIn(server, 3, { terminal: 2 });
  const app = await logIn(server, 4, { terminal: 1 });

  await push(
    at,
    server,
    'system',
    entry(0, { receivers: '[]', more: ',"everyoneOn":[0,2],"messageId":"m"', sender: null }),
  );

  expect((await web.next()).cmd).toBe(5);
  expect((await pc.next()).cmd).toBe(5);
  expect(await at.nextResult('system')).toMatchObject({ code: 0, messageId: 'm', receivers: { length: 2 } });
  expect(await at.nextResult('system')).toMatchObject({ code: 0, messageId: 'm', receivers: [], last: true });
  app.send('{"cmd":1,"data":{}}');
  expect((await app.next()).cmd).toBe(1);
});
