import { Command } from 'im-common';
import type { Device } from '../device.ts';
import { DeviceError } from '../errors.ts';
import type { DevicePart } from '../part.ts';
import { Positions, type Position } from './positions.ts';

/** Loads what the page shows of a topic. When it rejects it is called again, after a pause. */
export type ReloadHandler = (topic: string) => unknown;

/** What {@link withTopics} adds to a device. */
export interface Topics {
  /** The topics that its user is in, as far as the server has said so. */
  readonly topics: ReadonlySet<string>;
  /** Calls the handler whenever `topics` has changed. Returns what ends that. */
  onTopics(handler: (topics: ReadonlySet<string>) => void): () => void;
  /** Calls the handler for a topic of which more was missed than it keeps: at first for each, as nothing is known of it yet. Returns what ends that. */
  onReload(handler: ReloadHandler): () => void;
}

/** The `data` of what a server says of topics (P-13.10). */
interface Said {
  readonly in?: readonly string[];
  readonly joined?: readonly string[];
  readonly left?: readonly string[];
  readonly at?: Readonly<Record<string, Position>>;
  readonly reload?: Readonly<Record<string, Position>>;
}

/**
 * Lets a device miss nothing of topics that keep messages: what was sent while it was between two connections comes with the next one,
 * before anything else, as far as the topics keep it. Returns the same device. Before `start()`.
 *
 * @example
 * const device = withTopics(createDevice({ url, token }));
 * device.onReload(async (topic) => show(topic, await loadMessages(topic)));
 * device.start();
 */
export function withTopics<Some extends Pick<Device, 'use'>>(device: Some): Some & Topics {
  const topics = new Set<string>();
  const positions = new Positions();
  const onTopics = new Set<(topics: ReadonlySet<string>) => void>();
  const onReload = new Set<ReloadHandler>();
  const reload = async (topic: string): Promise<void> => {
    await Promise.all(Array.from(onReload, async (handler) => handler(topic)));
  };
  const change = ({ in: all, joined = [], left = [] }: Said): void => {
    if (all) {
      topics.clear();
      for (const topic of positions.topics) if (!all.includes(topic)) positions.forget(topic);
    }
    for (const topic of [...(all ?? []), ...joined]) topics.add(topic);
    for (const topic of left) {
      topics.delete(topic);
      positions.forget(topic);
    }
    for (const handler of onTopics) handler(topics);
  };
  const part: DevicePart = {
    login: { topics: positions },
    online: () => undefined,
    offline: () => undefined,
    heard(cmd, data) {
      if (cmd !== Command.TOPICS) return;
      const said = data as Said;
      if (said.in ?? said.joined ?? said.left) change(said);
      for (const [topic, position] of Object.entries(said.at ?? {})) positions.set(topic, position);
      for (const [topic, position] of Object.entries(said.reload ?? {})) {
        void positions.load(topic, position, () => reload(topic));
      }
    },
    closed: () => positions.close(),
  };
  device.use(part);
  const followed: Topics = {
    topics,
    onTopics: (handler) => added(onTopics, handler),
    onReload: (handler) => added(onReload, handler),
  };
  return Object.assign(device, followed);
}

function added<T>(handlers: Set<T>, handler: T): () => void {
  if (typeof handler !== 'function') throw new DeviceError('INVALID_OPTION', 'No function was given.');
  handlers.add(handler);
  return () => {
    handlers.delete(handler);
  };
}
