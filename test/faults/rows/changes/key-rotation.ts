import { dyingAt } from '../../kit/dying-at.ts';
import { isKilled, platformCommand } from '../../kit/platform-command.ts';
import { newGroup, sayIn, textsIn } from './encrypted-chats.ts';
import type { RowOptions } from '../row.ts';
import type { Judge } from './kind.ts';
import { masterKey, type Stage } from './stage.ts';

/** A command that has not ended by then asks for ever. */
const mostDeaths = 60;
const sealed = [
  ...['data_key', 'progress', 'private_message', 'group_message', 'message_edit', 'message_detail'],
  ...['conversation_member', 'scheduled_message', 'red_packet', 'lane_order', 'report', 'outbox'],
  ...['file_info', 'file_content', 'search_posting', 'search_conversation', 'search_lane'],
];

/**
 * New data keys, and then no encryption any more: each command is killed before its first statement, before its second one, and so on, until it lives.
 * Resolves with how often it was killed.
 */
export async function rotateUnderKills(stage: Stage, judge: Judge, say: RowOptions['say']): Promise<number> {
  const { sql } = stage.database;
  const untilItLives = (order: string): Promise<number> => killUntilItLives(stage, judge, order, say);
  const group = await newGroup(stage);
  await stage.must(sayIn(group, 'before new keys'));
  let deaths = await untilItLives('new-keys');
  await stage.startAnew();
  await stage.must(sayIn(group, 'after new keys'));
  const said = ['before new keys', 'after new keys'];
  judge.expect('texts under two keys', await textsIn(stage, group), said);
  await judge.rows('keys of the conversation', 'im_data_key', { scope: group }, 2);

  await stage.startAnew({ encryptionWrites: false });
  const keys = await sql('im_data_key').select<object[]>('scope');
  const why = await platformCommand(['encryption', 'forget-keys', ...where(stage)]).catch(String);
  judge.expect('keys are refused to go', /are encrypted/.test(why), true);
  await judge.rows('keys that are still there', 'im_data_key', {}, keys.length);
  deaths += await untilItLives('decrypt');
  judge.expect('texts that are decrypted', await textsIn(stage, group), said);
  deaths += await untilItLives('forget-keys');
  await judge.rows('keys that are left', 'im_data_key', {}, 0);
  await stage.startAnew({ encryptionKeys: undefined, encryptionWrites: undefined });
  judge.expect('texts without keys', await textsIn(stage, group), said);
  return deaths;
}

async function killUntilItLives(
  stage: Stage,
  judge: Judge,
  order: string,
  say: RowOptions['say'],
): Promise<number> {
  for (let nth = 1; nth <= mostDeaths; nth++) {
    try {
      await platformCommand(['encryption', order, ...where(stage)], dyingAt(nth, sealed));
      judge.expect(`${order} was killed`, nth > 1, true);
      return nth - 1;
    } catch (error) {
      if (!isKilled(error)) throw error;
      say?.(`${order}, killed at ${nth}`);
    }
  }
  judge.problems.push(`${order} has more than ${mostDeaths} statements`);
  return mostDeaths;
}

function where({ databaseUrl, filesDir }: Stage): readonly string[] {
  return ['--database', databaseUrl, '--files-dir', filesDir, '--encryption-keys', masterKey];
}
