import type { Sink } from '../events/sink.ts';
import { PlatformError } from '../platform-error.ts';
import { AmqpSink } from './amqp-sink.ts';
import { KafkaSink } from './kafka-sink.ts';
import { NatsSink } from './nats-sink.ts';
import { RedisSink } from './redis-sink.ts';
import { readSinkAddress, sinkSchemes, type SinkAddress } from './sink-address.ts';

type OpenSink = (address: SinkAddress) => Sink;

/** Each loads its library, which is there for those alone who use it. */
const kinds: Readonly<Record<string, () => Promise<OpenSink>>> = {
  async redis() {
    const library = await load(() => import('ioredis'), 'ioredis');
    return (address) => new RedisSink(library, address);
  },
  async amqp() {
    const library = await load(() => import('amqplib'), 'amqplib');
    return (address) => new AmqpSink(library, address);
  },
  async nats() {
    const both = '@nats-io/transport-node @nats-io/jetstream';
    const transport = await load(() => import('@nats-io/transport-node'), both);
    const jetstream = await load(() => import('@nats-io/jetstream'), both);
    return (address) => new NatsSink({ transport, jetstream }, address);
  },
  async kafka() {
    const library = await load(() => import('kafkajs'), 'kafkajs');
    return (address) => new KafkaSink(library, address);
  },
};

/** The sinks of the options, by their names: what opens each. */
export async function openSinks(urls: readonly string[]): Promise<Map<string, () => Sink>> {
  const sinks = new Map<string, () => Sink>();
  for (const url of urls) {
    const { name = '' } = sinkSchemes[new URL(url).protocol] ?? {};
    const open = await kinds[name]?.();
    if (open) sinks.set(name, () => open(readSinkAddress(url)));
  }
  return sinks;
}

async function load<T extends object>(library: () => Promise<T>, name: string): Promise<T> {
  try {
    const loaded: T & { readonly default?: object } = await library();
    // What of a library in CommonJS is an export by name, loaders see differently.
    return { ...loaded.default, ...loaded };
  } catch (cause) {
    throw new PlatformError(
      'DRIVER_MISSING',
      `A sink of --event-sinks needs a library that is not installed. Run: npm install ${name}`,
      { cause },
    );
  }
}
