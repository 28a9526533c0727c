import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Person } from './person.ts';

export interface Begin {
  readonly name?: string;
  readonly size: number;
  readonly as?: 'image' | 'file' | 'drive';
  readonly key?: string;
}

/** A client of `/v1/uploads` that holds to nothing. */
export class RawUploads {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  constructor(at: { readonly url: string }, who: Person) {
    this.#url = `${at.url}/v1/uploads`;
    this.#headers = { authorization: `Bearer ${who.tokens.accessToken}`, 'tus-resumable': '1.0.0' };
  }

  begin({ name = 'a.bin', size, as = 'file', key }: Begin): Promise<Response> {
    const metadata = `filename ${base64(name)},as ${base64(as)}`;
    return fetch(this.#url, {
      method: 'POST',
      headers: {
        ...{ ...this.#headers, 'upload-length': String(size), 'upload-metadata': metadata },
        ...(key !== undefined && { 'idempotency-key': key }),
      },
    });
  }

  /** Begins one, and says its id. */
  async begun(wish: Begin): Promise<string> {
    const answer = await this.begin(wish);
    if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
    return answer.headers.get('location')?.split('/').at(-1) ?? '';
  }

  head(id: string): Promise<Response> {
    return fetch(`${this.#url}/${id}`, { method: 'HEAD', headers: this.#headers });
  }

  async offset(id: string): Promise<number> {
    const answer = await this.head(id);
    if (!answer.ok) throw new Error(`HEAD: ${answer.status}`);
    return Number(answer.headers.get('upload-offset'));
  }

  patch(id: string, offset: number, bytes: Uint8Array, checksum?: string): Promise<Response> {
    return fetch(`${this.#url}/${id}`, {
      method: 'PATCH',
      headers: {
        ...{ ...this.#headers, 'upload-offset': String(offset) },
        ...(checksum !== undefined && { 'upload-checksum': checksum }),
        'content-type': 'application/offset+octet-stream',
      },
      body: Uint8Array.from(bytes),
    });
  }

  /** Says that it sends all of it, sends `most` bytes, and is gone. */
  async cutPatch(id: string, offset: number, bytes: Buffer, most: number, checksum?: string): Promise<void> {
    const sending = request(`${this.#url}/${id}`, {
      method: 'PATCH',
      headers: {
        ...(checksum !== undefined && { 'upload-checksum': checksum }),
        ...{ ...this.#headers, 'upload-offset': String(offset), 'content-length': String(bytes.length) },
        'content-type': 'application/offset+octet-stream',
      },
    });
    sending.on('error', () => undefined);
    const closed = new Promise((resolve) => sending.on('close', resolve));
    // What the system has taken is on its way.
    await new Promise((resolve) => sending.write(bytes.subarray(0, most), resolve));
    await sleep(1);
    sending.destroy();
    await closed;
  }

  /** Says that it sends all of it, sends the beginning, and stays. Answers how the next bytes are sent. */
  async hangingPatch(id: string, bytes: Buffer, most: number): Promise<(more: Buffer) => Promise<void>> {
    const sending = request(`${this.#url}/${id}`, {
      method: 'PATCH',
      headers: {
        ...{ ...this.#headers, 'upload-offset': '0', 'content-length': String(bytes.length) },
        'content-type': 'application/offset+octet-stream',
      },
    });
    sending.on('error', () => undefined);
    const send = (more: Buffer): Promise<void> =>
      new Promise((resolve) => sending.write(more, () => resolve()));
    await send(bytes.subarray(0, most));
    return send;
  }

  delete(id: string): Promise<Response> {
    return fetch(`${this.#url}/${id}`, { method: 'DELETE', headers: this.#headers });
  }

  finish(id: string): Promise<Response> {
    const { authorization = '' } = this.#headers;
    return fetch(`${this.#url}/${id}/file`, { method: 'POST', headers: { authorization } });
  }
}

/** The status, and the code of a problem. */
export async function verdictOf(answer: Response | Promise<Response>): Promise<string> {
  const { status, text } = { status: (await answer).status, text: await (await answer).text() };
  const code = text.startsWith('{') ? (JSON.parse(text) as { code?: string }).code : undefined;
  return code === undefined ? String(status) : `${status} ${code}`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
