// What somebody has chosen or dropped: files, each with the folders that it was in.

export interface Chosen {
  readonly file: File;
  readonly path: readonly string[];
  /** With which the next page finds the file again, where the browser gives one. */
  readonly handle?: FileSystemFileHandle | undefined;
}

export interface ChosenAll {
  readonly files: readonly Chosen[];
  /** Folders in which there is no file. */
  readonly folders: readonly (readonly string[])[];
}

/** As deep as a drive is, and as much as it holds: a folder that leads into itself has an end. */
const mostDeep = 32;
export const mostChosen = 100_000;

export function chosenBy(files: Iterable<File>): ChosenAll {
  const chosen = Array.from(files, (file) => ({
    file,
    path: file.webkitRelativePath.split('/').slice(0, -1),
  }));
  return { files: chosen, folders: [] };
}

/** Read at once: when the handler has ended the browser gives nothing more. */
export async function dropped({ items }: DataTransfer): Promise<ChosenAll> {
  const files: Chosen[] = [];
  const folders: string[][] = [];
  const given = [...items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile(), handle: handleOf(item) }));
  for (const { entry, file, handle } of given) {
    if (entry?.isDirectory) await walk(entry as FileSystemDirectoryEntry, [], { files, folders });
    else if (file) files.push({ file, path: [], handle: await handle });
  }
  return { files, folders };
}

type WithHandles = DataTransferItem & { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> };

async function handleOf(item: WithHandles): Promise<FileSystemFileHandle | undefined> {
  const handle = await item.getAsFileSystemHandle?.().catch(() => null);
  return handle?.kind === 'file' ? (handle as FileSystemFileHandle) : undefined;
}

async function walk(
  folder: FileSystemDirectoryEntry,
  around: readonly string[],
  found: { readonly files: Chosen[]; readonly folders: string[][] },
): Promise<void> {
  const path = [...around, folder.name];
  const reader = folder.createReader();
  let isEmpty = true;
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) break;
    isEmpty = false;
    for (const entry of some) {
      if (found.files.length + found.folders.length > mostChosen) return;
      if (entry.isDirectory && path.length < mostDeep)
        await walk(entry as FileSystemDirectoryEntry, path, found);
      else if (entry.isFile) {
        const file = await fileOf(entry as FileSystemFileEntry);
        found.files.push({ file, path });
      }
    }
  }
  if (isEmpty) found.folders.push(path);
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
