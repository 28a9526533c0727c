import type { DeviceAddress } from 'im-common';
import type { Bus, EndedSession, Session, SessionBound, SessionRule, Standing } from 'im-common/bus';
import { serverGroup, type PresenceNote } from 'im-common/internal/bus';
import type { Connection } from '../device/connection.ts';
import { sinceOf, tokenOf, type LoggedIn } from '../device/logged-in.ts';
import type { Devices } from '../device/devices.ts';
import { nowMs } from '../device/now-ms.ts';
import type { OwnSession } from '../device/session.ts';
import type { PresenceTeller } from './presence-teller.ts';
import type { RuleOf } from './session-rules.ts';
import type { SeveralSessions } from './several-sessions.ts';

export interface SessionKeeperDeps {
  readonly bus: Pick<Bus, 'registry' | 'sessions'>;
  readonly devices: Pick<Devices, 'all'>;
  readonly teller: PresenceTeller;
  readonly serverId: () => number;
  /** Also while no service wants to know who comes and goes. */
  readonly isAlwaysOn: boolean;
  readonly ruleOf: RuleOf;
  /** Of several terminals of a user one may be in. */
  readonly isAlone: boolean;
  readonly terminals: readonly number[];
  readonly several: Pick<SeveralSessions, 'answered' | 'ask' | 'forgetIfGone' | 'learn' | 'mayBeAt'>;
}

/** A device whose route points to another server. */
export interface ForeignRoute {
  readonly connection: Connection;
  readonly serverId: number;
}

const perSnapshotStep = 1_000;

/** Keeps the sessions of this server's devices on the bus, beside their routes, and has told who came and went. */
export class SessionKeeper {
  readonly #deps: SessionKeeperDeps;
  #count = 0;
  /** Every session was written since it is on. */
  #isComplete = false;
  #toTell = new Set<string>();
  /** Sessions of which it is not known whether they are written. */
  readonly #unsure = new Set<string>();

  constructor(deps: SessionKeeperDeps) {
    this.#deps = deps;
  }

  get isOn(): boolean {
    return this.#deps.isAlwaysOn || this.#deps.teller.isWatched;
  }

  /** All sessions are in the table. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** It is on, and not every session is written yet. */
  get needsRefresh(): boolean {
    return this.isOn && !this.#isComplete;
  }

  /** What the servers' group has posted; some of it by services that watch who comes and goes. */
  onNotices(notices: ReadonlyMap<string, string>): void {
    for (const service of this.#deps.teller.watch(notices)) this.#toTell.add(service);
    if (!this.isOn) this.#isComplete = false;
    else if (this.#isComplete) this.#tellAll();
  }

  /** A session for a device that logs in. */
  async bind(connection: Connection, login: LoggedIn): Promise<SessionBound> {
    const { ruleOf, several } = this.#deps;
    const own = (connection.session = this.#newSession());
    const session = describeSession(connection, login, own);
    const rule = ruleOf(login.address.terminal);
    several.ask(login.address);
    let bound: SessionBound;
    try {
      if (several.mayBeAt(login.address)) await this.#announce(login, own);
      bound = await this.#write(session, rule, login);
    } catch (error) {
      // The route may point here all the same, until the session is removed.
      this.#unsure.add(own.id);
      throw error;
    }
    several.answered(login.address, bound.status === 'bound' ? bound.others : undefined);
    if (bound.status === 'bound') this.#began(login, own, bound.standing);
    else {
      connection.session = undefined;
      // Left there it does no harm.
      this.#deps.bus.sessions.record(own.serverId, [[own.id, undefined]]).catch(() => undefined);
    }
    return bound;
  }

  /**
   * In the table before it may stand beside the route: of several none is removed by the next login, so that whoever looks after this
   * server when it has died in between must find it.
   */
  #announce(login: LoggedIn, { id, serverId }: OwnSession): Promise<void> {
    const { address } = login;
    const standing = { number: 0, open: 0 };
    return this.#deps.bus.sessions.record(serverId, [[id, { address, since: sinceOf(login), standing }]]);
  }

  async #write(session: Session, rule: SessionRule, login: LoggedIn): Promise<SessionBound> {
    const { bus } = this.#deps;
    const bound = await bus.sessions.bind(session, rule, tokenOf(login));
    if (bound.status !== 'refused') return bound;
    // Places of the dead are free.
    const without = await this.#lost(bound.holders);
    if (without.length === 0) return bound;
    return bus.sessions.bind(session, { ...rule, without }, tokenOf(login));
  }

  /**
   * The sessions of a user on other terminals that have to go as this one is in; `lost`: a newer one is in, and this has to
   * go. Of two that log in at once each is on the bus before either looks, and the order is the same for both.
   */
  async rivals(connection: Connection, login: LoggedIn): Promise<'lost' | readonly Session[]> {
    const { bus, isAlone, terminals } = this.#deps;
    const { address } = login;
    const since = sinceOf(login);
    const own = connection.session;
    if (!isAlone || !own) return [];
    const elsewhere = terminals.filter((terminal) => terminal !== address.terminal);
    const others = (await bus.sessions.list(elsewhere.map((terminal) => ({ ...address, terminal })))).flat();
    const isNewer = (other: Session): boolean =>
      other.since === since ? other.id > own.id : other.since > since;
    const newer = others.filter(isNewer);
    const dead = newer.length > 0 ? await this.#lost(newer) : [];
    return dead.length < newer.length ? 'lost' : others;
  }

  /** Whose server does not live. */
  async #lost(sessions: readonly Session[]): Promise<string[]> {
    const { live } = await this.#deps.bus.registry.view(serverGroup);
    const alive = new Set(live.map(({ id }) => Number(id)));
    return sessions.filter(({ serverId }) => !alive.has(serverId)).map(({ id }) => id);
  }

