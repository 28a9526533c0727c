import { testMysql } from 'im-test/support';
import { openDatabase, type Database } from '../../src/index.ts';
import { onCleanup } from 'im-test/support';

// A database as box-im's own schema makes it (contract D): datetimes, no unique keys but that of user names, no numbers.

const id = 'id bigint not null auto_increment primary key';
const flag = 'tinyint(1) default 0';
const now = 'datetime default current_timestamp';
const text = "varchar(255) default ''";

const tables: Readonly<Record<string, readonly string[]>> = {
  im_user: [
    ...['user_name varchar(255) not null unique', 'nick_name varchar(255) not null', `head_image ${text}`],
    ...[`head_image_thumb ${text}`, 'password varchar(255) not null', 'sex tinyint default 0'],
    ...[
      `is_banned ${flag}`,
      `reason ${text}`,
      'type smallint default 1',
      "signature varchar(1024) default ''",
    ],
    ...['last_login_time datetime', `created_time ${now}`],
  ],
  im_friend: [
    ...['user_id bigint not null', 'friend_id bigint not null', 'friend_nick_name varchar(255) not null'],
    ...[`friend_head_image ${text}`, 'is_dnd tinyint', 'deleted tinyint', `created_time ${now}`],
  ],
  im_private_message: [
    ...['tmp_id varchar(32)', 'send_id bigint not null', 'recv_id bigint not null', 'content text'],
    ...['type tinyint not null', 'status tinyint not null', `send_time ${now}`],
  ],
  im_group: [
    ...[
      'name varchar(255) not null',
      'owner_id bigint not null',
      `head_image ${text}`,
      `head_image_thumb ${text}`,
    ],
    ...["notice varchar(1024) default ''", `is_banned ${flag}`, `reason ${text}`, `dissolve ${flag}`],
    `created_time ${now}`,
  ],
  im_group_member: [
    ...[
      'group_id bigint not null',
      'user_id bigint not null',
      `user_nick_name ${text}`,
      `remark_nick_name ${text}`,
    ],
    ...[`head_image ${text}`, `remark_group_name ${text}`, 'is_dnd tinyint(1)', `quit ${flag}`],
    ...['quit_time datetime', `created_time ${now}`],
  ],
  im_group_message: [
    ...[
      'tmp_id varchar(32)',
      'group_id bigint not null',
      'send_id bigint not null',
      `send_nick_name ${text}`,
    ],
    ...["recv_ids varchar(1024) default ''", 'content text', 'at_user_ids varchar(1024)', `receipt ${flag}`],
    ...[`receipt_ok ${flag}`, 'type tinyint not null', 'status tinyint default 0', `send_time ${now}`],
  ],
  im_sensitive_word: [
    'content varchar(64) not null',
    `enabled ${flag}`,
    'creator bigint',
    `create_time ${now}`,
  ],
};

export async function boxImDatabase(): Promise<Database> {
  const { url } = await testMysql();
  const database = openDatabase({ url, poolSize: 2 });
  onCleanup(() => database.close());
  for (const [name, columns] of Object.entries(tables))
    await database.sql.raw(`create table ${name} (${[id, ...columns].join(', ')}) charset = utf8mb4`);
  return database;
}
