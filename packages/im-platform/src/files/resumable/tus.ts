import type { DataStore, Server } from '@tus/server';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../http/refusal.ts';
import type { TextKey } from '../../http/texts.ts';
import type { BegunUpload } from './begun-uploads.ts';
import { PartBody } from './part-body.ts';
import type { UploadBytes } from './upload-bytes.ts';
import type { UploadLocks } from './upload-locks.ts';

export interface TusDeps {
  readonly bytes: UploadBytes;
  readonly locks: UploadLocks;
}

/** What it asks of a request, and what it says that a client needs. All else is ours to say. */
const asked = ['tus-resumable', 'upload-offset', 'content-type', 'content-length'];
const said = ['upload-offset', 'upload-length', 'cache-control'];
/** A part of those that im-chat sends, and more. */
const mostUnwanted = 32 * 2 ** 20;

/**
 * The parts of the protocol tus 1.0.0 that are about an upload that has begun: how far it is, the next part, its end. Who may, how
 * much and how long are ours, and what is refused is a problem as everywhere in `/v1`.
 */
export class Tus {
  readonly #deps: TusDeps;
  #server: Promise<Opened> | undefined;

  constructor(deps: TusDeps) {
    this.#deps = deps;
  }

  /** A place for the bytes. */
  async create({ id, fileSize }: BegunUpload): Promise<void> {
    const [{ store }, { Upload }] = await Promise.all([this.#opened(), import('@tus/server')]);
    await store.create(new Upload({ id, size: fileSize, offset: 0 }));
  }

  /** How many bytes have come; undefined: they are not here any more. */
  async offsetOf({ id }: BegunUpload): Promise<number | undefined> {
    const { store } = await this.#opened();
    return store.getUpload(id).then(
      ({ offset }) => offset,
      () => undefined,
    );
  }

  /** Carries out a HEAD, PATCH or DELETE, the second with its body or this part of it. Resolves with the headers of the answer. */
  async handle(
    { raw, url }: FastifyRequest,
    part: AsyncIterable<unknown> = raw,
  ): Promise<Record<string, string>> {
    const { server, bodies, failures } = await this.#opened();
    const headers = new Headers();
    for (const name of asked) {
      const value = raw.headers[name];
      if (typeof value === 'string') headers.set(name, value);
    }
    const body = raw.method === 'PATCH' ? new PartBody(part) : undefined;
    const request = new Request(new URL(url, 'http://tus'), {
      ...{ method: raw.method ?? '', headers },
      ...(body && { body: body.stream, duplex: 'half' }),
    });
    if (body) bodies.set(request, body);
    const answer = await server.handleWeb(request);
    if (answer.status >= 400) {
      if (request.body?.locked === false) await drain(request.body);
      // Nobody hears it.
      if (raw.destroyed && !raw.complete) throw new Refusal('fileFailed');
      throw await refusalOf(answer, failures.get(request));
    }
    return {
      ...Object.fromEntries(said.flatMap((name) => pair(name, answer.headers.get(name)))),
      // Somebody else has taken over; nobody reads the rest of this one.
      ...(!raw.complete && { connection: 'close' }),
    };
  }

  #opened(): Promise<Opened> {
    this.#server ??= this.#open().catch((error: unknown) => {
      this.#server = undefined;
      throw error;
    });
    return this.#server;
  }

  async #open(): Promise<Opened> {
    const { bytes, locks } = this.#deps;
    const { Server } = await import('@tus/server');
    const store = await bytes.open();
    // What it cannot do is refused rather than forgotten.
    store.extensions = ['creation', 'termination', 'expiration'];
    const bodies = new WeakMap<object, PartBody>();
    const failures = new WeakMap<object, unknown>();
    const server = new Server({
      ...{ path: '/v1/uploads', datastore: store },
      locker: (request) => ({ newLock: (id) => locks.newLock(id, bodies.get(request)) }),
      // Its own time to write on what it has is the same for a line that is dead and for one that is full.
      lockDrainTimeout: 1,
      onResponseError: (request, error) => void failures.set(request, error),
    });
    return { server, store, bodies, failures };
  }
}

interface Opened {
  readonly server: Server;
  readonly store: DataStore;
  /** By the request. */
  readonly bodies: WeakMap<object, PartBody>;
  /** What went wrong, by the request: the library answers all of it with a text. */
  readonly failures: WeakMap<object, unknown>;
}

/** Who sends something that is not wanted hears so when it is sent, as nobody listens before that. */
async function drain(body: ReadableStream<Uint8Array>): Promise<void> {
  let drained = 0;
  for await (const chunk of body) if ((drained += chunk.byteLength) > mostUnwanted) return;
}

function pair(name: string, value: string | null): [string, string][] {
  return value === null ? [] : [[name, value]];
}

const texts: Readonly<Record<number, TextKey>> = {
  404: 'uploadUnknown',
  409: 'uploadElsewhere',
  410: 'uploadUnknown',
  413: 'uploadBeyond',
};

/** What the library knows of has a status; all else is as it was thrown. */
async function refusalOf(answer: Response, failure: unknown): Promise<unknown> {
  if (failure instanceof Error) return failure;
  const { ERRORS } = await import('@tus/server');
  if (failure === ERRORS.ABORTED) return new Refusal('unavailable', { code: 503 });
  const what = (await answer.text()).trim();
  if (answer.status >= 500) return new Error(`tus: ${answer.status} ${what}`);
  const key = texts[answer.status];
  return key ? new Refusal(key) : new Refusal('malformed', { values: { what } });
}
