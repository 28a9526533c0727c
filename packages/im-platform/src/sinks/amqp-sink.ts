import type * as amqplib from 'amqplib';
import type { OutgoingEvent, Sink } from '../events/sink.ts';
import { Reopened, until } from './reopened.ts';
import type { SinkAddress } from './sink-address.ts';

type Library = typeof amqplib;

/** Publishes events to a topic exchange of RabbitMQ. It has an event when it has confirmed it, and a queue got it. */
export class AmqpSink implements Sink {
  readonly parallel = 64;
  readonly timeoutMs = 5_000;
  readonly #channel: Reopened<{ channel: amqplib.ConfirmChannel; close: () => Promise<unknown> }>;
  readonly #exchange: string;
  /** Ids of what no queue was there for. */
  readonly #returned = new Set<unknown>();

  constructor({ connect }: Library, { url, text }: SinkAddress) {
    this.#exchange = text('exchange', 'im.events');
    this.#channel = new Reopened<{ channel: amqplib.ConfirmChannel; close: () => Promise<unknown> }>(
      async (onLost) => {
        const connection = await connect(url, { timeout: this.timeoutMs });
        connection.on('error', onLost);
        connection.on('close', onLost);
        const channel = await connection.createConfirmChannel();
        channel.on('error', onLost);
        channel.on('close', onLost);
        channel.on('return', ({ properties }) => this.#returned.add(properties.messageId));
        await channel.assertExchange(this.#exchange, 'topic', { durable: true });
        return { channel, close: () => connection.close() };
      },
      ({ close }) => close(),
    );
  }

  async deliver({ id, type, subject, position, body }: OutgoingEvent, signal: AbortSignal): Promise<void> {
    const { channel } = await until(signal, this.#channel.get());
    const options = {
      ...{ persistent: true, mandatory: true, messageId: id, type, contentType: 'application/json' },
      headers: { subject, position },
    };
    const confirmed = new Promise<void>((resolve, reject) => {
      channel.publish(this.#exchange, type, Buffer.from(body), options, (error: unknown) => {
        // The broker returns it before it confirms it.
        if (this.#returned.delete(id))
          reject(new Error(`no queue is bound to ${this.#exchange} for ${type}`));
        else if (error === null || error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error('the broker did not confirm it'));
      });
    });
    await until(signal, confirmed);
  }

  close(): Promise<void> {
    return this.#channel.close();
  }
}
