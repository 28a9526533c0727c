import { unwrap, type ApiClient, type components } from '../../src/client/index.ts';
import { expect } from 'vitest';
import { apiOf } from './api.ts';
import type { Person } from './person.ts';
import type { TestPlatform } from './test-platform.ts';

export type DriveNode = components['schemas']['DriveNode'];

/** Somebody with a drive, at one instance. */
export class DriveUser {
  readonly api: ApiClient;
  readonly person: Person;
  readonly #url: string;

  private constructor(url: string, person: Person, api: ApiClient) {
    this.#url = url;
    this.person = person;
    this.api = api;
  }

  static async of(at: { readonly url: string }, person: Person): Promise<DriveUser> {
    return new DriveUser(at.url, person, await apiOf(at, person));
  }

  root(): Promise<DriveNode> {
    return unwrap(this.api.GET('/v1/drive'));
  }

  folder(nodeId: string, name: string, ifTaken: 'refuse' | 'rename' = 'refuse'): Promise<DriveNode> {
    const params = { path: { nodeId } };
    return unwrap(this.api.POST('/v1/drive/nodes/{nodeId}/folders', { params, body: { name, ifTaken } }));
  }

  /** Uploads it for the drive; resolves with the address. */
  async upload(content: string | Buffer, name = 'a.txt', as: 'drive' | 'file' = 'drive'): Promise<string> {
    const form = new FormData();
    form.append('file', new Blob([content]), name);
    const { accessToken } = this.person.tokens;
    const answer = await fetch(`${this.#url}/v1/files?as=${as}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}` },
      body: form,
    });
    const { url } = (await answer.json()) as { url?: string };
    if (url === undefined) throw new Error(`upload: ${answer.status}`);
    return url;
  }

  put(nodeId: string, { url, preview, name, ifTaken = 'refuse', key }: NewFile): Promise<DriveNode> {
    const header = key === undefined ? {} : { 'idempotency-key': key };
    return unwrap(
      this.api.POST('/v1/drive/nodes/{nodeId}/files', {
        params: { path: { nodeId }, header },
        body: { url, name, ifTaken, ...(preview !== undefined && { preview }) },
      }),
    );
  }

  async file(nodeId: string, name: string, content = name, ifTaken: IfTaken = 'refuse'): Promise<DriveNode> {
    return this.put(nodeId, { url: await this.upload(content), name, ifTaken });
  }

  move(nodeId: string, body: { name?: string; parentId?: string; ifTaken?: 'refuse' | 'rename' }) {
    const params = { path: { nodeId } };
    return unwrap(
      this.api.PATCH('/v1/drive/nodes/{nodeId}', { params, body: { ifTaken: 'refuse', ...body } }),
    );
  }

  trash(nodeId: string) {
    return unwrap(this.api.DELETE('/v1/drive/nodes/{nodeId}', { params: { path: { nodeId } } }));
  }

  async removeForGood(nodeId: string): Promise<void> {
    await this.trash(nodeId);
    await unwrap(this.api.DELETE('/v1/drive/trash/{nodeId}', { params: { path: { nodeId } } }));
  }

  share(nodeId: string, body: { userId?: string; groupId?: string; level: 'view' | 'edit' | 'manage' }) {
    return unwrap(this.api.POST('/v1/drive/nodes/{nodeId}/shares', { params: { path: { nodeId } }, body }));
  }

  link(nodeId: string, body: { password?: string; endsAt?: string; downloads?: number }) {
    return unwrap(this.api.POST('/v1/drive/nodes/{nodeId}/links', { params: { path: { nodeId } }, body }));
  }

  unshare(shareId: string) {
    return unwrap(this.api.DELETE('/v1/drive/shares/{shareId}', { params: { path: { shareId } } }));
  }

  async sharedNames(): Promise<string[]> {
    const { items } = await unwrap(this.api.GET('/v1/drive/shared', { params: { query: {} } }));
    return items.map(({ name }) => name);
  }

  async trashNames(): Promise<string[]> {
    const { items } = await unwrap(this.api.GET('/v1/drive/trash', { params: { query: {} } }));
    return items.map(({ name }) => name);
  }

  async found(query: string): Promise<string[]> {
    const { items } = await unwrap(this.api.GET('/v1/drive/search', { params: { query: { query } } }));
    return items.map(({ name }) => name);
  }

  get(nodeId: string) {
    return unwrap(this.api.GET('/v1/drive/nodes/{nodeId}', { params: { path: { nodeId } } }));
  }

  async names(nodeId: string): Promise<string[]> {
    const path = { nodeId };
    const { items } = await unwrap(
      this.api.GET('/v1/drive/nodes/{nodeId}/children', { params: { path, query: {} } }),
    );
    return items.map(({ name }) => name);
  }

  async usedBytes(): Promise<number> {
    return (await unwrap(this.api.GET('/v1/me/storage'))).usedBytes;
  }
}

