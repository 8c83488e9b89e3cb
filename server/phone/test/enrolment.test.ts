/** Enrolling by a code: what counts as one, the exchange, and what is asked of which browser. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { isInsideAnotherApp, wayOut } from '../src/browser.ts';
import type { Result } from '../src/client.ts';
import { store } from '../src/db.ts';
import { enrol, readCode } from '../src/enrolment.ts';
import { deviceId, records, session } from '../src/state.ts';
import type { SignedIn } from '../src/wire.ts';
import { CADRE, finalised, freshPhone } from './phone.ts';

const client = vi.hoisted(() => ({
  enrol: vi.fn<(body: { code: string; device_id: string }) => Promise<Result<SignedIn>>>(),
  sync: vi.fn(),
}));
vi.mock('../src/client.ts', () => client);

const CODE = 'k7vq2mz9tdx4h3srwnpc5bjy8efgau';
const HOST = 'lingyan.example';
const TOWN = { town_id: 't1', name: '溱东镇', is_demo: true };

beforeEach(async () => {
  vi.resetAllMocks();
  await freshPhone();
});

describe('a code', () => {
  test.each([
    CODE,
    ` ${CODE}\n`,
    CODE.toUpperCase(),
    'k7vq2 mz9td x4h3s rwnpc 5bjy8 efgau',
    `https://${HOST}/n#${CODE}`,
    `HTTPS://${HOST}/n#${CODE}`,
    `https://${HOST}/app/#/enrol/${CODE}`,
  ])('is found in %j', text => {
    expect(readCode(text, HOST)).toEqual({ code: CODE });
  });

  test.each([
    '',
    'hello',
    `https://${HOST}/n`,
    `https://${HOST}/${CODE}`,
    `${CODE}!`,
    'a'.repeat(65),
    'https://',
  ])('is not found in %j', text => {
    expect(readCode(text, HOST)).toBeNull();
  });

  test('of another server is told by its host', () => {
    expect(readCode(`https://elsewhere.example/n#${CODE}`, HOST)).toEqual({
      other_host: 'elsewhere.example',
    });
  });
});

describe('enrolling', () => {
  test('keeps the session under the same device each time, so that an answer can be asked for again', async () => {
    client.enrol.mockResolvedValueOnce({ ok: false, kind: 'offline' });
    expect((await enrol(CODE)).ok).toBe(false);
    client.enrol.mockResolvedValueOnce({
      ok: true,
      data: { token: 'new', user: CADRE, town: TOWN, epoch: 'e1' },
    });
    expect((await enrol(CODE)).ok).toBe(true);
    const devices = client.enrol.mock.calls.map(([body]) => body.device_id);
    expect(devices).toEqual([await deviceId(), await deviceId()]);
    expect(session.peek()?.token).toBe('new');
  });

  test('loses nothing that the phone held', async () => {
    const { instance_id } = await finalised();
    client.enrol.mockResolvedValue({
      ok: true,
      data: { token: 'new', user: CADRE, town: TOWN, epoch: 'e1' },
    });
    await enrol(CODE);
    expect(records.peek().map(record => record.instance_id)).toEqual([instance_id]);
  });

  test('changes nothing when the code is refused', async () => {
    client.enrol.mockResolvedValue({
      ok: false,
      kind: 'problem',
      status: 409,
      problem: { code: 'enrolment_used', message_zh: '', message_en: '', fix_zh: '', fix_en: '' },
    });
    await enrol(CODE);
    expect(await (await store()).get('meta', 'session')).toMatchObject({ token: 'token' });
  });
});

describe('browsers inside other apps', () => {
  test.each([
    'Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/111 Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0.30',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 16_0) AppleWebKit/605 Mobile/15E148 wxwork/4.1 MicroMessenger/7.0',
    'Mozilla/5.0 (Linux; U; Android 11) AppleWebKit/537.36 Mobile Safari/537.36 AliApp(DingTalk/7.0.30)',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 16_0) AppleWebKit/605 AliApp(AP/10.3) AlipayClient/10.3',
  ])('are known: %s', agent => {
    expect(isInsideAnotherApp(agent)).toBe(true);
  });

  test.each([
    'Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/114.0 Mobile Safari/537.36',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 16_0) AppleWebKit/605 Version/16.0 Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (Linux; Android 10; HarmonyOS) AppleWebKit/537.36 HuaweiBrowser/13 Mobile Safari/537.36',
  ])('are not confused with real ones: %s', agent => {
    expect(isInsideAnotherApp(agent)).toBe(false);
  });

  test('are led out with the code, and with nothing else', () => {
    expect(wayOut(`#/enrol/${CODE}`)).toBe(`/n#${CODE}`);
    expect(wayOut('#/record/0192a4c0')).toBe('/n');
    expect(wayOut('')).toBe('/n');
  });
});
