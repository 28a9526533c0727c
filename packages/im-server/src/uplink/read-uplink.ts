import { scanObject } from 'im-common/internal/bus';

/** What a device says to a service (P-14.2), checked; its `data` is still text. */
export interface ReceivedUplink {
  readonly to: string;
  readonly box: string;
  readonly n: number;
  readonly done: number;
  readonly asks: boolean;
  readonly dataText: string;
}

const service = /^"([\w.-]{1,64})"$/;
const outbox = /^"([\w-]{1,32})"$/;
const number = /^\d{1,15}$/;

/** Undefined for what breaks P-14.2. `text` is known to be JSON. */
export function readUplink(text: string | undefined): ReceivedUplink | undefined {
  if (!text?.startsWith('{')) return undefined;
  const members = scanObject(text);
  const to = service.exec(members.get('to') ?? '')?.[1];
  const box = outbox.exec(members.get('box') ?? '')?.[1];
  const n = readNumber(members.get('n'));
  const done = readNumber(members.get('done') ?? '0');
  if (to === undefined || box === undefined || n === undefined || done === undefined || n < 1)
    return undefined;
  return { to, box, n, done, asks: members.get('ask') === 'true', dataText: members.get('data') ?? 'null' };
}

function readNumber(text: string | undefined): number | undefined {
  return text !== undefined && number.test(text) ? Number(text) : undefined;
}
