// Two notes, made here: nothing has to be loaded for them.

const notes = [
  { hertz: 880, at: 0 },
  { hertz: 1_174.66, at: 0.11 },
] as const;
const lastsS = 0.28;
const loudness = 0.06;
const onceInMs = 1_500;

let context: AudioContext | undefined;
let rangAt = -Infinity;
let sounding = 0;

/** A browser lets a page sound that was used since it was opened. */
export function allowSound(): void {
  if (context) return;
  context = new AudioContext();
  void context.resume().then(rest);
}

/** While it runs a browser computes what is heard, a hundred times a second, also when that is nothing. */
function rest(): void {
  if (sounding === 0) void context?.suspend();
}

/** Not for each message of a burst. */
export function ring(): void {
  if (!context || performance.now() < rangAt + onceInMs) return;
  rangAt = performance.now();
  sounding += 1;
  const on = context;
  void on.resume().then(() => sound(on));
}

function sound(on: AudioContext): void {
  let last: OscillatorNode | undefined;
  for (const { hertz, at } of notes) {
    const [note, volume] = [on.createOscillator(), on.createGain()];
    const from = on.currentTime + at;
    note.frequency.value = hertz;
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(loudness, from + 0.012);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + lastsS);
    note.connect(volume).connect(on.destination);
    note.start(from);
    note.stop(from + lastsS);
    last = note;
  }
  // Not after a time: a browser that is busy begins late.
  last?.addEventListener('ended', () => {
    sounding -= 1;
    rest();
  });
}
