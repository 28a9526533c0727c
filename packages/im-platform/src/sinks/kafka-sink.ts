import type * as kafkajs from 'kafkajs';
import type { OutgoingEvent, Sink } from '../events/sink.ts';
import { Reopened, until } from './reopened.ts';
import type { SinkAddress } from './sink-address.ts';

type Library = typeof kafkajs;

/** Produces events to a topic of Kafka, by their subjects, so that those of one are in one partition. All replicas have an event then. */
export class KafkaSink implements Sink {
  readonly parallel = 64;
  readonly timeoutMs = 8_000;
  readonly #producer: Reopened<kafkajs.Producer>;
  readonly #topic: string;

  constructor({ Kafka, logLevel, Partitioners }: Library, { url, text }: SinkAddress) {
    const { host, username, password, protocol } = new URL(url);
    this.#topic = text('topic', 'im-events');
    const kafka = new Kafka({
      clientId: 'im-platform',
      brokers: host.split(','),
      // The deliverer tries again, and says what went wrong.
      ...{
        logLevel: logLevel.NOTHING,
        retry: { retries: 0 },
        connectionTimeout: 3_000,
        requestTimeout: 4_000,
      },
      ssl: protocol === 'kafkas:',
      ...(username !== '' && {
        sasl: {
          mechanism: 'plain',
          username: decodeURIComponent(username),
          password: decodeURIComponent(password),
        },
      }),
    });
    this.#producer = new Reopened(
      async (onLost) => {
        const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
        producer.on(producer.events.DISCONNECT, onLost);
        await producer.connect();
        return producer;
      },
      (producer) => producer.disconnect(),
    );
  }

  async deliver({ id, type, subject, body }: OutgoingEvent, signal: AbortSignal): Promise<void> {
    const producer = await until(signal, this.#producer.get());
    const message = { key: subject, value: body, headers: { id, type } };
    await until(signal, producer.send({ topic: this.#topic, acks: -1, messages: [message] }));
  }

  close(): Promise<void> {
    return this.#producer.close();
  }
}
