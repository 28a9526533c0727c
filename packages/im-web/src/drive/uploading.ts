import { ChatError, randomId } from 'im-chat';
import { shallowRef } from 'vue';
import { api, ask, explain } from '../chat/api.ts';
import { chat, myId } from '../chat/chat.ts';
import { makePoster, posterOf } from '../composer/poster.ts';
import { attempt, say } from '../parts/toasts.ts';
import { mostChosen, type Chosen, type ChosenAll } from './chosen.ts';
import { changed } from './dialogs.ts';
import { forgetKept, keepUploads, lostUploads } from './kept-uploads.ts';
import { firstPageOf } from './pdf-page.ts';
import { safeName, sameName } from './safe-name.ts';
import { d } from './texts.ts';

export interface DriveUpload {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  /** From 0 to 1. */
  readonly progress: number;
  /** `lost`: a page that is gone has begun it, and only somebody who chooses the file again can go on with it. */
  readonly state: 'waiting' | 'going' | 'done' | 'failed' | 'lost';
  readonly problem: string;
  /** Of what is done: what became of it, if that is not what was asked for. */
  readonly outcome: string;
  /** Folders of a folder that was chosen, which are made when they are not there. */
  readonly path: readonly string[];
  /** With which the browser finds it again. */
  readonly handle: Handle | undefined;
}

interface Job extends DriveUpload {
  readonly userId: string;
  readonly file: File | undefined;
  readonly lastModified: number;
  readonly folderId: string;
  readonly ifTaken: 'version' | 'rename';
  readonly end: AbortController;
}