/** A drive with nothing in it that is shared, under the id that examples have. */
export async function insertDriveShare(
  { sql }: TestPlatform['platform']['database'],
  { ownerId, subjectId }: { readonly ownerId: number; readonly subjectId: number },
): Promise<void> {
  const [nodeId] = await sql('im_drive_node').insert({
    ...{ ownerId, parentId: 0, isFile: 0, name: '', nameKey: String(ownerId), size: 0, version: 0 },
    ...{ creatorId: ownerId, createdTime: 1, changedTime: 1 },
  });
  await sql('im_drive_share').insert({
    ...{ id: 2, ownerId, nodeId, kind: 'user', subjectId, level: 1, creatorId: ownerId, createdTime: 1 },
  });
}

interface NewFile {
  readonly url: string;
  readonly preview?: string;
  readonly name: string;
  readonly ifTaken?: IfTaken;
  readonly key?: string;
}

type IfTaken = 'refuse' | 'rename' | 'version';

export async function textAt(url: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(url, { headers });
  return answer.ok ? answer.text() : `${answer.status} ${((await answer.json()) as { code: string }).code}`;
}

interface Row {
  readonly id: number;
  readonly ownerId: number;
  readonly parentId: number;
  readonly nodes: number;
}

/** What must hold whatever was done. */
export async function expectATree({ platform }: TestPlatform): Promise<void> {
  const { sql } = platform.database;
  const rows = await sql('im_drive_node').select<Row[]>('id', 'ownerId', 'parentId', 'nodes');
  const parents = new Map(rows.map(({ id, parentId }) => [id, parentId]));
  for (const { id } of rows) {
    const seen = new Set<number>();
    let at = id;
    // What is in the trash has the number of nobody above it.
    while (at > 0) {
      expect(seen.has(at), `node ${id} is in itself`).toBe(false);
      seen.add(at);
      const above = parents.get(at);
      expect(above, `node ${at} is nowhere`).toBeDefined();
      at = above ?? 0;
    }
  }
  for (const root of rows.filter(({ parentId }) => parentId === 0))
    expect(root.nodes).toBe(rows.filter(({ ownerId }) => ownerId === root.ownerId).length - 1);
  await expectExactUse(sql);
}

export async function expectExactUse(sql: TestPlatform['platform']['database']['sql']): Promise<void> {
  const counted = await sql('im_file_info')
    .groupBy('userId')
    .sum<{ userId: number; bytes: number | string }[]>('storedBytes as bytes')
    .select('userId');
  const sums = new Map(counted.map(({ userId, bytes }) => [userId, Number(bytes)]));
  const uses = await sql('im_file_usage').select<{ userId: number; bytes: number }[]>('userId', 'bytes');
  for (const { userId, bytes } of uses)
    expect(bytes, `of ${userId}`).toBe(
      userId === -1 ? [...sums.values()].reduce((sum, one) => sum + one, 0) : (sums.get(userId) ?? 0),
    );
  const refs = await sql('im_file_content as c')
    .leftJoin('im_file_info as f', 'f.contentId', 'c.id')
    .groupBy('c.id', 'c.refs')
    .count<{ refs: number; rows: number }[]>('f.id as rows')
    .select('c.refs');
  for (const { refs: said, rows } of refs) expect(Number(rows)).toBe(said);
}
