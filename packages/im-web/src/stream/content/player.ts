import { reactive } from 'vue';

const speeds = [1, 1.5, 2] as const;

/** One voice message plays at a time. */
const audio = new Audio();
audio.preload = 'metadata';

export const player = reactive({
  key: '',
  isPlaying: false,
  /** Seconds. */
  at: 0,
  length: 0,
  speed: 1,
  toggle(key: string, src: string) {
    if (this.key === key && this.isPlaying) {
      audio.pause();
      return;
    }
    if (this.key !== key) {
      Object.assign(this, { key, at: 0, length: 0 });
      audio.src = src;
    }
    audio.playbackRate = this.speed;
    void audio.play().catch(() => undefined);
  },
  seek(key: string, part: number) {
    if (this.key === key && Number.isFinite(audio.duration)) audio.currentTime = part * audio.duration;
  },
  faster() {
    this.speed = speeds[(speeds.indexOf(this.speed as 1) + 1) % speeds.length] ?? 1;
    audio.playbackRate = this.speed;
  },
});

audio.addEventListener('play', () => (player.isPlaying = true));
audio.addEventListener('pause', () => (player.isPlaying = false));
audio.addEventListener('timeupdate', () => {
  player.at = audio.currentTime;
  // What a browser has recorded may not say how long it is.
  player.length = Number.isFinite(audio.duration) ? audio.duration : 0;
});
audio.addEventListener('ended', () => {
  player.isPlaying = false;
  player.at = 0;
});
