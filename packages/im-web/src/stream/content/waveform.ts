const bars = 40;
const known = new Map<string, Promise<readonly number[] | undefined>>();

/** How loud a recording is, in forty parts from 0 to 1; undefined when it cannot be read. */
export function loudness(url: string): Promise<readonly number[] | undefined> {
  let measured = known.get(url);
  if (!measured) known.set(url, (measured = measure(url).catch(() => undefined)));
  return measured;
}

/** The same of what was just recorded, in hundredths, as its message says it. */
export async function waveformOf(recording: Blob): Promise<readonly number[] | undefined> {
  const url = URL.createObjectURL(recording);
  const measured = await measure(url).catch(() => undefined);
  URL.revokeObjectURL(url);
  return measured?.map((value) => Math.round(value * 100));
}

async function measure(url: string): Promise<readonly number[] | undefined> {
  // Of others the page may not read anything.
  if (!url.startsWith('blob:') && new URL(url, location.href).origin !== location.origin) return undefined;
  const bytes = await (await fetch(url)).arrayBuffer();
  // 8 kHz is enough to draw, and the smallest that browsers take.
  const decoded = await new OfflineAudioContext(1, 1, 8_000).decodeAudioData(bytes);
  const samples = decoded.getChannelData(0);
  const size = Math.max(1, Math.floor(samples.length / bars));
  const loud = Array.from({ length: bars }, (_, bar) => {
    let sum = 0;
    for (let at = bar * size; at < (bar + 1) * size; at += 1) sum += (samples[at] ?? 0) ** 2;
    return Math.sqrt(sum / size);
  });
  const loudest = Math.max(...loud, 0.01);
  return loud.map((value) => Math.max(0.1, value / loudest));
}
