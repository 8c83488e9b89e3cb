/** Why signing in or enrolling was refused, in words: what happened, and when or how to go on. */
import type { Failure } from './client.ts';
import type { TextKey } from './texts.ts';
import { clockTime } from './days.ts';
import { problemText, t } from './texts.ts';
import type { Problem } from './wire.ts';

/** What closes for a while; the time is the phone's own, so that nobody has to count minutes. */
const WAITS: Readonly<Record<string, TextKey>> = {
  sign_in_slowed: 'wait_slowed',
  sign_in_locked: 'wait_locked',
  enrolment_locked: 'wait_codes',
};

export function refusalOf(failure: Failure, whenOffline: TextKey): string {
  if (failure.kind === 'offline') return t(whenOffline);
  const { problem } = failure;
  if (problem === null) return t(failure.kind === 'signed_out' ? 'sign_in_wrong' : 'sign_in_busy');
  const wait = WAITS[problem.code];
  if (wait && failure.kind === 'busy' && failure.retry_after_s > 0) {
    return t(wait, { time: clockTime(Date.now() + failure.retry_after_s * 1000) });
  }
  return problem.code === 'sign_in_failed' ? t('sign_in_wrong') : asSentences(problem);
}

function asSentences(problem: Problem): string {
  const { message, fix } = problemText(problem);
  return /[一-鿿]$/.test(message) ? `${message}。${fix}` : `${message}. ${fix}`;
}
