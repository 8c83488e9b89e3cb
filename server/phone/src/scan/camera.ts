/** The camera behind the phone: opened, lit and closed; why it can't be had in words for the page. */

export type Trouble = 'camera_refused' | 'camera_missing' | 'camera_busy' | 'camera_insecure';

const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } },
};

/** Open the camera. Throws what the browser throws, which `troubleOf` names. */
export async function openCamera(): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia(WANTED);
}

export function troubleOf(error: unknown): Trouble {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'camera_refused';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'camera_missing';
  // Where a page isn't secure, browsers have no mediaDevices at all.
  return error instanceof TypeError ? 'camera_insecure' : 'camera_busy';
}

export function closeCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** The part of the image capture specification that TypeScript's types leave out. */
interface Lit {
  torch?: boolean;
}

export function hasTorch(stream: MediaStream): boolean {
  const track = stream.getVideoTracks()[0];
  const can = track && 'getCapabilities' in track ? (track.getCapabilities() as Lit) : {};
  return can.torch === true;
}

export async function setTorch(stream: MediaStream, isOn: boolean): Promise<void> {
  const wanted: MediaTrackConstraintSet & Lit = { torch: isOn };
  await stream.getVideoTracks()[0]?.applyConstraints({ advanced: [wanted] });
}
