import type { ImResult, KeptResult } from 'im-client';

/** A webhook with fewer bytes of events gets one more; one event may have more by itself. */
const bytesPerWebhook = 256 * 1_024;

/** What a webhook can be about; its events are in a member of this name. */
export type WebhookType = 'results' | 'kept' | 'presence';

/** A result as JSON, with its payload byte for byte. */
export function resultText(result: ImResult | KeptResult): string {
  const { kind, code, stage, reason, messageId, attempt, serverId, sender } = result;
  const { queuedAt, takenAt, resolvedAt } = result;
  const whom = 'receiver' in result ? { receiver: result.receiver } : { receivers: result.receivers };
  const messageKind = result.kind === 'kept' ? result.messageKind : undefined;
  const about = { kind, messageKind, messageId, code, stage, reason, attempt, serverId, sender };
  const text = JSON.stringify({ ...about, ...whom, queuedAt, takenAt, resolvedAt });
  return `${text.slice(0, -1)},"data":${result.dataText}}`;
}

/** The bodies that carry these events, in their order. */
export function bodiesOf(
  type: WebhookType,
  service: string,
  events: readonly string[],
  newId: () => string,
): string[] {
  const bodies: string[] = [];
  let batch: string[] = [];
  let bytes = 0;
  const end = (): void => {
    if (batch.length === 0) return;
    const head = JSON.stringify({ id: newId(), type, service, at: Date.now() });
    bodies.push(`${head.slice(0, -1)},${JSON.stringify(type)}:[${batch.join(',')}]}`);
    batch = [];
    bytes = 0;
  };
  for (const event of events) {
    batch.push(event);
    bytes += event.length;
    if (bytes >= bytesPerWebhook) end();
  }
  end();
  return bodies;
}

export interface WebhookHead {
  readonly id: string;
  /** When it was made, in epoch milliseconds. */
  readonly at: number;
}

/** The id and the age of a body; undefined for what somebody else put on the list. */
export function headOf(body: string): WebhookHead | undefined {
  const [, id, at] = /^\{"id":"([\w-]+)","type":"[a-z]+","service":"[\w.-]+","at":(\d+),/.exec(body) ?? [];
  return id === undefined ? undefined : { id, at: Number(at) };
}
