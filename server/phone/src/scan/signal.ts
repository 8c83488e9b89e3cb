/** What a scan says to ear and hand: a high short tone and one buzz when it counts, a low one and two when not. */

const GOOD = { hertz: 1320, seconds: 0.12, buzz: [80] };
const BAD = { hertz: 220, seconds: 0.35, buzz: [150, 80, 150] };
const LOUDNESS = 0.25;

let audio: AudioContext | null = null;

export function signalScan(isGood: boolean): void {
  const { hertz, seconds, buzz } = isGood ? GOOD : BAD;
  if ('vibrate' in navigator) navigator.vibrate(buzz);
  try {
    beep(hertz, seconds);
  } catch {
    // No sound, as on a phone that has no audio at all; the picture and the text say the same.
  }
}

function beep(hertz: number, seconds: number): void {
  audio ??= new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  volume.gain.value = LOUDNESS;
  tone.frequency.value = hertz;
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + seconds);
}
