import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, createGzip, gzipSync } from 'node:zlib';
import { silentLogger } from 'im-common';
import { onCleanup } from 'im-test/support';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { unwrap, type ApiClient, type ApiProblem } from '../src/client/index.ts';
import { limiterOfProcess } from '../src/limits/limiter.ts';
import { BoundedGet } from '../src/link-previews/bounded-get.ts';
import type { LinkPreview } from '../src/link-previews/link-preview.ts';
import { LinkPreviewService, mostPerMinute } from '../src/link-previews/link-preview-service.ts';
import { LinkPreviewStore } from '../src/link-previews/link-preview-store.ts';
import { previewAddresses } from '../src/link-previews/preview-addresses.ts';
import { readable } from '../src/link-previews/readable.ts';
import { apiOf } from './support/api.ts';
import { startTestPlatform, type TestPlatform } from './support/test-platform.ts';

/** A site of somebody else. */
interface Site {
  readonly url: string;
  readonly port: number;
  /** What it was asked, and what not a single one of them may say. */
  readonly asked: IncomingMessage[];
}

async function startSite(answer: RequestListener, host = '127.0.0.1', port = 0): Promise<Site> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject).listen(port, host, resolve);
  });
  onCleanup(() => {
    server.closeAllConnections();
    server.close();
  });
  const bound = (server.address() as AddressInfo).port;
  return { url: `http://${host}:${bound}`, port: bound, asked };
}

function html(head: string): string {
  return `<!doctype html><html><head>${head}</head><body><title>not this</title></body></html>`;
}

function give(response: ServerResponse, body: string | Buffer, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);
}

/** Goes on until nobody listens. */
function endless(response: ServerResponse, piece: string | Buffer): void {
  const more = (): void => {
    while (response.writable && response.write(piece));
    if (response.writable) response.once('drain', more);
  };
  more();
}

let test: TestPlatform;
let [asAnn, asBob]: ApiClient[] = [];
beforeAll(async () => {
  test = await startTestPlatform({
    store: 'sqlite',
    platform: { linkPreviews: true, linkPreviewNetworks: ['loopback'] },
  });
  [asAnn, asBob] = [
    await apiOf(test, await test.register('ann')),
    await apiOf(test, await test.register('bob')),
  ];
});

async function previewOf(url: string, api = asAnn): Promise<LinkPreview | null> {
  return (await unwrap((api as ApiClient).GET('/v1/link-preview', { params: { query: { url } } }))).preview;
}

/** A service of its own on the same database, with other limits. */
function serviceWith({ fetchMs = 30_000, perMinute = mostPerMinute }): LinkPreviewService {
  const service = new LinkPreviewService({
    ...{ store: new LinkPreviewStore(test.platform.database), logger: silentLogger, fetchMs },
    get: new BoundedGet(previewAddresses(['loopback'])),
    limit: limiterOfProcess({ name: `previews-${Math.random()}`, times: perMinute, durationS: 60 }),
  });
  onCleanup(() => service.close());
  return service;
}

it('shows what a page says of itself, with a picture drawn anew, and asks it once for everybody', async () => {
  const png = await sharp({ create: { width: 1_200, height: 630, channels: 3, background: '#c04020' } })
    .withExif({ IFD0: { Artist: 'somebody who wants to stay unknown' } })
    .jpeg()
    .toBuffer();
  const site = await startSite(({ url }, response) => {
    if (url === '/shot.jpg') give(response, png, { 'content-type': 'image/jpeg' });
    else
      give(
        response,
        html(`<title>plain</title>
          <meta property="og:title" content="Tea &amp; biscuits"><meta name="description" content="All
          about&#9;tea."><meta property="og:image" content="/shot.jpg">`),
      );
  });

  const preview = await previewOf(`${site.url}/tea#leaves`);

  expect(preview).toEqual({
    ...{ title: 'Tea & biscuits', description: 'All about tea.' },
    picture: { url: expect.stringMatching(/^data:image\/webp;base64,/) as string, width: 320, height: 168 },
  });
  const drawn = Buffer.from(preview?.picture?.url.split(',')[1] ?? '', 'base64');
  expect(await sharp(drawn).metadata()).toMatchObject({ format: 'webp', width: 320, height: 168 });
  expect(drawn.includes('somebody')).toBe(false);
  expect(await previewOf(`${site.url}/tea`, asBob)).toEqual(preview);
  expect(site.asked.map(({ url }) => url)).toEqual(['/tea', '/shot.jpg']);
  for (const { headers } of site.asked)
    expect(Object.keys(headers).toSorted()).toEqual([
      ...['accept', 'accept-encoding', 'connection', 'host', 'user-agent'],
    ]);
});

