export type LineState = 'connecting' | 'connected' | 'cut';

export interface LineDeps {
  readonly iceServers: readonly RTCIceServer[];
  readonly devices: MediaStream;
  readonly mode: 'voice' | 'video';
  /** When both ends offer something at once, mine gives way. */
  readonly isPolite: boolean;
  send(signal: string): void;
  onTrack(track: MediaStreamTrack): void;
  /** The other end shows something, or no longer: WebRTC does not say so by itself. */
  onPicture(isShown: boolean): void;
  onState(state: LineState): void;
  /** The two ends do not find each other. */
  onFailed(): void;
}

/** A cut that heals by itself does so soon; then one end looks for new ways, and the other one, should that not be heard. */
const [firstLookMs, laterLookMs] = [2_000, 5_000];
const longestCutMs = 30_000;

/** What goes between the two ends of a call: a connection of WebRTC that looks for new ways when it is cut. */
export class Line {
  readonly #deps: LineDeps;
  readonly #peer: RTCPeerConnection;
  readonly #video: RTCRtpSender | undefined;
  /** Ways to the other end that came before what they belong to. */
  #early: RTCIceCandidateInit[] = [];
  #isOffering = false;
  #ignores = false;
  #taking: Promise<void> = Promise.resolve();
  #looking: ReturnType<typeof setTimeout> | undefined;
  #givingUp: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: LineDeps) {
    this.#deps = deps;
    const { devices, mode, iceServers } = deps;
    this.#peer = new RTCPeerConnection({ iceServers: [...iceServers] });
    for (const track of devices.getAudioTracks()) this.#peer.addTrack(track, devices);
    if (mode === 'video') {
      // Also without a camera: there may be a screen.
      const [camera] = devices.getVideoTracks();
      this.#video = this.#peer.addTransceiver(camera ?? 'video', { streams: [devices] }).sender;
    }
    this.#peer.onicecandidate = ({ candidate }) => {
      if (candidate) deps.send(JSON.stringify(candidate));
    };
    this.#peer.ontrack = ({ track }) => deps.onTrack(track);
    this.#peer.onconnectionstatechange = () => this.#look();
    this.#giveUpIn(longestCutMs);
  }

  async offer(): Promise<string> {
    await this.#peer.setLocalDescription();
    return JSON.stringify(this.#peer.localDescription);
  }

  async answer(offer: string): Promise<string> {
    await this.#describe(JSON.parse(offer) as RTCSessionDescriptionInit);
    const answer = await this.offer();
    this.#offerByItself();
    return answer;
  }

  /** What the other end says, one after the other. */
  take(signal: string): void {
    this.#taking = this.#taking.then(() =>
      // What is no signal of ours, or too late, changes nothing.
      this.#take(JSON.parse(signal) as Signal).catch(() => undefined),
    );
  }

  /** What the other end sees; null: nothing. */
  async show(track: MediaStreamTrack | null): Promise<void> {
    await this.#video?.replaceTrack(track);
    if (this.#peer.remoteDescription) this.#deps.send(JSON.stringify({ picture: track !== null }));
  }

  close(): void {
    clearTimeout(this.#looking);
    clearTimeout(this.#givingUp);
    this.#peer.onconnectionstatechange = null;
    this.#peer.close();
  }

  async #take(signal: Signal): Promise<void> {
    if (!signal) return;
    if ('picture' in signal) {
      this.#deps.onPicture(signal.picture);
      return;
    }
    if (!('type' in signal) || !('sdp' in signal)) {
      const candidate = signal as RTCIceCandidateInit;
      if (!this.#peer.remoteDescription) this.#early.push(candidate);
      else if (!this.#ignores) await this.#peer.addIceCandidate(candidate);
      return;
    }
    const isCollision =
      signal.type === 'offer' && (this.#isOffering || this.#peer.signalingState !== 'stable');
    this.#ignores = isCollision && !this.#deps.isPolite;
    if (this.#ignores) return;
    await this.#describe(signal);
    if (signal.type === 'offer') this.#deps.send(await this.offer());
    else this.#offerByItself();
  }

  async #describe(description: RTCSessionDescriptionInit): Promise<void> {
    await this.#peer.setRemoteDescription(description);
    for (const candidate of this.#early.splice(0)) await this.#peer.addIceCandidate(candidate);
  }

  /** The first offer is that of the call. */
  #offerByItself(): void {
    this.#peer.onnegotiationneeded ??= () => void this.#offerAgain();
  }

  async #offerAgain(): Promise<void> {
    this.#isOffering = true;
    try {
      this.#deps.send(await this.offer());
    } finally {
      this.#isOffering = false;
    }
  }

  #look(): void {
    const { connectionState } = this.#peer;
    if (connectionState === 'connected') {
      clearTimeout(this.#looking);
      clearTimeout(this.#givingUp);
      this.#givingUp = undefined;
      this.#deps.onState('connected');
    } else if (connectionState === 'disconnected' || connectionState === 'failed') {
      this.#deps.onState('cut');
      this.#giveUpIn(longestCutMs);
      this.#lookIn(this.#deps.isPolite ? 2 * firstLookMs : firstLookMs);
    }
  }

  #lookIn(ms: number): void {
    clearTimeout(this.#looking);
    this.#looking = setTimeout(() => {
      if (this.#peer.connectionState === 'connected') return;
      this.#peer.restartIce();
      this.#lookIn(laterLookMs);
    }, ms);
  }

  #giveUpIn(ms: number): void {
    this.#givingUp ??= setTimeout(() => this.#deps.onFailed(), ms);
  }
}

type Signal = RTCSessionDescriptionInit | RTCIceCandidateInit | { readonly picture: boolean } | null;
