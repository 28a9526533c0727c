import { isIntegerId, type DeviceAddress } from 'im-common';
import type { ByteText, Route } from 'im-common/bus';
import {
  encodeEntry,
  highList,
  messageList,
  type Entry,
  type EntryExtras,
  type Feature,
} from 'im-common/internal/bus';
import type { OutgoingMessage } from './outgoing-message.ts';
import type { Place } from '../locate/place.ts';

/** What identifies a message on the wire, beside its content. */
export interface Envelope {
  readonly messageId: string;
  /** Unless the caller has named the message: see PendingMessages. */
  readonly number?: number | undefined;
  readonly serviceName: string;
  readonly queuedAt: number;
  /** On the clock of the bus. */
  readonly expiresAt?: number | undefined;
}

/** One entry for one server. */
export interface PlannedPut {
  readonly serverId: number;
  readonly list: string;
  readonly entry: ByteText;
  /** Whom the entry is for. Empty: everyone on that server. */
  readonly receivers: readonly DeviceAddress[];
  readonly isCopy: boolean;
  /** As of the {@link Place}. */
  readonly claim?: string | undefined;
}

export interface Plan {
  readonly puts: readonly PlannedPut[];
  readonly online: readonly DeviceAddress[];
  readonly offline: readonly DeviceAddress[];
  /** Receivers whose results will carry no message id. */
  readonly withoutId: readonly DeviceAddress[];
  /** Some entry is for a server of box-im. */
  readonly goesToJava: boolean;
}

/** The receivers and copies that a plan is for, and where each of them is. */
export interface Located {
  readonly receivers: readonly DeviceAddress[];
  readonly copies: readonly DeviceAddress[];
  /** First those of the receivers, then those of the copies. */
  readonly places: readonly (Place | undefined)[];
}

const nobody: readonly DeviceAddress[] = [];

/** Who gets which entry, and who is offline (contract B.5). Private lists carry one receiver per entry, the others all of a server. */
export function planSend(message: OutgoingMessage, envelope: Envelope, located: Located): Plan {
  const { receivers, copies, places } = located;
  const puts: PlannedPut[] = [];
  const online: DeviceAddress[] = [];
  const offline: DeviceAddress[] = [];
  const withoutId: DeviceAddress[] = [];
  const byServer = message.kind === 'private' ? undefined : new Map<number | string, PlacedMembers>();
  let goesToJava = false;
  let at = 0;
  for (const address of receivers) {
    const place = places[at++];
    if (!place) {
      offline.push(address);
      continue;
    }
    online.push(address);
    if (isOnJava(place, address)) {
      goesToJava = true;
      withoutId.push(address);
    }
    if (byServer) addMember(byServer, place, address);
    else puts.push(planPut(message, envelope, place, [address]));
  }
  for (const { place, members } of byServer?.values() ?? [])
    puts.push(planPut(message, envelope, place, members));
  for (const address of copies) {
    const place = places[at++];
    if (!place) continue;
    if (isOnJava(place, address)) goesToJava = true;
    puts.push(planCopy(message, envelope, place, address));
  }
  return { puts, online, offline, withoutId, goesToJava };
}

/** Nobody whose id is a text logs in there: such a server is ours, and the registry has forgotten it. */
function isOnJava(place: Place, { id }: DeviceAddress): boolean {
  return !place.hasLease && isIntegerId(id);
}

/** One entry per server, whose receivers only the server knows. */
export function planToEveryone(
  message: OutgoingMessage,
  envelope: Envelope,
  places: readonly Place[],
): PlannedPut[] {
  return places.map((place) => planPut(message, envelope, place, []));
}

/** What a topic keeps of a message: the entry of its servers, for nobody to report on. */
export function topicEntry(message: OutgoingMessage, envelope: Envelope): ByteText {
  const place = { serverId: 0, features: new Set<Feature>(['keep']) };
  return planPut({ ...message, sendResult: false }, envelope, place, nobody).entry;
}

/** Of a message to a topic, for the sender's other devices: a server that has the sender for a member drops them. */
export function planTopicCopies(
  message: OutgoingMessage,
  envelope: Envelope,
  places: readonly (Place | undefined)[],
): PlannedPut[] {
  const { name = '' } = message.topic ?? {};
  return message.copies.flatMap((address, index) => {
    const place = places[index];
    if (!place) return [];
    const extras = place.features.has('topics') ? { topic: name } : undefined;
    return [planCopy(message, envelope, place, address, extras)];
  });
}

