import { randomId } from 'im-chat';
import { shallowRef } from 'vue';
import { api, ask, explain } from '../chat/api.ts';
import { chat } from '../chat/chat.ts';
import { makePoster, posterOf } from '../composer/poster.ts';
import { changed } from './dialogs.ts';

export interface DriveUpload {
  readonly id: string;
  readonly name: string;
  /** From 0 to 1. */
  readonly progress: number;
  readonly state: 'waiting' | 'going' | 'done' | 'failed';
  readonly problem: string;
}

interface Job extends DriveUpload {
  readonly file: File;
  readonly folderId: string;
  /** Folders of a folder that was chosen, which are made when they are not there. */
  readonly path: readonly string[];
  readonly end: AbortController;
}

const atOnce = 2;
/** Of an upload; in the drive it has all of its name. */
const mostNameCharacters = 120;

export const uploads = shallowRef<readonly DriveUpload[]>([]);
let jobs: readonly Job[] = [];
/** Each is asked for once, however many files are in it. */
const folders = new Map<string, Promise<string>>();

function show(next: readonly Job[]): void {
  jobs = next;
  uploads.value = jobs;
}

function update(id: string, change: Partial<Job>): void {
  show(jobs.map((job) => (job.id === id ? { ...job, ...change } : job)));
}

/** Files, each with the folders that it was in. */
export function uploadTo(folderId: string, files: readonly File[]): void {
  const added = files.map((file): Job => ({
    ...{ id: randomId(), file, folderId, name: file.name, progress: 0, state: 'waiting', problem: '' },
    path: file.webkitRelativePath.split('/').slice(0, -1),
    end: new AbortController(),
  }));
  show([...jobs, ...added]);
  goOn();
}

export function retry(id: string): void {
  update(id, { state: 'waiting', problem: '', progress: 0, end: new AbortController() });
  goOn();
}

export function cancel(id: string): void {
  jobs.find((job) => job.id === id)?.end.abort();
  show(jobs.filter((job) => job.id !== id));
  goOn();
}

export function forgetUploads(): void {
  show(jobs.filter(({ state }) => state === 'waiting' || state === 'going'));
}

function goOn(): void {
  const going = jobs.filter(({ state }) => state === 'going').length;
  for (const job of jobs.filter(({ state }) => state === 'waiting').slice(0, Math.max(0, atOnce - going))) {
    update(job.id, { state: 'going' });
    void upload(job);
  }
}

async function upload({ id, file, folderId, path, end }: Job): Promise<void> {
  try {
    const { signal } = end;
    const name = file.name.slice(-mostNameCharacters);
    const kept = await chat.upload(
      { type: 'local-file', as: 'drive', file, name },
      { key: id, signal, onProgress: (progress) => update(id, { progress }) },
    );
    if (kept.type !== 'file') return;
    const preview = await previewOf(file);
    const nodeId = await folderFor(folderId, path);
    await ask(
      api.POST('/v1/drive/nodes/{nodeId}/files', {
        params: { path: { nodeId }, header: { 'idempotency-key': id } },
        body: { url: kept.url, name: file.name, ifTaken: 'version', ...(preview && { preview }) },
      }),
    );
    update(id, { state: 'done', progress: 1 });
    changed();
  } catch (error) {
    if (!end.signal.aborted) update(id, { state: 'failed', problem: explain(error) });
  }
  goOn();
}

/** The address of a picture of a film. */
async function previewOf(file: File): Promise<string | undefined> {
  await makePoster(file);
  const picture = posterOf(file);
  if (!picture) return undefined;
  const kept = await chat
    .upload({ type: 'local-file', as: 'drive', file: picture, name: 'preview.jpg' })
    .catch(() => undefined);
  return kept?.type === 'file' ? kept.url : undefined;
}

async function folderFor(folderId: string, path: readonly string[]): Promise<string> {
  let parent = folderId;
  for (const name of path) {
    const key = `${parent}/${name.toLowerCase()}`;
    const known = folders.get(key) ?? makeFolder(parent, name);
    folders.set(key, known);
    // Somebody else may throw it away: next time it is asked for again.
    void known.then(
      () => setTimeout(() => folders.delete(key), 60_000),
      () => folders.delete(key),
    );
    parent = await known;
  }
  return parent;
}

async function makeFolder(nodeId: string, name: string): Promise<string> {
  const answer = await api.POST('/v1/drive/nodes/{nodeId}/folders', {
    params: { path: { nodeId } },
    body: { name, ifTaken: 'refuse' },
  });
  if (answer.data) return answer.data.id;
  const { code } = answer.error as { code?: string };
  const refused = (): Promise<never> => ask<never>(Promise.resolve(answer));
  if (code !== 'DRIVE_NAME_TAKEN') return refused();
  for (let cursor: string | undefined; ;) {
    const page = await ask(
      api.GET('/v1/drive/nodes/{nodeId}/children', {
        params: { path: { nodeId }, query: { limit: 500, ...(cursor !== undefined && { cursor }) } },
      }),
    );
    const found = page.items.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (found?.type === 'folder') return found.id;
    if (page.nextCursor === null) return refused();
    cursor = page.nextCursor;
  }
}