it('reads pages in any script and packing, and of the others nothing', async () => {
  const inGbk = Buffer.concat([
    Buffer.from('<meta charset=gbk><title>'),
    Buffer.from([0xc4, 0xe3, 0xba, 0xc3]),
    Buffer.from('</title>'),
  ]);
  const bomb = await sharp({ create: { width: 6_000, height: 6_000, channels: 3, background: '#000' } })
    .png()
    .toBuffer();
  const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title></svg>';
  const packed = html('<title>packed</title>');
  const small = await sharp({ create: { width: 90, height: 90, channels: 3, background: '#0a0' } })
    .png()
    .toBuffer();
  const pages: Record<string, (response: ServerResponse) => void> = {
    '/gbk': (response) => give(response, inGbk, { 'content-type': 'text/html' }),
    '/sjis': (response) =>
      give(
        response,
        Buffer.concat([Buffer.from('<title>'), Buffer.from([0x82, 0xb1]), Buffer.from('</title>')]),
        {
          'content-type': 'text/html; charset="Shift_JIS"',
        },
      ),
    '/mark': (response) =>
      give(response, `\ufeff<title>é</title>`, { 'content-type': 'text/html; charset=latin1' }),
    '/gzip': (response) => give(response, gzipSync(packed), { 'content-encoding': 'gzip' }),
    '/br': (response) => give(response, brotliCompressSync(packed), { 'content-encoding': 'br' }),
    '/broken': (response) => give(response, gzipSync(packed).subarray(0, 40), { 'content-encoding': 'gzip' }),
    '/odd': (response) => give(response, packed, { 'content-encoding': 'gzip, gzip' }),
    '/picture': (response) => give(response, small, { 'content-type': 'image/png' }),
    '/bomb': (response) => give(response, bomb, { 'content-type': 'image/png' }),
    '/drawing': (response) => give(response, drawing, { 'content-type': 'image/png' }),
    '/no-picture': (response) =>
      give(response, html('<title>t</title><meta property="og:image" content="/drawing">')),
    '/icon': (response) =>
      give(response, html('<title>t</title><link rel="Apple-Touch-Icon" href="/picture">')),
    '/inside': (response) =>
      give(response, html('<title>t</title><meta property="og:image" content="http://10.0.0.1/router.png">')),
    '/text': (response) => give(response, '<title>t</title>', { 'content-type': 'text/plain' }),
    '/nothing': (response) => give(response, html('')),
    '/gone': (response) => response.writeHead(404, { 'content-type': 'text/html' }).end(packed),
    '/loop': (response) => response.writeHead(302, { location: '/loop' }).end(),
    '/moved': (response) => response.writeHead(301, { location: '/gzip' }).end(),
  };
  const site = await startSite(({ url = '' }, response) => pages[url]?.(response));
  const service = serviceWith({ perMinute: 100 });

  const shown = await Promise.all(
    Object.keys(pages).map(async (path) => {
      const preview = await service.find(1, site.url + path);
      const { picture } = preview ?? {};
      return [path, preview && [preview.title, picture && picture.width]];
    }),
  );

  expect(Object.fromEntries(shown)).toEqual({
    ...{ '/gbk': ['你好', null], '/sjis': ['こ', null], '/mark': ['é', null] },
    ...{ '/gzip': ['packed', null], '/br': ['packed', null], '/broken': null, '/odd': null },
    ...{ '/picture': [null, 90], '/bomb': null, '/drawing': null, '/no-picture': ['t', null] },
    ...{ '/icon': ['t', 90], '/inside': ['t', null], '/text': null, '/nothing': null, '/gone': null },
    ...{ '/loop': null, '/moved': ['packed', null] },
  });
  // At first, and four more.
  expect(site.asked.filter(({ url }) => url === '/loop')).toHaveLength(5);
});

it('takes out of a text what steers a line or hides in it, and cuts between characters', () => {
  expect(readable('a\u202egnp.exe\u2066\u200b\u0000b\u2028c\ud800', 50)).toBe('agnp.exe b c');
  expect(readable('👩‍👩‍👧 ok', 50)).toBe('👩‍👩‍👧 ok');
  expect(readable(`e${'\u0301'.repeat(50)}`, 50)).toBe(`e${'\u0301'.repeat(4)}`);
  expect(readable('😀'.repeat(20), 10)).toBe(`${'😀'.repeat(9)}…`);
  expect(readable(' \u200e\n', 10)).toBe(null);
});

