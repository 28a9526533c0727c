import type { Logger } from 'im-common';
import { Counter, type Registry } from 'prom-client';

export type AuditEvent =
  | 'login'
  | 'login-refused'
  | 'account-locked'
  | 'registered'
  | 'registration-refused'
  | 'password-changed'
  | 'password-refused'
  | 'session-ended'
  | 'refresh-refused'
  | 'user-banned'
  | 'user-unbanned'
  | 'group-banned'
  | 'group-unbanned'
  | 'account-deleted'
  | 'file-removed'
  | 'file-infected'
  | 'identity-linked'
  | 'identity-unlinked'
  | 'second-factor-on'
  | 'second-factor-off'
  | 'second-factor-refused';

/** Something that whoever answers for the platform must be able to look up later: who did it, from where, to what. */
export interface AuditEntry {
  readonly event: AuditEvent;
  /** Whose account it is about. Absent where there is none; never the name that was typed, which may be a password. */
  readonly userId?: number | undefined;
  readonly groupId?: number | undefined;
  readonly terminal?: number | undefined;
  /** An IPv4 address or a /64 of IPv6. Absent for what operators order. */
  readonly network?: string | undefined;
  /** A word of ours, never a text of a user. */
  readonly reason?: string | undefined;
  /** What it was done to, where that is neither user nor group: the key of a file, or what was found in one. */
  readonly target?: string | undefined;
}

export type WriteAudit = (entry: AuditEntry) => void;

/** Keeps the audit: a line for each entry, and a count of each event. */
export class Audit {
  readonly #write: WriteAudit;
  readonly #count: Counter<'event' | 'reason'>;

  constructor(write: WriteAudit, metrics: Registry) {
    this.#write = write;
    this.#count = new Counter({
      name: 'im_platform_audit_total',
      help: 'Logins, refusals, locks, ends of sessions, bans and the like, as the audit has them',
      labelNames: ['event', 'reason'],
      registers: [metrics],
    });
  }

  record(entry: AuditEntry): void {
    this.#count.inc({ event: entry.event, reason: entry.reason ?? '' });
    this.#write(entry);
  }
}

/** The audit as lines of the log. */
export function auditInto(logger: Pick<Logger, 'info'>): WriteAudit {
  return ({ event, ...about }) => logger.info({ audit: event, ...about }, 'audit');
}
