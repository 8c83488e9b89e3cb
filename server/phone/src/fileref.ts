/** What an answer keeps of its file: a reference in JSON. */
import type { FileRef } from './filling/types.ts';

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
