import type { TopicPosition } from 'im-common/bus';
import { isTopicName } from 'im-common/internal/bus';

/** How far a device has the messages of a topic. */
export interface DevicePosition extends TopicPosition {
  /** It has, or had to load itself, all up to this. */
  readonly floor: number;
}

export type Positions = ReadonlyMap<string, DevicePosition>;

const mostTopics = 1_000;

/** Reads `{"room":["epoch",7,5]}` (P-13.10). Undefined when it is nothing like that; what makes no sense in it is left out. */
export function readPositions(value: unknown): Positions | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const positions = new Map<string, DevicePosition>();
  for (const [topic, position] of Object.entries(value).slice(0, mostTopics)) {
    if (!isTopicName(topic) || !Array.isArray(position)) continue;
    const [epoch, number, floor] = position as unknown[];
    if (typeof epoch !== 'string' || !/^[\w-]{1,32}$/.test(epoch)) continue;
    if (isNumber(number)) positions.set(topic, { epoch, number, floor: isNumber(floor) ? floor : number });
  }
  return positions;
}

export function writePositions(positions: Positions): Record<string, readonly [string, number, number]> {
  return Object.fromEntries(
    Array.from(positions, ([topic, { epoch, number, floor }]) => [topic, [epoch, number, floor]]),
  );
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
