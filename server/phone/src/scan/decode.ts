/** The decoder's own thread: pixels in, the text of a QR code in them out, null when there is none. */
import jsQR from 'jsqr';
import type { Frame } from './frame.ts';

declare const self: DedicatedWorkerGlobalScope;

self.onmessage = ({ data }: MessageEvent<Frame>) => {
  const found = jsQR(new Uint8ClampedArray(data.pixels), data.width, data.height, {
    // Our codes are dark on light; codes on screens in dark rooms may be inverted, which costs a second look.
    inversionAttempts: 'attemptBoth',
  });
  self.postMessage(found?.data ?? null);
};