/** Of a push to everyone, for servers of box-im: one entry per server, with the receivers that were found there. */
export function planToFound(
  message: OutgoingMessage,
  envelope: Envelope,
  found: readonly Route[],
): PlannedPut[] {
  const byServer = new Map<number, DeviceAddress[]>();
  for (const { address, serverId } of found) addTo(byServer, serverId, address);
  const named = { ...message, everyoneOn: undefined };
  return Array.from(byServer, ([serverId, members]) => planPut(named, envelope, { serverId }, members));
}

function planPut(
  message: OutgoingMessage,
  envelope: Envelope,
  { serverId, claim, features }: Pick<Place, 'serverId' | 'claim'> & Partial<Pick<Place, 'features'>>,
  receivers: readonly DeviceAddress[],
): PlannedPut {
  const { kind, dataText, senderText, sendResult, everyoneOn } = message;
  const { messageId, queuedAt } = envelope;
  const serviceName = sendResult ? envelope.serviceName : undefined;
  const entry: Entry = {
    dataText,
    receivers,
    everyoneOn,
    senderText,
    sendResult,
    serviceName,
    messageId,
    attempt: 1,
    queuedAt,
    extras: extrasFor(message, envelope, features),
  };
  return {
    serverId,
    list: listFor(message, serverId, features),
    entry: encodeEntry(kind, entry),
    receivers,
    isCopy: false,
    claim,
  };
}

/** Changes of a topic go over the list of its messages, which therefore must not go before them. */
function listFor(
  { isHigh, kind, topic }: OutgoingMessage,
  serverId: number,
  features: Place['features'] | undefined,
): string {
  return isHigh && !topic && features?.has('high') === true
    ? highList(serverId)
    : messageList(kind, serverId);
}

/** Undefined for nearly all. */
function extrasFor(
  message: OutgoingMessage,
  envelope: Envelope,
  features: Place['features'] | undefined,
): EntryExtras | undefined {
  const extras = features?.has('keep') ? extrasOf(message, envelope) : undefined;
  const withTopic = message.topic ? { ...message.topic.extras, ...extras } : extras;
  const { isHigh, trace } = message;
  const withHigh = isHigh && features?.has('high') === true ? { ...withTopic, high: true } : withTopic;
  return trace !== undefined && features?.has('trace') === true ? { ...withHigh, trace } : withHigh;
}

function extrasOf(
  { keep, expiresInMs, replaces }: OutgoingMessage,
  { expiresAt }: Envelope,
): EntryExtras | undefined {
  if (!keep && expiresInMs === undefined && replaces === undefined) return undefined;
  return {
    ...(keep && { keepMs: keep.forMs, keepMost: keep.most }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(replaces !== undefined && { replaces }),
  };
}

/** Copies for the sender's other devices want no result, and go over the list of their kind one by one. */
function planCopy(
  message: OutgoingMessage,
  { messageId, queuedAt }: Envelope,
  { serverId, claim, features }: Place,
  address: DeviceAddress,
  extras?: EntryExtras,
): PlannedPut {
  const { kind, dataText, senderText, isHigh } = message;
  const receivers = [address];
  const entry: Entry = {
    dataText,
    receivers,
    senderText,
    sendResult: false,
    messageId,
    attempt: 1,
    queuedAt,
    extras: isHigh && features.has('high') ? { ...extras, high: true } : extras,
  };
  return {
    serverId,
    list: listFor(message, serverId, features),
    entry: encodeEntry(kind, entry),
    receivers,
    isCopy: true,
    claim,
  };
}

interface PlacedMembers {
  readonly place: Place;
  readonly members: DeviceAddress[];
}

/** What was said of some of them at different times is put separately, as it was then. */
function addMember(groups: Map<number | string, PlacedMembers>, place: Place, address: DeviceAddress): void {
  const key = place.claim ?? place.serverId;
  const group = groups.get(key);
  if (group) group.members.push(address);
  else groups.set(key, { place, members: [address] });
}

function addTo(groups: Map<number, DeviceAddress[]>, serverId: number, address: DeviceAddress): void {
  const members = groups.get(serverId);
  if (members) members.push(address);
  else groups.set(serverId, [address]);
}

export function receiversOf(puts: readonly PlannedPut[]): readonly DeviceAddress[] {
  return puts.length === 0 ? nobody : puts.flatMap((put) => (put.isCopy ? [] : put.receivers));
}

export function copiesOf(puts: readonly PlannedPut[]): readonly DeviceAddress[] {
  return puts.flatMap((put) => (put.isCopy ? put.receivers : []));
}
