/** Reads QR codes from a camera or a picture: by the phone's own detector where it works, else by ours. */
import type { Frame } from './frame.ts';

const FRAME_SIDE = 640; // pixels: enough for a code of 150 characters that fills half the frame
const PICTURE_SIDES = [1000, 1600, 600]; // a code may be small in a picture, or too noisy
const DETECTOR_PATIENCE_MS = 1500; // without Google's services it may never answer

type Source = HTMLVideoElement | ImageBitmap;

interface Detector {
  detect: (source: Source) => Promise<{ rawValue: string }[]>;
}

declare const BarcodeDetector: {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats: () => Promise<string[]>;
};

/** Formats of codes that the phone's own detector shall look for: ours are QR codes, a form may ask for any. */
const QR_CODE: readonly string[] = ['qr_code'];
export const ANY_CODE: readonly string[] | null = null;

export class Reader {
  private readonly worker = new Worker(new URL('./decode.ts', import.meta.url), { type: 'module' });
  private readonly canvas = document.createElement('canvas');
  private readonly detector: Promise<Detector | null>;
  private isDetectorGood = true;

  constructor(formats: readonly string[] | null = QR_CODE) {
    this.detector = findDetector(formats);
  }

  /** Whether it reads more than QR codes, as only the phone's own detector does. */
  async readsBars(): Promise<boolean> {
    return this.isDetectorGood && (await this.detector) !== null;
  }

  /** Return the text of the code in the middle of the camera's picture, null when none is seen. */
  async readFrame(video: HTMLVideoElement): Promise<string | null> {
    const detector = this.isDetectorGood ? await this.detector : null;
    if (detector !== null) {
      const found = await this.detect(detector, video);
      if (found !== null) return found;
      if (this.isDetectorGood) return null;
    }
    const side = Math.min(video.videoWidth, video.videoHeight);
    const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
    return this.decode(video, { left, top, width: side, height: side }, FRAME_SIDE);
  }

  /** Return the text of the code anywhere in a picture; throws when the file is no picture. */
  async readPicture(file: Blob): Promise<string | null> {
    const picture = await createImageBitmap(file);
    const whole = { left: 0, top: 0, width: picture.width, height: picture.height };
    try {
      for (const side of PICTURE_SIDES) {
        const found = await this.decode(picture, whole, side);
        if (found !== null) return found;
      }
      return null;
    } finally {
      picture.close();
    }
  }

  close(): void {
    this.worker.terminate();
  }

  private async detect(detector: Detector, video: HTMLVideoElement): Promise<string | null> {
    try {
      const found = await withPatience(detector.detect(video), DETECTOR_PATIENCE_MS);
      return found[0]?.rawValue ?? null;
    } catch {
      this.isDetectorGood = false;
      return null;
    }
  }

  private async decode(source: Source, part: Part, longest: number): Promise<string | null> {
    const scale = Math.min(1, longest / Math.max(part.width, part.height));
    const width = Math.round(part.width * scale);
    const height = Math.round(part.height * scale);
    if (width === 0 || height === 0) return null;
    this.canvas.width = width;
    this.canvas.height = height;
    const context = this.canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) return null;
    context.drawImage(source, part.left, part.top, part.width, part.height, 0, 0, width, height);
    return this.ask({ pixels: context.getImageData(0, 0, width, height).data.buffer, width, height });
  }

  private ask(frame: Frame): Promise<string | null> {
    return new Promise((resolve, reject) => {
      this.worker.onmessage = ({ data }: MessageEvent<string | null>) => resolve(data);
      this.worker.onerror = () => reject(new Error('the decoder did not start'));
      this.worker.postMessage(frame, [frame.pixels]);
    });
  }
}

interface Part {
  left: number;
  top: number;
  width: number;
  height: number;
}

async function findDetector(wanted: readonly string[] | null): Promise<Detector | null> {
  if (typeof BarcodeDetector === 'undefined') return null;
  try {
    const known = await withPatience(BarcodeDetector.getSupportedFormats(), DETECTOR_PATIENCE_MS);
    const formats = known.filter(format => format !== 'unknown' && (wanted?.includes(format) ?? true));
    return formats.includes('qr_code') ? new BarcodeDetector({ formats }) : null;
  } catch {
    return null;
  }
}

function withPatience<T>(work: Promise<T>, patience_ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer')), patience_ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
