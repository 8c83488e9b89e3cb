/** Photos, signatures and other files of answers: scaled down, stored under their digest, read back as pictures. */
import type { StoredFile } from './db.ts';
import { store, writeStrictly } from './db.ts';
import { digestOf } from './digest.ts';
import type { FileRef } from './filling/types.ts';

export const MAX_FILE_BYTES = 20 * 1024 * 1024;
const MAX_PIXELS = 1600;
const QUALITY = 0.82;

/** Store bytes strictly and return what the answer keeps of them. */
export async function keepFile(content: ArrayBuffer, type: string, name: string): Promise<FileRef> {
  const sha256 = await digestOf(content);
  await writeStrictly(['files'], async tx => {
    const known = await tx.objectStore('files').get(sha256);
    const stored_at = new Date().toISOString();
    const is_uploaded = known?.is_uploaded ?? false;
    await tx.objectStore('files').put({ sha256, content, type, name, is_uploaded, stored_at });
  });
  return { sha256, name, bytes: content.byteLength, type };
}

export async function readFile(sha256: string): Promise<StoredFile | undefined> {
  return (await store()).get('files', sha256);
}

const STARTS: readonly (readonly number[])[] = [
  [0xff, 0xd8, 0xff], // JPEG
  [0x89, 0x50, 0x4e, 0x47], // PNG
  [0x47, 0x49, 0x46, 0x38], // GIF
  [0x25, 0x50, 0x44, 0x46, 0x2d], // PDF
  [0x1a, 0x45, 0xdf, 0xa3], // WebM
  [0x4f, 0x67, 0x67, 0x53], // Ogg
  [0x23, 0x21, 0x41, 0x4d, 0x52], // AMR
  [0x49, 0x44, 0x33], // MP3 with a title
  [0xff, 0xfb],
  [0xff, 0xf3],
  [0xff, 0xf1], // AAC
  [0xff, 0xf9],
  [0x50, 0x4b, 0x03, 0x04], // Office documents since 2007
  [0xd0, 0xcf, 0x11, 0xe0], // and before
];

/** Whether the server takes it: what it can't tell by the first bytes it refuses, when it is too late to choose. */
export function isAccepted(content: ArrayBuffer): boolean {
  const head = new Uint8Array(content, 0, Math.min(16, content.byteLength));
  const says = (at: number, word: string): boolean =>
    Array.from(word).every((sign, n) => head[at + n] === sign.charCodeAt(0));
  if (says(4, 'ftyp')) return true;
  if (says(0, 'RIFF')) return says(8, 'WEBP') || says(8, 'WAVE');
  return STARTS.some(start => start.every((byte, at) => head[at] === byte));
}

/** Scale a picture down to `maxPixels` on its longer side; returned as it was where the browser can't draw it. */
export async function shrink(
  file: Blob,
  maxPixels = MAX_PIXELS,
): Promise<{ content: ArrayBuffer; type: string }> {
  const picture = await decode(file);
  if (picture === null) return { content: await file.arrayBuffer(), type: file.type };
  const scale = Math.min(1, maxPixels / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const drawn = await toBlob(canvas, 'image/jpeg');
  // Drawing also drops where and with what the photo was taken; a form that wants a position asks for it.
  return drawn
    ? { content: await drawn.arrayBuffer(), type: 'image/jpeg' }
    : { content: await file.arrayBuffer(), type: file.type };
}

async function decode(file: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    return null;
  }
}

export function toBlob(canvas: HTMLCanvasElement, type: string): Promise<Blob | null> {
  return new Promise(resolve => canvas.toBlob(resolve, type, QUALITY));
}
