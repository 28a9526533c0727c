import { expect, it } from 'vitest';
import { startTestPlatform } from './support/test-platform.ts';

const allowed = 'https://chat.example.com';

async function start(): Promise<string> {
  const { url } = await startTestPlatform({ store: 'sqlite', platform: { allowedOrigins: [allowed] } });
  return url;
}

function preflight(url: string, origin: string): Promise<Response> {
  return fetch(`${url}/message/private/send`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'accesstoken,content-type',
    },
  });
}

it('lets the pages of an allowed origin call with credentials and tokens', async () => {
  const answer = await preflight(await start(), allowed);

  expect(answer.status).toBe(204);
  expect(answer.headers.get('access-control-allow-origin')).toBe(allowed);
  expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
  expect(answer.headers.get('access-control-allow-methods')).toBe('GET, HEAD, POST, PUT, PATCH, DELETE');
  expect(answer.headers.get('access-control-allow-headers')).toBe(
    'accessToken, refreshToken, content-type, language, authorization, idempotency-key, ' +
      'tus-resumable, upload-length, upload-metadata, upload-offset, upload-checksum',
  );
  expect(answer.headers.get('vary')).toContain('Origin');
});

it('names the origin in refusals too, so that the page can read them', async () => {
  const url = await start();

  const answer = await fetch(`${url}/message/private/send`, { method: 'POST', headers: { origin: allowed } });

  expect(answer.headers.get('access-control-allow-origin')).toBe(allowed);
  expect(await answer.json()).toMatchObject({ code: 400 });
});

it.each(['https://evil.example.com', `${allowed}.evil.com`, 'null', 'http://chat.example.com'])(
  'allows %s nothing',
  async (origin) => {
    const url = await start();

    expect((await preflight(url, origin)).headers.get('access-control-allow-origin')).toBeNull();
    const answer = await fetch(`${url}/healthz`, { headers: { origin } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  },
);

it('lets pages load nothing from elsewhere, be framed by nobody, and connect to one push server', async () => {
  const { url } = await startTestPlatform({
    store: 'sqlite',
    platform: { imUrl: 'wss://push.example.com/im' },
  });

  const { headers } = await fetch(`${url}/healthz`);

  const policy = headers.get('content-security-policy');
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("connect-src 'self' blob: wss://push.example.com;");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});
