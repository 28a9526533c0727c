import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { ask, explain } from '../chat/api.ts';

export interface PageAnswer<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

type FetchPage<Item> = (query: { cursor?: string }) => Promise<{
  readonly data?: PageAnswer<Item>;
  readonly error?: unknown;
  readonly response: Response;
}>;

/** A list that is loaded page by page. */
export interface Pages<Item> {
  readonly items: ShallowRef<readonly Item[] | undefined>;
  readonly isMore: Ref<boolean>;
  readonly isBusy: Ref<boolean>;
  readonly problem: Ref<string>;
  /** Anew, from the first page on. */
  load(): Promise<void>;
  more(): Promise<void>;
}

export function usePages<Item>(fetchPage: FetchPage<Item>): Pages<Item> {
  const items = shallowRef<readonly Item[]>();
  const cursor = ref<string | null>(null);
  const isMore = ref(false);
  const isBusy = ref(false);
  const problem = ref('');
  let asked = 0;

  async function fetchNext(from?: string): Promise<void> {
    const mine = ++asked;
    isBusy.value = true;
    problem.value = '';
    try {
      const page = await ask(fetchPage(from === undefined ? {} : { cursor: from }));
      // Somebody looks for something else by now.
      if (mine !== asked) return;
      items.value = [...(from === undefined ? [] : (items.value ?? [])), ...page.items];
      cursor.value = page.nextCursor;
      isMore.value = page.nextCursor !== null;
    } catch (error) {
      if (mine === asked) problem.value = explain(error);
    } finally {
      if (mine === asked) isBusy.value = false;
    }
  }
  return {
    ...{ items, isMore, isBusy, problem },
    load: () => fetchNext(),
    more: () => (cursor.value === null ? Promise.resolve() : fetchNext(cursor.value)),
  };
}
