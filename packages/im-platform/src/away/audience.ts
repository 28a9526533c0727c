import { inPlaces, peopleOf, placesPerStatement } from '../conversations/place-keys.ts';
import type { Database } from '../db/database.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import { MessageStatus } from '../wire/message-type.ts';
import { groupIdOf } from '../groups/group.ts';
import { isPrivate } from '../inbox/message-rows.ts';
import type { Place } from './decision.ts';
import {
  registeredMembers,
  registrationColumns,
  toRegistration,
  type Registration,
  type RegistrationRow,
} from './registrations.ts';
import { isQuiet, settingColumns, toSettings, type AwaySettings, type SettingRow } from './settings.ts';

export interface AudienceDeps {
  readonly database: Pick<Database, 'sql' | 'of'>;
  readonly im: Pick<PlatformIm, 'onlineTerminals'>;
}

/** A device that may have to be told, and all that decides it but the messages. */
export interface Candidate {
  readonly registration: Registration;
  readonly settings: AwaySettings;
  readonly place: Place;
  readonly firstNumber: number;
  /** Whom they have blocked, or who has blocked them, of those who wrote. */
  readonly blocked: ReadonlySet<number>;
}

/** Members with a registration, in the order of their ids. Of a private conversation both: there is nothing to look up. */
export async function findRegistered({ database }: AudienceDeps, conversation: string): Promise<number[]> {
  if (isPrivate(conversation)) return peopleOf(conversation);
  const at = database.of(conversation);
  if (at.name !== '') {
    const found: number[] = [];
    for await (const some of registeredMembers(at, database, conversation)) found.push(...some);
    return found;
  }
  const rows = await database
    .sql('im_conversation_member as m')
    .where({ conversation })
    .whereNull('leftNumber')
    .whereRaw('exists (select 1 from im_away_registration r where r.user_id = m.user_id)')
    .orderBy('userId')
    .select<{ userId: number }[]>('userId');
  return rows.map(({ userId }) => userId);
}

/** Of at most {@link placesPerStatement} users. */
export async function findCandidates(
  deps: AudienceDeps,
  conversation: string,
  { userIds, senders }: { readonly userIds: readonly number[]; readonly senders: readonly number[] },
): Promise<Candidate[]> {
  const rows = await findRows(deps, conversation, userIds);
  if (rows.length === 0) return [];
  const here = [...new Set(rows.map(({ userId }) => userId))];
  const [online, blocks, recalled] = await Promise.all([
    deps.im.onlineTerminals(here),
    findBlocks(deps, here, senders),
    findRecalled(deps, conversation, rows),
  ]);
  const now = Date.now();
  return rows.map((row) => {
    const registration = toRegistration(row);
    const settings = toSettings(row);
    return {
      ...{ registration, settings, firstNumber: row.firstNumber },
      blocked: blocks.get(row.userId) ?? nobody,
      place: {
        isSignedIn: row.isBanned === 0 && now < Math.min(row.endTime, row.idleEndTime),
        told: row.told ?? 0,
        isShown: row.isShown === 1,
        isToldRecalled: recalled.has(row.told ?? 0),
        read: row.readNumber,
        delivered: row.deliveredNumber,
        isMuted: row.muted === 1,
        isOnline: online.has(String(row.userId)),
        isQuiet: isQuiet(settings.quietHours, now),
        isPaused: now < registration.retryTime,
      },
    };
  });
}

const nobody: ReadonlySet<number> = new Set<number>();

interface PlaceRow {
  readonly userId: number;
  readonly firstNumber: number;
  readonly readNumber: number;
  readonly deliveredNumber: number;
  readonly muted: number;
}

type Row = PlaceRow & DeviceRow;

interface DeviceRow extends RegistrationRow, SettingRow {
  readonly told: number | null;
  readonly isShown: number | null;
  readonly isBanned: number;
  readonly endTime: number;
  readonly idleEndTime: number;
}

/** Their places are where the conversation is, and the rest is in the first database. */
async function findRows(
  { database }: AudienceDeps,
  conversation: string,
  userIds: readonly number[],
): Promise<Row[]> {
  const places = await database
    .of(conversation)
    .sql('im_conversation_member')
    .where(inPlaces(userIds.map((userId) => ({ userId, conversation }))))
    .whereNull('leftNumber')
    .select<PlaceRow[]>('userId', 'firstNumber', 'readNumber', 'deliveredNumber', 'muted');
  const placeOf = new Map(places.map((place) => [place.userId, place]));
  const devices = await findDevices(database, conversation, [...placeOf.keys()]);
  return devices.flatMap((device) => {
    const place = placeOf.get(device.userId);
    return place ? [{ ...device, ...place }] : [];
  });
}

/** A session that is not there any more has no row here. */
async function findDevices(
  { sql }: Pick<Database, 'sql'>,
  conversation: string,
  userIds: readonly number[],
): Promise<DeviceRow[]> {
  if (userIds.length === 0) return [];
  return sql('im_away_registration as r')
    .join('im_session as e', 'e.id', 'r.sessionId')
    .join('im_user as u', 'u.id', 'r.userId')
    .leftJoin('im_away_setting as s', 's.userId', 'r.userId')
    .leftJoin('im_away_place as p', (on) => {
      void on
        .on('p.userId', 'r.userId')
        .on('p.sessionId', 'r.sessionId')
        .onVal('p.conversation', conversation);
    })
    .whereIn('r.userId', [...userIds])
    .select<DeviceRow[]>(
      ...registrationColumns,
      ...settingColumns.map((column) => `s.${column}`),
      ...['p.number as told', 'p.isShown', 'u.isBanned', 'e.endTime', 'e.idleEndTime'],
    );
}

/** By those who are asked about. */
async function findBlocks(
  { database: { sql } }: AudienceDeps,
  userIds: readonly number[],
  senders: readonly number[],
): Promise<Map<number, Set<number>>> {
  const found = new Map<number, Set<number>>();
  if (senders.length === 0) return found;
  const rows = await sql('im_block')
    .whereIn('userId', [...userIds])
    .whereIn('blockedId', [...senders])
    .select<{ of: number; other: number }[]>('userId as of', 'blockedId as other')
    .unionAll(
      sql('im_block')
        .whereIn('blockedId', [...userIds])
        .whereIn('userId', [...senders])
        .select('blockedId as of', 'userId as other'),
    );
  for (const { of, other } of rows) found.set(of, (found.get(of) ?? new Set()).add(other));
  return found;
}

/** Of the messages that stand on screens, those that were taken back. */
async function findRecalled(
  { database }: AudienceDeps,
  conversation: string,
  rows: readonly Row[],
): Promise<Set<number>> {
  const shown = [
    ...new Set(rows.flatMap(({ isShown, told }) => (isShown === 1 && told !== null ? told : []))),
  ];
  if (shown.length === 0) return new Set();
  const { sql } = database.of(conversation);
  const messages = isPrivate(conversation)
    ? sql('im_private_message').where({ conversation })
    : sql('im_group_message').where({ groupId: groupIdOf(conversation) });
  const recalled = await messages
    .whereIn('number', shown)
    .where({ status: MessageStatus.RECALL })
    .select<{ number: number }[]>('number');
  return new Set(recalled.map(({ number }) => number));
}

export { placesPerStatement as mostUsersAtOnce };
