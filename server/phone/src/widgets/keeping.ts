/** Keeping what somebody chose as a file of an answer, or saying why it isn't kept. */
import { isFull } from '../db.ts';
import { isAccepted, keepFile, MAX_FILE_BYTES, shrink } from '../files.ts';
import type { FileRef } from '../filling/types.ts';
import type { FillingText } from '../texts/filling.ts';
import { t } from '../texts/filling.ts';

/** Why a file isn't kept, as the key of what to say. */
class NotKept extends Error {
  readonly why: FillingText;

  constructor(why: FillingText) {
    super(why);
    this.why = why;
  }
}

/** Store a chosen file; a picture is scaled down to `maxPixels` on its longer side. */
export async function keepChosen(chosen: File, isPicture: boolean, maxPixels?: number): Promise<FileRef> {
  const picture = isPicture ? await shrink(chosen, maxPixels) : null;
  // Before it is read into memory, of which a cheap phone has little.
  if (picture === null && chosen.size > MAX_FILE_BYTES) throw new NotKept('file_too_large');
  const content = picture?.content ?? (await chosen.arrayBuffer());
  if (content.byteLength > MAX_FILE_BYTES) throw new NotKept('file_too_large');
  if (content.byteLength === 0) throw new NotKept('file_empty');
  if (!isAccepted(content)) throw new NotKept('file_not_accepted');
  const type = picture?.type ?? (chosen.type === '' ? 'application/octet-stream' : chosen.type);
  const name = picture?.type === 'image/jpeg' ? chosen.name.replace(/\.\w+$/, '') + '.jpg' : chosen.name;
  return keepFile(content, type, name);
}

/** Store it, or return what to say of why it isn't kept. */
export async function keepOrSay(...chosen: Parameters<typeof keepChosen>): Promise<FileRef | string> {
  try {
    return await keepChosen(...chosen);
  } catch (error) {
    return troubleText(error);
  }
}

export function troubleText(error: unknown): string {
  if (error instanceof NotKept) return t(error.why, { n: MAX_FILE_BYTES / 1024 / 1024 });
  return isFull(error) ? t('phone_full') : t('save_failed');
}
