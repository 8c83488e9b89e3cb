/** When the phone syncs: when opened, online again, visible again, every few minutes, and later after a failure. */
import { session } from './state.ts';
import type { SyncResult } from './sync.ts';
import { syncNow } from './sync.ts';

const EVERY_MS = 3 * 60_000;
const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 10 * 60_000;

let timer: ReturnType<typeof setTimeout> | undefined;
let nFailures = 0;

/** Return how long to wait after the n-th failure in a row; spread out, so that a town's phones don't return at once. */
export function backOff(failures: number, retryAfterS: number, random = Math.random): number {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
  const share = random();
  const spread = wait / 2 + (share * wait) / 2;
  return Math.max(spread, retryAfterS * 1000 * (1 + share / 2));
}

function waitAfter(result: SyncResult): number {
  if (result === 'ok' || result === 'busy_elsewhere') {
    nFailures = 0;
    return EVERY_MS;
  }
  nFailures += 1;
  return backOff(nFailures, result.kind === 'busy' ? result.retry_after_s : 0);
}

/** Sync now, then plan the next time. */
export async function syncAndPlan(): Promise<SyncResult> {
  clearTimeout(timer);
  const result = await syncNow();
  clearTimeout(timer);
  timer = setTimeout(syncIfSeen, waitAfter(result));
  return result;
}

function syncIfSeen(): void {
  if (document.visibilityState === 'visible' && session.peek()?.token) void syncAndPlan();
  else timer = setTimeout(syncIfSeen, EVERY_MS);
}

export function startSchedule(): void {
  addEventListener('online', syncIfSeen);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') syncIfSeen();
  });
  syncIfSeen();
}
