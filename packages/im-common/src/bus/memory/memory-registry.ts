import {
  deadKeptMs,
  type ExpiredMember,
  type GroupView,
  type Lease,
  type Member,
  type Registry,
  type RenewOutcome,
} from '../bus.ts';
import { serverGroup } from '../names.ts';
import type { Calls } from './calls.ts';
import { ExpiringMap } from './expiring-map.ts';

interface HeldLease extends Member {
  readonly endsAt: number;
}

interface Group {
  /** By id; stays when the lease is over, until somebody declares the member dead. */
  readonly members: Map<string, HeldLease>;
  /** Id → when it died. */
  readonly dead: ExpiringMap<number>;
  readonly notices: ExpiringMap<string>;
}

export class MemoryRegistry implements Registry {
  readonly #calls: Calls;
  readonly #now: () => number;
  readonly #groups = new Map<string, Group>();
  readonly #endedBoots: ExpiringMap<true>;
  readonly #lockHolders: ExpiringMap<string>;
  #lastServerId = 0;

  constructor(calls: Calls, now: () => number) {
    this.#calls = calls;
    this.#now = now;
    this.#endedBoots = new ExpiringMap(now);
    this.#lockHolders = new ExpiringMap(now);
  }

  nextServerId(): Promise<number> {
    return this.#calls.answer(() => {
      const servers = this.#groups.get(serverGroup)?.members;
      do this.#lastServerId += 1;
      while (servers?.has(String(this.#lastServerId)));
      return this.#lastServerId;
    });
  }

  renew(groupName: string, { id, boot, leaseMs, info }: Lease): Promise<RenewOutcome> {
    return this.#calls.answer(() => {
      if (this.#endedBoots.get(bootKey(groupName, id, boot))) return 'dead';
      const group = this.#group(groupName);
      const held = group.members.get(id);
      if (held && held.boot !== boot) return 'taken';
      group.members.set(id, { id, boot, info, endsAt: this.#now() + leaseMs });
      group.dead.delete(id);
      return held ? 'renewed' : 'new';
    });
  }

  view(groupName: string): Promise<GroupView> {
    return this.#calls.answer(() => {
      const { members, dead, notices } = this.#group(groupName);
      const posted = new Map(notices);
      const now = this.#now();
      const live: Member[] = [];
      const expired: ExpiredMember[] = [];
      for (const { endsAt, ...member } of members.values()) {
        if (endsAt > now) live.push(member);
        else expired.push({ ...member, lateMs: now - endsAt });
      }
      return {
        live,
        expired,
        dead: Array.from(dead, ([id, diedAt]) => ({ id, agoMs: now - diedAt })),
        ...(posted.size > 0 && { notices: posted }),
      };
    });
  }

  declareDead(groupName: string, id: string, boot: string): Promise<boolean> {
    return this.#calls.answer(() => {
      const held = this.#held(groupName, id, boot);
      if (!held) return this.#endedBoots.get(bootKey(groupName, id, boot)) ?? false;
      if (held.endsAt > this.#now()) return false;
      this.#end(groupName, held);
      return true;
    });
  }

  leave(groupName: string, id: string, boot: string): Promise<void> {
    return this.#calls.answer(() => {
      const held = this.#held(groupName, id, boot);
      if (held) this.#end(groupName, held);
    });
  }

  post(groupName: string, name: string, text: string, ms: number): Promise<string | undefined> {
    return this.#calls.answer(() => {
      const { notices } = this.#group(groupName);
      const before = notices.get(name);
      if (ms > 0) notices.set(name, text, ms);
      else notices.delete(name);
      return before;
    });
  }

  lock(name: string, holder: string, ms: number): Promise<boolean> {
    return this.#calls.answer(() => {
      if ((this.#lockHolders.get(name) ?? holder) !== holder) return false;
      this.#lockHolders.set(name, holder, ms);
      return true;
    });
  }

  #held(groupName: string, id: string, boot: string): HeldLease | undefined {
    const held = this.#group(groupName).members.get(id);
    return held?.boot === boot ? held : undefined;
  }

  #end(groupName: string, { id, boot }: Member): void {
    const { members, dead } = this.#group(groupName);
    members.delete(id);
    dead.set(id, this.#now(), deadKeptMs(groupName));
    this.#endedBoots.set(bootKey(groupName, id, boot), true, deadKeptMs(groupName));
  }

  #group(name: string): Group {
    let group = this.#groups.get(name);
    if (!group) {
      group = { members: new Map(), dead: new ExpiringMap(this.#now), notices: new ExpiringMap(this.#now) };
      this.#groups.set(name, group);
    }
    return group;
  }
}

function bootKey(group: string, id: string, boot: string): string {
  return `${group}\n${id}\n${boot}`;
}
