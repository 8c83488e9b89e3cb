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

export function asFileRef(text: string): FileRef | null {
  if (text === '') return null;
  try {
    const value: unknown = JSON.parse(text);
    return isFileRef(value) ? value : null;
  } catch {
    return null;
  }
}

function isFileRef(value: unknown): value is FileRef {
  return typeof value === 'object' && value !== null && 'sha256' in value && 'name' in value;
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
