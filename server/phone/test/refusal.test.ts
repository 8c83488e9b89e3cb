/** Refused sign-ins and enrolments in the app's own words. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Failure } from '../src/client.ts';
import { refusalOf } from '../src/refusal.ts';
import { language } from '../src/settings.ts';
import type { Problem } from '../src/wire.ts';

const problem = (code: string): Problem => ({
  code,
  message_zh: '此手机已被停用',
  message_en: 'This phone was revoked',
  fix_zh: '请联系管理员。',
  fix_en: 'Ask the administrator.',
});
const busy = (code: string, retry_after_s: number): Failure => ({
  ok: false,
  kind: 'busy',
  retry_after_s,
  problem: problem(code),
});
const told = (failure: Failure): string => refusalOf(failure, 'enrol_needs_network');

beforeEach(() => {
  language.value = 'zh';
  vi.useFakeTimers({ now: new Date(2016, 9, 15, 9, 50, 20), toFake: ['Date'] });
});

afterEach(() => vi.useRealTimers());

test.each([
  ['sign_in_slowed', '登录失败次数过多，暂停登录。请在10:05以后再试；已登录的手机不受影响。'],
  ['sign_in_locked', '密码错误次数过多，账号暂时锁定。请在10:05以后再试，或请管理员重设密码。'],
  ['enrolment_locked', '注册码错误次数过多。请在10:05以后再试。'],
])('%s says when to try again, by the phone’s clock', (code, words) => {
  expect(told(busy(code, 14 * 60))).toBe(words);
});

test('says it in English', () => {
  language.value = 'en';
  expect(told(busy('sign_in_slowed', 10 * 60 + 41))).toContain('after 10:02');
});

test('a wrong password is told from a phone that was revoked', () => {
  const refused = (code: string): Failure => ({ ok: false, kind: 'signed_out', problem: problem(code) });
  expect(told(refused('sign_in_failed'))).toBe('用户名或密码不对，请核对后再试。');
  expect(told(refused('device_revoked'))).toBe('此手机已被停用。请联系管理员。');
  language.value = 'en';
  expect(told(refused('device_revoked'))).toBe('This phone was revoked. Ask the administrator.');
});

test('what the server could not say is no riddle', () => {
  expect(told({ ok: false, kind: 'offline' })).toContain('注册需要网络');
  expect(told({ ok: false, kind: 'busy', retry_after_s: 0, problem: null })).toBe('服务器忙，请稍后再试。');
  expect(told(busy('sign_in_slowed', 0))).toBe('此手机已被停用。请联系管理员。');
});