describe('what only this machine reaches', () => {
  const aimed = (port: number): string[] => [
    ...[`http://127.0.0.1:${port}/`, `http://localhost:${port}/`, `http://[::ffff:127.0.0.1]:${port}/`],
    ...[`http://2130706433:${port}/`, `http://0177.0.0.1:${port}/`, `http://0x7f.1:${port}/`],
    ...[`http://127.1:${port}/`, `http://0.0.0.0:${port}/`, `http://[::]:${port}/`, `http://[::1]:${port}/`],
    ...[`http://１２７.０.０.１:${port}/`, `http://127.0.0.1.:${port}/`, `http://name.example:${port}/`],
    ...['http://169.254.169.254/latest/meta-data/', 'http://[::ffff:a9fe:a9fe]/', 'http://[fd00:ec2::254]/'],
    ...['http://10.0.0.1/', 'http://172.31.255.255/', 'http://192.168.0.1/', 'http://100.64.0.1/'],
    ...['http://[fe80::1]/', 'http://[fc00::1]/', 'http://[64:ff9b::7f00:1]/', 'http://[2002:7f00:1::]/'],
    ...['http://[2001:0:7f00:1::]/', 'http://224.0.0.1/', 'http://255.255.255.255/', 'https://127.0.0.1/'],
    // Public, but it would be us who knock there.
    ...['http://93.184.216.34:22/', 'https://93.184.216.34:6379/'],
    ...[`http://user@93.184.216.34/`, 'http://:secret@93.184.216.34/', 'file:///etc/passwd'],
    ...['ftp://93.184.216.34/', 'gopher://93.184.216.34/', `http://93.184.216.34/${'a'.repeat(2_048)}`],
  ];
  const toUs = ((_name, _options, callback) => {
    callback(null, [{ address: '127.0.0.1', family: 4 }]);
  }) satisfies Parameters<typeof previewAddresses>[1];

  it('is never asked, however it is written, and by whatever name', async () => {
    const site = await startSite((_request, response) => give(response, '<title>secret</title>'));
    const get = new BoundedGet(previewAddresses([], toUs));
    const wanted = [{ types: new Set(['text/html']), mostBytes: 1_000, mayBeCut: true }];
    for (const link of aimed(site.port)) {
      const outcome = await get.get(new URL(link), wanted, AbortSignal.timeout(30_000)).then(
        () => 'asked',
        (error: unknown) => (error as Error).message,
      );
      expect([link, outcome]).toEqual([
        link,
        expect.stringMatching(/in no network that may be asked|leads to no address/) as string,
      ]);
    }
    expect(site.asked).toHaveLength(0);
  });

  it('is not asked because somebody else says so: by a redirect, or by a name that changes', async () => {
    const inside = await startSite((_request, response) => give(response, '<title>secret</title>'));
    // The only address that may be asked stands for the internet.
    let next = '';
    const outside = await startSite(
      (_request, response) => response.writeHead(302, { location: next }).end(),
      '127.0.0.2',
      inside.port,
    );
    let asked = 0;
    const changing: typeof toUs = (_name, _options, callback) => {
      callback(null, [{ address: asked++ === 0 ? '127.0.0.2' : '127.0.0.1', family: 4 }]);
    };
    const wanted = [{ types: new Set(['text/html']), mostBytes: 1_000, mayBeCut: true }];
    const outcomeOf = (link: string): Promise<string> =>
      new BoundedGet(previewAddresses(['127.0.0.2/32'], changing))
        .get(new URL(link), wanted, AbortSignal.timeout(30_000))
        .then(
          ({ body }) => body.toString(),
          (error: unknown) => (error as Error).message,
        );

    for (next of aimed(inside.port)) {
      asked = 1;
      // As it may stand in a header.
      next = next.replaceAll(/[^ -~]/g, encodeURIComponent);
      expect([next, await outcomeOf(outside.url)]).toEqual([
        next,
        expect.stringMatching(/in no network that may be asked|leads to no address/) as string,
      ]);
    }
    const targets = outside.asked.length;
    expect(targets).toBe(aimed(inside.port).length);
    // The address that was found is the one that is asked; the next time it is looked at again.
    asked = 0;
    next = `http://rebinding.example:${inside.port}/again`;
    expect(await outcomeOf(`http://rebinding.example:${inside.port}/`)).toContain(
      'in no network that may be asked',
    );
    expect(outside.asked).toHaveLength(targets + 1);
    expect(inside.asked).toHaveLength(0);
  });
});

