/** The phone's position, followed until somebody has had enough; why it can't be had, as a text's key. */
import type { RareText } from '../texts/rare.ts';

interface Heard {
  onPosition: (position: GeolocationPosition) => void;
  /** What can't be mended by waiting is final; without a view of the sky for a while, positions come again. */
  onTrouble: (why: RareText, isFinal: boolean) => void;
}

/** Follow the position; returns how to stop. */
export function followPosition({ onPosition, onTrouble }: Heard): () => void {
  if (!('geolocation' in navigator)) {
    onTrouble('locate_failed', true);
    return () => undefined;
  }
  const watch = navigator.geolocation.watchPosition(
    onPosition,
    error => {
      const isFinal = error.code === error.PERMISSION_DENIED;
      onTrouble(isFinal ? 'locate_denied' : 'locate_failed', isFinal);
    },
    { enableHighAccuracy: true, timeout: 30_000, maximumAge: 0 },
  );
  return () => navigator.geolocation.clearWatch(watch);
}

/** A parameter of the form in metres; browsers of phones that lie far off may still give thousands. */
export function metres(text: string | undefined, otherwise: number): number {
  const value = Number(text);
  return text === undefined || Number.isNaN(value) || value < 0 ? otherwise : value;
}
