import type { Judge, Kind } from './kind.ts';
import { ann, bob, type Change, type Stage } from './stage.ts';

export class Drives implements Kind {
  readonly #stage: Stage;
  readonly #round: number;
  readonly #nodes: Record<string, string> = {};
  readonly #urls: Record<string, string> = {};
  #shareId = '';

  constructor(stage: Stage, round: number) {
    this.#stage = stage;
    this.#round = round;
  }

  async prepare(): Promise<void> {
    const stage = this.#stage;
    const root = await stage.must({ userId: ann, method: 'GET', path: '/drive' });
    const top = await this.#folder(root.id, `round ${this.#round}`);
    this.#nodes['top'] = top;
    for (const name of ['to', 'moved', 'shared', 'unshared', 'trashed', 'restored', 'gone'])
      this.#nodes[name] = await this.#folder(top, name);
    for (const name of ['new', 'version', 'second']) this.#urls[name] = await this.#upload(name);
    for (const name of ['versioned', 'offered', 'reverted']) {
      const body = { url: await this.#upload(name), name };
      this.#nodes[name] = (await stage.must({ userId: ann, path: `/drive/nodes/${top}/files`, body })).id;
    }
    const second = { url: this.#urls['second'] };
    await stage.must({ userId: ann, path: this.#node('reverted', '/versions'), body: second });
    for (const name of ['restored', 'gone'])
      await stage.must({ userId: ann, method: 'DELETE', path: this.#node(name) });
    const body = { userId: String(bob), level: 'view' };
    const path = this.#node('unshared', '/shares');
    this.#shareId = (await stage.must({ userId: ann, path, body })).id;
  }

  changes(): readonly Change[] {
    const round = this.#round;
    return [
      { path: this.#node('top', '/folders'), body: { name: 'made' }, key: `folder-${round}` },
      {
        path: this.#node('top', '/files'),
        body: { url: this.#urls['new'], name: 'new.txt' },
        key: `file-${round}`,
      },
      {
        path: this.#node('versioned', '/versions'),
        body: { url: this.#urls['version'] },
        also: ['FILE_REFUSED', 'NOT_FOUND'],
      },
      { path: this.#node('reverted', '/versions/1/restore') },
      {
        ...{ method: 'PATCH', path: this.#node('moved') },
        body: { parentId: this.#nodes['to'], name: 'moved, renamed' },
      },
      { path: this.#node('shared', '/shares'), body: { userId: String(bob), level: 'edit' } },
      { path: this.#node('shared', '/links'), body: { downloads: 3 } },
      { method: 'DELETE', path: `/drive/shares/${this.#shareId}`, also: ['NOT_FOUND'] },
      { method: 'DELETE', path: this.#node('trashed'), also: ['DRIVE_STATE'] },
      { path: `/drive/trash/${this.#nodes['restored'] ?? ''}/restore`, also: ['DRIVE_STATE', 'NOT_FOUND'] },
      { method: 'DELETE', path: `/drive/trash/${this.#nodes['gone'] ?? ''}`, also: ['NOT_FOUND'] },
      { path: this.#node('offered', '/message-file') },
    ].map((change) => ({ userId: ann, ...change }));
  }

  async judge(judge: Judge): Promise<void> {
    const id = (name: string): number => Number(this.#nodes[name]);
    const top = id('top');
    const nodes = (what: string, where: object, expected = 1): Promise<void> =>
      judge.rows(what, 'im_drive_node', where, expected);
    await nodes('folders that were made', { parentId: top, name: 'made', isFile: 0 });
    await nodes('files that were put', { parentId: top, name: 'new.txt', version: 1 });
    await nodes('moved and renamed', { id: id('moved'), parentId: id('to') });
    await judge.rows('shares', 'im_drive_share', { nodeId: id('shared'), kind: 'user', level: 2 });
    await judge.rows('shares that ended', 'im_drive_share', { nodeId: id('unshared') }, 0);
    await nodes('in the trash', { id: id('trashed'), parentId: -ann });
    await nodes('restored', { id: id('restored'), parentId: top });
    await nodes('removed for good', { id: id('gone') }, 0);
    await nodes('versions', { id: id('versioned'), version: 2 });
    await this.#isReverted(judge);
  }

  /** Who asks again has the old version restored once more: it is the newest one in any case, with the same bytes, and none is lost. */
  async #isReverted(judge: Judge): Promise<void> {
    const nodeId = Number(this.#nodes['reverted']);
    const versions = await this.#stage.database
      .sql('im_drive_version as v')
      .join('im_file_info as f', 'f.id', 'v.fileId')
      .where({ nodeId })
      .orderBy('v.number')
      .select<{ number: number; contentId: number | null }[]>('v.number', 'f.contentId');
    judge.expect(
      'versions of what was put back',
      versions.map(({ number }) => number),
      [1, 2, 3],
      [1, 2, 3, 4],
    );
    await judge.rows('of them the newest', 'im_drive_node', { id: nodeId, version: versions.length });
    const [first, second, ...back] = versions.map(({ contentId }) => contentId);
    judge.expect(
      'bytes of what was put back',
      back,
      back.map(() => first),
    );
    judge.expect('bytes of the version between are others', first !== null && first !== second, true);
  }

  #node(name: string, more = ''): string {
    return `/drive/nodes/${this.#nodes[name] ?? ''}${more}`;
  }

  async #folder(parentId: string, name: string): Promise<string> {
    const path = `/drive/nodes/${parentId}/folders`;
    return (await this.#stage.must({ userId: ann, path, body: { name } })).id;
  }

  async #upload(name: string): Promise<string> {
    const body = new FormData();
    body.append('file', new Blob([`${name} of round ${this.#round}`]), 'a.txt');
    return (await this.#stage.must({ userId: ann, path: '/files?as=drive', body })).url ?? '';
  }
}
