import { isUserId, type DeviceAddress } from '../address.ts';
import { fromByteText, toByteText, type ByteText } from './byte-text.ts';
import type { Session, Standing } from './sessions.ts';

/** A session began or ended, and how things stood at its address then. */
export interface PresenceNote {
  readonly event: 'came' | 'went';
  readonly session: Pick<Session, 'id' | 'address' | 'serverId'> & { readonly since?: number | undefined };
  readonly standing: Standing;
  /** When, in epoch milliseconds of the server that noticed. */
  readonly at: number;
  /** Of one that went: the close code, where its server saw the end. */
  readonly code?: number | undefined;
}

/** What lies on a list of presence events. */
export interface PresenceEntry {
  /** Of the account that the notes belong to: a service that begins a new one has no use for those of older ones. */
  readonly account: string;
  readonly notes: readonly PresenceNote[];
}

export function encodePresence({ account, notes }: PresenceEntry): ByteText {
  const texts = notes.map(({ at, code, event, session, standing }) =>
    JSON.stringify({
      event,
      user: session.address.id,
      terminal: session.address.terminal,
      number: standing.number,
      open: standing.open,
      session: session.id,
      server: session.serverId,
      since: session.since,
      at,
      code,
    }),
  );
  return toByteText(`{"account":${JSON.stringify(account)},"notes":[${texts.join(',')}]}`);
}

/** Undefined when it is no such entry; notes that cannot be read are left out. */
export function decodePresence(text: ByteText): PresenceEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(fromByteText(text));
  } catch {
    return undefined;
  }
  const { account, notes } = (value ?? {}) as Record<string, unknown>;
  if (typeof account !== 'string' || !Array.isArray(notes)) return undefined;
  return { account, notes: notes.flatMap((note: unknown) => readNote(note) ?? []) };
}

function readNote(value: unknown): PresenceNote | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { at, code, event, number, open, server, session, since, terminal, user } = value as Record<
    string,
    unknown
  >;
  if (event !== 'came' && event !== 'went') return undefined;
  if (typeof user !== 'string' || !isUserId(user) || typeof session !== 'string') return undefined;
  if (!areNumbers(terminal, number, open, server, at)) return undefined;
  const address: DeviceAddress = { id: user, terminal: Number(terminal) };
  return {
    event,
    session: {
      id: session,
      address,
      serverId: Number(server),
      since: typeof since === 'number' ? since : undefined,
    },
    standing: { number: Number(number), open: Number(open) },
    at: Number(at),
    code: typeof code === 'number' ? code : undefined,
  };
}

function areNumbers(...values: unknown[]): boolean {
  return values.every((value) => typeof value === 'number' && Number.isFinite(value));
}
