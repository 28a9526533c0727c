import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { freePort, onCleanup } from 'im-test/support';
import { startProgram, type RunningProgram } from './program.ts';

/** What `npm start` needs: ports and a folder of their own. */
export interface Place {
  readonly url: string;
  readonly imPort: number;
  /** Starts all in one, again and again with the same ports and data. */
  start(...more: string[]): Promise<RunningProgram>;
  readonly data: string;
  readonly args: readonly string[];
  /** An access token of one of its people. */
  logIn(): Promise<string>;
  upload(accessToken?: string): Promise<Answer<string>>;
}

interface Answer<Data> {
  readonly code: number;
  readonly data: Data;
}

export async function place(): Promise<Place> {
  const data = await mkdtemp(join(tmpdir(), 'im-test-start-'));
  onCleanup(() => rm(data, { recursive: true, force: true }));
  const [port, imPort] = [await freePort(), await freePort()];
  // Relative, as the usual one is.
  const args = ['--port', String(port), '--im-port', String(imPort), '--data', relative('', data)];
  const url = `http://localhost:${port}`;
  return {
    url,
    imPort,
    data,
    args,
    async start(...more) {
      const program = startProgram([...args, ...more], { script: '../../start.ts' });
      await program.line(/Ctrl-C ends/);
      return program;
    },
    async logIn() {
      const body = JSON.stringify({ terminal: 0, userName: 'ann', password: 'demo-1234' });
      return (await post<{ accessToken: string }>(`${url}/login`, body)).data.accessToken;
    },
    upload(accessToken) {
      const form = new FormData();
      form.set('file', new Blob(['hello']), 'hello.txt');
      return post(`${url}/file/upload`, form, accessToken);
    },
  };
}

async function post<Data>(url: string, body: string | FormData, accessToken?: string): Promise<Answer<Data>> {
  const type: Record<string, string> = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
  const token = accessToken === undefined ? undefined : { accessToken };
  const response = await fetch(url, { method: 'POST', headers: { ...type, ...token }, body });
  return (await response.json()) as Answer<Data>;
}
