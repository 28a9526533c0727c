/** Seconds: when a tone begins, and how long it lasts. A round is three seconds. */
const patterns = {
  incoming: [
    [0, 0.4],
    [0.6, 0.4],
  ],
  outgoing: [[0, 1]],
} as const;
const tones = { incoming: [523, 659], outgoing: [425] } as const;
const roundS = 3;
const loudness = 0.08;

/** Rings until it is told to stop. A page that nobody has touched yet may make no sound. */
export function ring(kind: keyof typeof patterns): () => void {
  const context = new AudioContext();
  const gain = new GainNode(context, { gain: 0 });
  gain.connect(context.destination);
  for (const frequency of tones[kind]) {
    const tone = new OscillatorNode(context, { frequency });
    tone.connect(gain);
    tone.start();
  }
  const play = (): void => {
    for (const [at, lasts] of patterns[kind]) {
      const from = context.currentTime + at;
      gain.gain.setTargetAtTime(loudness, from, 0.01);
      gain.gain.setTargetAtTime(0, from + lasts, 0.03);
    }
  };
  play();
  const timer = setInterval(play, roundS * 1_000);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
