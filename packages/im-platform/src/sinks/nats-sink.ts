import type * as natsJetstream from '@nats-io/jetstream';
import type * as natsTransport from '@nats-io/transport-node';
import type { OutgoingEvent, Sink } from '../events/sink.ts';
import { Reopened, until } from './reopened.ts';
import type { SinkAddress } from './sink-address.ts';

interface Library {
  readonly transport: typeof natsTransport;
  readonly jetstream: typeof natsJetstream;
}

/** Publishes events to a stream of NATS JetStream, which must be there. It has an event when it has acknowledged it. */
export class NatsSink implements Sink {
  readonly parallel = 64;
  readonly timeoutMs = 5_000;
  readonly #stream: Reopened<{ stream: natsJetstream.JetStreamClient; close: () => Promise<void> }>;
  readonly #subject: string;

  constructor({ transport, jetstream }: Library, { url, text }: SinkAddress) {
    this.#subject = text('subject', 'im.events');
    this.#stream = new Reopened(
      async (onLost) => {
        const connection = await transport.connect({
          ...{ servers: url.replace(/^nats:\/\//, ''), timeout: this.timeoutMs, reconnect: false },
          ...credentialsIn(url),
        });
        void connection.closed().then(onLost);
        return { stream: jetstream.jetstream(connection), close: () => connection.close() };
      },
      ({ close }) => close(),
    );
  }

  async deliver({ id, type, body }: OutgoingEvent, signal: AbortSignal): Promise<void> {
    const { stream } = await until(signal, this.#stream.get());
    // By the id JetStream knows what comes twice, for some minutes.
    await until(signal, stream.publish(`${this.#subject}.${type}`, body, { msgID: id }));
  }

  close(): Promise<void> {
    return this.#stream.close();
  }
}

function credentialsIn(url: string): { user?: string; pass?: string } {
  const { username, password } = new URL(url);
  return username === '' ? {} : { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
}
