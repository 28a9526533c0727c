import { shallowRef, type ShallowRef } from 'vue';
import { api, ask, explain } from '../chat/api.ts';
import { driveRoot, type DriveNode, type FolderPath } from './node.ts';

export type View = 'mine' | 'folder' | 'shared' | 'trash' | 'search';

export interface Listing {
  readonly items: ShallowRef<readonly DriveNode[] | undefined>;
  /** The folder that is shown, if it is one. */
  readonly folder: ShallowRef<DriveNode | undefined>;
  readonly path: ShallowRef<readonly FolderPath[]>;
  readonly isMore: ShallowRef<boolean>;
  readonly problem: ShallowRef<string>;
  show(view: View, id: string): Promise<void>;
  more(): Promise<void>;
}

interface Loaded {
  readonly items: readonly DriveNode[];
  readonly nextCursor: string | null;
}

/** What is shown of a drive; the newest question counts. */
export function useListing(): Listing {
  const items = shallowRef<readonly DriveNode[]>();
  const folder = shallowRef<DriveNode>();
  const path = shallowRef<readonly FolderPath[]>([]);
  const isMore = shallowRef(false);
  const problem = shallowRef('');
  let asked = 0;
  let next: ((cursor?: string) => Promise<Loaded>) | undefined;
  let cursor: string | null = null;

  async function take(mine: number, before: readonly DriveNode[]): Promise<void> {
    const page = await next?.(cursor ?? undefined);
    if (mine !== asked || !page) return;
    items.value = [...before, ...page.items];
    cursor = page.nextCursor;
    isMore.value = cursor !== null;
  }

  async function show(view: View, id: string): Promise<void> {
    const mine = ++asked;
    problem.value = '';
    try {
      const place = view === 'mine' ? { ...(await driveRoot()), path: [] } : await placeOf(view, id);
      if (mine !== asked) return;
      folder.value = place;
      path.value = place?.path ?? [];
      next = (from) => load(view, place?.id ?? id, from);
      cursor = null;
      await take(mine, []);
    } catch (error) {
      if (mine !== asked) return;
      [items.value, folder.value, path.value] = [[], undefined, []];
      problem.value = explain(error);
    }
  }

  return {
    ...{ items, folder, path, isMore, problem, show },
    more: () => take(asked, items.value ?? []),
  };
}

async function placeOf(view: View, nodeId: string) {
  if (view !== 'folder') return undefined;
  return ask(api.GET('/v1/drive/nodes/{nodeId}', { params: { path: { nodeId } } }));
}

function load(view: View, id: string, from: string | undefined): Promise<Loaded> {
  const query = from === undefined ? {} : { cursor: from };
  switch (view) {
    case 'shared':
      return ask(api.GET('/v1/drive/shared', { params: { query } }));
    case 'trash':
      return ask(api.GET('/v1/drive/trash', { params: { query } }));
    case 'search':
      return search(id, from);
    default:
      return ask(api.GET('/v1/drive/nodes/{nodeId}/children', { params: { path: { nodeId: id }, query } }));
  }
}

/** Until something is found: what is answered may be none, and go on. */
async function search(text: string, from: string | undefined): Promise<Loaded> {
  for (let cursor = from; ;) {
    const query = { query: text, ...(cursor !== undefined && { cursor }) };
    const page = await ask(api.GET('/v1/drive/search', { params: { query } }));
    if (page.items.length > 0 || page.nextCursor === null) return page;
    cursor = page.nextCursor;
  }
}
