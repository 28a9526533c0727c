import type { DrawnPage } from './pdf-worker.ts';

/** What is larger, or takes longer, has no picture. */
const mostBytes = 50 * 2 ** 20;
const patienceMs = 5_000;

/** A picture of the first page of a PDF, drawn by a worker that knows nothing else; of what cannot be drawn none. */
export async function firstPageOf(file: File): Promise<Blob | undefined> {
  if (file.size > mostBytes || !(await isPdf(file))) return undefined;
  const data = await file.arrayBuffer();
  const worker = new Worker(new URL('./pdf-worker.ts', import.meta.url), { type: 'module' });
  try {
    return await new Promise((resolve) => {
      worker.addEventListener('message', ({ data: said }: MessageEvent<Partial<DrawnPage>>) => {
        if (said.firstPage !== undefined) resolve(said.firstPage ?? undefined);
      });
      worker.addEventListener('error', () => resolve(undefined));
      setTimeout(() => resolve(undefined), patienceMs);
      worker.postMessage(data, [data]);
    });
  } finally {
    worker.terminate();
  }
}

/** By how it begins, whatever it is called. */
async function isPdf(file: File): Promise<boolean> {
  return (await file.slice(0, 5).text()) === '%PDF-';
}
