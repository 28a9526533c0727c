import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { TestPlatform } from './test-platform.ts';

/** An archive and a run of before, with the names that examples have. */
export async function insertArchive({ platform }: TestPlatform, archiveDir: string): Promise<void> {
  const { sql } = platform.database;
  const name = '2020-10/AAAAAAAAAAAAAAAA.jsonl.gz';
  const message = { id: 1, number: 1, sendId: 1, sendTime: 1, type: 0, status: 1, content: 'hi' };
  const file = gzipSync(`${JSON.stringify({ conversation: 'group:1', message })}\n`);
  await mkdir(join(archiveDir, '2020-10'), { recursive: true });
  await writeFile(join(archiveDir, name), file);
  await sql('im_archive').insert({
    ...{ name, state: 'done', messages: 1, bytes: file.length, createdTime: 1 },
    sha256: createHash('sha256').update(file).digest('hex'),
    ranges: JSON.stringify([{ conversation: 'group:1', from: 1, to: 1, stamp: 1 }]),
  });
  const run = { actorId: 1, what: 'write', about: '2020-11', missing: '[]', archives: 1, messages: 1 };
  await sql('im_archive_run').insert({ ...run, id: 1, createdTime: 1, finishedTime: 2, nextAt: 1 });
}