  async unbind(session: EndedSession, graceMs: number, code: number | undefined): Promise<void> {
    const [standing] = await this.#deps.bus.sessions.unbind([session], graceMs);
    this.#isSure(session);
    if (standing) this.#deps.teller.tell({ event: 'went', session, standing, at: Date.now(), code });
  }

  /** It is known whether it is written. */
  #isSure({ address, id }: Pick<EndedSession, 'address' | 'id'>): void {
    const { several } = this.#deps;
    if (this.#unsure.delete(id)) several.answered(address);
    else several.forgetIfGone(address);
  }

  /** Writes sessions again, with new ones for devices that have none, and returns those whose route points elsewhere. */
  async refresh(connections: readonly Connection[]): Promise<ForeignRoute[]> {
    const { bus, ruleOf, several } = this.#deps;
    const own = connections.flatMap((connection) => {
      const { login } = connection;
      if (!login) return [];
      const session = (connection.session ??= this.#newSession());
      const { most } = ruleOf(login.address.terminal);
      return [{ connection, login, session, sent: { ...describeSession(connection, login, session), most } }];
    });
    const refreshed = await bus.sessions.refresh(own.map(({ sent }) => sent));
    return own.flatMap(({ connection, login, session, sent }, index) => {
      const { foreign, others, standing } = refreshed[index] ?? {};
      if (others && several.mayBeAt(login.address)) several.learn(login.address, others);
      this.#isSure(sent);
      if (standing) this.#began(login, session, standing);
      return foreign === undefined ? [] : [{ connection, serverId: foreign }];
    });
  }

  /** Every session was written: the table is made to be the same. */
  async complete(): Promise<void> {
    if (!this.isOn) return;
    const { bus, serverId, teller } = this.#deps;
    const id = serverId();
    await teller.whenRecorded();
    const inTable = new Map<string, DeviceAddress>();
    for await (const rows of bus.sessions.table(id)) {
      for (const row of rows) inTable.set(row.id, row.address);
    }
    for (const note of this.#everyone()) {
      if (!inTable.delete(note.session.id)) teller.tell(note);
    }
    // Their logins are under way.
    for (const { session } of this.#deps.devices.all)
      if (session && !session.isOver) inTable.delete(session.id);
    // After those that began meanwhile were looked for.
    for (const [strayId, address] of inTable) {
      await this.unbind({ id: strayId, address, serverId: id }, 0, undefined);
    }
    this.#isComplete = true;
    this.#tellAll();
  }

  #tellAll(): void {
    const services = [...this.#toTell];
    this.#toTell.clear();
    if (services.length > 0) void this.#tellEveryone(services);
  }

  /** In steps, so that the devices of a large server do not wait for it. */
  async #tellEveryone(services: readonly string[]): Promise<void> {
    const { teller } = this.#deps;
    let step: PresenceNote[] = [];
    const send = (): void => {
      for (const service of services) teller.tellOne(service, step);
      step = [];
    };
    for (const note of this.#everyone()) {
      step.push(note);
      if (step.length < perSnapshotStep) continue;
      send();
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (step.length > 0) send();
  }

  *#everyone(): Generator<PresenceNote> {
    for (const { login, session } of this.#deps.devices.all) {
      if (login && session?.standing && !session.isOver)
        yield noteOf(login, session, session.standing, sinceOf(login));
    }
  }

  #newSession(): OwnSession {
    this.#count += 1;
    const serverId = this.#deps.serverId();
    return { id: `${serverId}-${this.#count.toString(36)}`, serverId, standing: undefined, isOver: false };
  }

  #began(login: LoggedIn, session: OwnSession, standing: Standing): void {
    // Gone before the bus had answered: nobody needs to know that it was here.
    if (session.isOver) return;
    session.standing = standing;
    this.#deps.teller.tell(noteOf(login, session, standing, Date.now()));
  }
}

function noteOf(login: LoggedIn, { id, serverId }: OwnSession, standing: Standing, at: number): PresenceNote {
  const { address } = login;
  return { event: 'came', session: { id, address, serverId, since: sinceOf(login) }, standing, at };
}

/** As the bus knows it. */
function describeSession(connection: Connection, login: LoggedIn, { id, serverId }: OwnSession): Session {
  const { lastHeardAt, link } = connection;
  return {
    id,
    serverId,
    address: login.address,
    since: sinceOf(login),
    heardAt: Math.round(Date.now() - (nowMs() - lastHeardAt)),
    devId: login.devId,
    from: link.remoteAddress,
    agent: link.agent,
  };
}