it('lets go of sites that are slow, go on for ever, or unpack to too much', async () => {
  const piece = Buffer.alloc(65_536, ' ');
  const left: Promise<unknown>[] = [];
  const site = await startSite(({ url }, response) => {
    left.push(new Promise((resolve) => response.on('close', resolve)));
    response.on('error', () => undefined);
    if (url === '/silent') return;
    if (url === '/slow') {
      response.writeHead(200, { 'content-type': 'text/html' });
      const timer = setInterval(() => response.write('<title>'), 20);
      response.on('close', () => clearInterval(timer));
    } else if (url === '/headers') {
      response.socket?.write(`HTTP/1.1 200 OK\r\n${'x-long: y\r\n'.repeat(20_000)}`);
    } else if (url === '/bomb') {
      response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' });
      const packing = createGzip();
      packing.pipe(response);
      packing.write('<title>first</title>');
      const more = (): void => {
        while (response.writable && packing.write(piece));
        if (response.writable) packing.once('drain', more);
      };
      more();
    } else if (url === '/large-picture') {
      response.writeHead(200, { 'content-type': 'image/png' });
      endless(response, piece);
    } else {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.write('<title>first</title>');
      endless(response, piece);
    }
  });
  const [quick, patient] = [serviceWith({ fetchMs: 300 }), serviceWith({})];

  expect(await quick.find(1, `${site.url}/silent`)).toBe(null);
  expect(await quick.find(1, `${site.url}/slow`)).toBe(null);
  expect(await patient.find(1, `${site.url}/headers`)).toBe(null);
  expect(await patient.find(1, `${site.url}/large-picture`)).toBe(null);
  expect(await patient.find(1, `${site.url}/endless`)).toMatchObject({ title: 'first' });
  expect(await patient.find(1, `${site.url}/bomb`)).toMatchObject({ title: 'first' });
  // Nothing is left hanging.
  expect(left).toHaveLength(6);
  await Promise.all(left);
});

it('of ten thousand at once asks each site once, few at a time, and each user for so many', async () => {
  let [now, most] = [0, 0];
  /** Nothing is answered before so many were refused. */
  let [refused, toRefuse] = [0, 0];
  const held: (() => void)[] = [];
  const site = await startSite((_request, response) => {
    most = Math.max(most, ++now);
    held.push(() => {
      now--;
      give(response, '<title>t</title>');
    });
  });
  const release = setInterval(() => {
    if (refused >= toRefuse) for (const answer of held.splice(0)) answer();
  }, 5);
  onCleanup(() => clearInterval(release));
  const many = async (
    service: LinkPreviewService,
    times: number,
    ask: (index: number) => [number, string],
  ) => {
    const counts = new Map<string, number>();
    await Promise.all(
      Array.from({ length: times }, async (_, index) => {
        const outcome = await service.find(...ask(index)).then(
          (preview) => preview?.title ?? 'nothing',
          (error: unknown) => String((error as { code?: number }).code),
        );
        if (outcome === '503') refused += 1;
        counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      }),
    );
    return Object.fromEntries(counts);
  };

  const service = serviceWith({});
  expect(await many(service, 10_000, (index) => [index % 50, `${site.url}/same`])).toEqual({ t: 10_000 });
  expect(site.asked).toHaveLength(1);
  expect(await many(service, 1_000, (index) => [99, `${site.url}/of-one/${index}`])).toEqual({
    ...{ t: mostPerMinute, 429: 1_000 - mostPerMinute },
  });
  toRefuse = 1_000 - 206;
  expect(await many(service, 1_000, (index) => [1_000 + index, `${site.url}/of-all/${index}`])).toEqual({
    ...{ t: 206, 503: toRefuse },
  });
  expect(most).toBe(6);
});

it('asks again when what is known is over, and knows of nothing for a shorter time', async () => {
  let title = '';
  const site = await startSite((_request, response) => give(response, html(title)));
  const { sql } = test.platform.database;
  const store = new LinkPreviewStore(test.platform.database);
  const age = (ms: number) => sql('im_link_preview').decrement('endTime', ms);
  const hourMs = 3_600_000;
  const link = `${site.url}/changing`;
  expect(await previewOf(link)).toBe(null);
  title = '<title>now</title>';
  expect(await previewOf(link)).toBe(null);
  await age(hourMs);
  expect(await previewOf(link)).toMatchObject({ title: 'now' });
  title = '<title>later</title>';
  await age(hourMs);
  expect(await previewOf(link)).toMatchObject({ title: 'now' });
  expect(site.asked).toHaveLength(2);

  await age(7 * 24 * hourMs);
  await store.sweep();
  expect(await sql('im_link_preview').select()).toEqual([]);
});

it('is not there unless it is wanted, takes no other addresses, and shows nobody why there is nothing', async () => {
  const off = await test.startAnother({ linkPreviews: false });
  const { tokens } = await test.logIn('ann', { terminal: 1 });
  const headers = { authorization: `Bearer ${tokens.accessToken}` };
  const path = `/v1/link-preview?url=${encodeURIComponent(test.url)}`;
  expect((await fetch(off.url + path, { headers })).status).toBe(404);
  for (const url of ['javascript:alert(1)', 'file:///etc/passwd', 'http://', 'x'.repeat(3_000)])
    await expect(previewOf(url)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    } satisfies Partial<ApiProblem>);
  expect(await previewOf('http://user:secret@127.0.0.1/')).toBe(null);
  expect(await previewOf('http://127.0.0.1:1/')).toBe(null);
});