/** As Chromium has it. */
interface Handle extends FileSystemFileHandle {
  queryPermission?(wanted: { mode: 'read' }): Promise<PermissionState>;
  requestPermission?(wanted: { mode: 'read' }): Promise<PermissionState>;
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

/** What was chosen for a folder. What a page that is gone has begun goes on. */
export function uploadTo(folderId: string, { files, folders: empty }: ChosenAll): void {
  if (files.length + empty.length > mostChosen) {
    say(d('tooManyFiles', { most: mostChosen }), true);
    return;
  }
  const known = new Set(takeUp(files, (job) => job.folderId === folderId));
  // Two names of one folder that are one name to a drive are no versions of each other.
  const names = new Set<string>();
  const added = files
    .filter((chosen) => !known.has(chosen))
    .map((chosen) => {
      const name = nameOf({ folderId, path: chosen.path, name: chosen.file.name });
      const ifTaken = names.has(name) ? 'rename' : 'version';
      names.add(name);
      return newJob(folderId, chosen, ifTaken);
    });
  show([...jobs, ...added]);
  void keepUploads(added.map(toKept));
  goOn();
  if (empty.length > 0) void attempt(() => makeFolders(folderId, empty));
}

function newJob(folderId: string, { file, path, handle }: Chosen, ifTaken: Job['ifTaken']): Job {
  return {
    ...{ id: randomId(), userId: myId.value, name: file.name, size: file.size, progress: 0 },
    ...{ state: 'waiting', problem: '', outcome: '', file, handle, lastModified: file.lastModified },
    ...{ folderId, path, ifTaken, end: new AbortController() },
  };
}

function toKept({ id, userId, folderId, path, name, size, lastModified, ifTaken, handle }: Job) {
  return { id, userId, folderId, path: [...path], name, size, lastModified, ifTaken, handle };
}

let isLookedFor = '';

/** Once for everybody who signs in here. */
export async function findLost(): Promise<void> {
  const userId = myId.value;
  if (isLookedFor === userId) return;
  isLookedFor = userId;
  const lost = await lostUploads(userId);
  const found = lost.map((one): Job => ({
    ...one,
    ...{ progress: 0, state: 'lost', problem: '', outcome: '', file: undefined, handle: one.handle },
    end: new AbortController(),
  }));
  show([...jobs, ...found.filter(({ id }) => jobs.every((job) => job.id !== id))]);
  for (const [id, handle] of lostWithHandles())
    if ((await handle.queryPermission?.({ mode: 'read' }).catch(() => undefined)) === 'granted')
      await readFrom(id, handle);
}

/** When somebody has clicked: the browser asks whether we may. Rejects with what to do where it was not allowed. */
export async function readAgain(): Promise<void> {
  let isDenied = false;
  for (const [id, handle] of lostWithHandles()) {
    const answer = await handle.requestPermission?.({ mode: 'read' }).catch(() => 'prompt');
    // One that nobody has answered is not followed by the next one: browsers ask no more when too many were put away.
    if (answer === 'prompt') throw new Error(d('notAllowed'));
    if (answer === 'denied') isDenied = true;
    else await readFrom(id, handle);
  }
  if (isDenied) throw new Error(d('mayNotRead'));
}

function lostWithHandles(): [string, Handle][] {
  return jobs.flatMap(({ id, state, handle }) => (state === 'lost' && handle ? [[id, handle]] : []));
}

async function readFrom(id: string, handle: Handle): Promise<void> {
  const file = await handle.getFile().catch(() => undefined);
  // It may have been chosen again meanwhile, or cancelled.
  const job = jobs.find((one) => one.id === id);
  if (job?.state !== 'lost') return;
  // Whoever has moved it can still choose it where it is now.
  if (!file) update(id, { handle: undefined, problem: d('fileGone') });
  else if (takeUp([{ file, path: job.path }], (one) => one.id === id).length === 0) beginAnew(job, file);
}

/** What has changed is another upload, if somebody wants that. */
function beginAnew(job: Job, file: File): void {
  const { folderId, path, handle, ifTaken } = job;
  const anew = newJob(folderId, { file, path, handle }, ifTaken);
  show(jobs.map((one) => (one === job ? { ...anew, state: 'failed', problem: d('fileChanged') } : one)));
  void forgetKept([job.id]);
}

/** The same files, chosen again for what a page that is gone has begun. */
export function chooseAgain({ files }: ChosenAll): void {
  const taken = takeUp(files, () => true);
  if (taken.length === 0) say(d('notTheFile'), true);
}

/** Those that lost uploads go on with. */
function takeUp(files: readonly Chosen[], isMeant: (job: Job) => boolean): Chosen[] {
  const lost = new Map(
    jobs.filter((job) => job.state === 'lost' && isMeant(job)).map((job) => [printOf(job, job), job]),
  );
  if (lost.size === 0) return [];
  const taken = files.filter((chosen) => {
    const job = lost.get(printOf(chosen.file, chosen));
    if (!job) return false;
    lost.delete(printOf(job, job));
    const { file, handle = job.handle } = chosen;
    update(job.id, { state: 'waiting', problem: '', file, handle });
    void keepUploads([toKept(job)]);
    return true;
  });
  goOn();
  return taken;
}

/** What has the same one is taken for the same file. */
function printOf(
  { name, size, lastModified }: Pick<File, 'name' | 'size' | 'lastModified'>,
  { path }: Pick<Chosen, 'path'>,
): string {
  return [...path, name, size, lastModified].join('/');
}

export function retry(id: string): void {
  const job = jobs.find((one) => one.id === id);
  if (!job) return;
  update(id, { state: job.file ? 'waiting' : 'lost', problem: '', progress: 0, end: new AbortController() });
  void keepUploads([toKept(job)]);
  goOn();
}

export function cancel(id: string): void {
  drop((job) => job.id === id);
  goOn();
}

export function cancelAll(): void {
  drop(({ state }) => state !== 'done');
}

export function forgetUploads(): void {
  drop(({ state }) => state === 'done' || state === 'failed');
}

function drop(isMeant: (job: Job) => boolean): void {
  const dropped = jobs.filter(isMeant);
  for (const { end } of dropped) end.abort();
  void forgetKept(dropped.map(({ id }) => id));
  show(jobs.filter((job) => !isMeant(job)));
}

function goOn(): void {
  const going = jobs.filter(({ state }) => state === 'going').length;
  for (const job of jobs.filter(mayGo).slice(0, Math.max(0, atOnce - going))) {
    update(job.id, { state: 'going' });
    if (job.file) void upload(job, job.file);
  }
}

/** One that gives way to another of the same name comes after it, or it would be the one that has the name, and the other a version of it. */
function mayGo(job: Job, place: number): boolean {
  if (job.state !== 'waiting' || job.ifTaken === 'version') return job.state === 'waiting';
  const isAhead = ({ state }: Job): boolean => state === 'waiting' || state === 'going';
  return !jobs.slice(0, place).some((other) => isAhead(other) && nameOf(other) === nameOf(job));
}

/** What is one name to a drive. */
function nameOf({ folderId, path, name }: Pick<Job, 'folderId' | 'path' | 'name'>): string {
  return [folderId, ...[...path, name].map(sameName)].join('/');
}

async function upload({ id, folderId, path, ifTaken, end }: Job, file: File): Promise<void> {
  try {
    const { signal } = end;
    const name = safeName(file.name);
    const kept = await chat.upload(
      { type: 'local-file', as: 'drive', file, name: name.slice(-mostNameCharacters) },
      { key: id, signal, onProgress: (progress) => update(id, { progress }) },
    );
    if (kept.type !== 'file') return;
    const preview = await previewOf(file);
    const nodeId = await folderFor(folderId, path);
    signal.throwIfAborted();
    const node = await ask(
      api.POST('/v1/drive/nodes/{nodeId}/files', {
        params: { path: { nodeId }, header: { 'idempotency-key': id } },
        body: { url: kept.url, name, ifTaken, ...(preview && { preview }) },
      }),
    );
    update(id, { state: 'done', progress: 1, outcome: outcomeOf(file, node) });
    void forgetKept([id]);
    changed();
  } catch (error) {
    const isUnreadable = error instanceof ChatError && error.code === 'FILE_UNREADABLE';
    if (!end.signal.aborted)
      update(id, {
        state: 'failed',
        // The browser gives nothing of this one any more.
        ...(isUnreadable ? { file: undefined, problem: d('fileUnreadable') } : { problem: explain(error) }),
      });
  }
  goOn();
}

/** The name was not to be had, or is that of a file which was there. */
function outcomeOf(file: File, { name, version }: { name: string; version: number }): string {
  if (name.normalize() !== file.name.normalize() && version === 1) return d('keptAs', { name });
  return version > 1 ? d('newVersion', { n: version }) : '';
}

async function makeFolders(folderId: string, paths: ChosenAll['folders']): Promise<void> {
  for (const path of paths) await folderFor(folderId, path);
  changed();
}

/** The address of a picture of a film, or of the first page of a PDF. */
async function previewOf(file: File): Promise<string | undefined> {
  await makePoster(file);
  const picture = posterOf(file) ?? (await firstPageOf(file).catch(() => undefined));
  if (!picture) return undefined;
  const kept = await chat
    .upload({ type: 'local-file', as: 'drive', file: picture, name: 'preview.jpg' })
    .catch(() => undefined);
  return kept?.type === 'file' ? kept.url : undefined;
}

async function folderFor(folderId: string, path: readonly string[]): Promise<string> {
  let parent = folderId;
  for (const name of path.map(safeName)) {
    const key = `${parent}/${sameName(name)}`;
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
    const found = page.items.find((one) => sameName(one.name) === sameName(name));
    if (found?.type === 'folder') return found.id;
    if (page.nextCursor === null) return refused();
    cursor = page.nextCursor;
  }
}
