/** Where a sink of the options is, as its URL says: redis://host:6379?stream=im:events&most=100000. */
export interface SinkAddress {
  /** Without what is ours behind the `?`. */
  readonly url: string;
  readonly text: (name: string, usual: string) => string;
  readonly number: (name: string, usual: number) => number;
}

/** By the scheme of the URL: what it is called, and what its URL may say. */
export const sinkSchemes: Readonly<
  Record<string, { readonly name: string; readonly settings: readonly string[] }>
> = {
  'redis:': { name: 'redis', settings: ['stream', 'most'] },
  'rediss:': { name: 'redis', settings: ['stream', 'most'] },
  'amqp:': { name: 'amqp', settings: ['exchange'] },
  'amqps:': { name: 'amqp', settings: ['exchange'] },
  'nats:': { name: 'nats', settings: ['subject'] },
  'kafka:': { name: 'kafka', settings: ['topic'] },
  'kafkas:': { name: 'kafka', settings: ['topic'] },
};

/** Whether it is the address of a sink, with no setting that nobody knows. */
export function isSinkUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, searchParams, hostname } = new URL(text);
  const scheme = sinkSchemes[protocol];
  return (
    scheme !== undefined &&
    hostname !== '' &&
    [...searchParams.keys()].every((name) => scheme.settings.includes(name))
  );
}

export function readSinkAddress(text: string): SinkAddress {
  const { searchParams } = new URL(text);
  return {
    url: text.replace(/\?.*$/s, ''),
    text: (name, usual) => searchParams.get(name) ?? usual,
    number: (name, usual) => Math.max(1, Math.trunc(Number(searchParams.get(name) ?? usual)) || usual),
  };
}
