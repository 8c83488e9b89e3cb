import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { base64, digestOf, newId } from '../src/digest.ts';
import { asFileRef } from '../src/fileref.ts';
import { pickLanguage, titleOf } from '../src/modules.ts';
import { backOff } from '../src/schedule.ts';
import { townTime } from '../src/days.ts';
import { dueText } from '../src/texts.ts';
import { asSyncAnswer, isReceiptFor } from '../src/wire.ts';
import { localIso } from '../src/widgets/iso.ts';

describe('ids and digests', () => {
  test('an id is a UUID of version 7 and sorts by time', () => {
    expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(newId(1_000_000) < newId(2_000_000)).toBe(true);
  });

  test('a digest is SHA-256 over UTF-8, in hex', async () => {
    expect(await digestOf('领雁')).toBe(createHash('sha256').update('领雁').digest('hex'));
  });

  test('base64 agrees with Node’s for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100_000 }), bytes => {
        expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      }),
      { numRuns: 20 },
    );
  });
});

describe('the town’s clock', () => {
  test('an event’s time is the town’s, whatever zone the phone is set to', () => {
    expect(townTime('2016-12-08T16:30:00.000Z')).toContain('12月9日 00:30');
    expect(townTime('2016-12-09T08:30:00+08:00')).toContain('12月9日 08:30');
  });
});

describe('back-off', () => {
  test('grows, never beyond ten minutes, and is spread out', () => {
    for (let n = 1; n < 20; n++) {
      const [least, most] = [backOff(n, 0, () => 0), backOff(n, 0, () => 1)];
      expect(least).toBeGreaterThanOrEqual(5_000);
      expect(most).toBeLessThanOrEqual(600_000);
      expect(most).toBe(least * 2);
    }
  });

  test('waits at least as long as the server asks', () => {
    expect(backOff(1, 120, () => 0)).toBe(120_000);
  });
});

describe('the wire', () => {
  test.each([null, [], 'text', {}, { epoch: 'e' }, { epoch: 'e', cursor: 1, outcomes: {} }])(
    'takes %j for no answer',
    value => {
      expect(asSyncAnswer(value)).toBeNull();
    },
  );

  test('a receipt counts for its own record and digest only', () => {
    const receipt = {
      instance_id: 'a',
      digest: 'd',
      epoch: '',
      seq: 1,
      received_at: '',
      chain: '',
      signature: '',
      files_missing: [],
    };
    expect(isReceiptFor(receipt, 'a', 'd')).toBe(true);
    expect(isReceiptFor(receipt, 'b', 'd')).toBe(false);
    expect(isReceiptFor(receipt, 'a', 'e')).toBe(false);
    expect(isReceiptFor(undefined, 'a', 'd')).toBe(false);
  });
});

describe('languages of a form', () => {
  test('are found by code, with or without a name', () => {
    expect(pickLanguage(['zh', 'en'], 'en', 'zh')).toBe('en');
    expect(pickLanguage(['中文 (zh)', 'English (en)'], 'zh', '')).toBe('中文 (zh)');
    expect(pickLanguage(['default'], 'en', 'default')).toBe('default');
    expect(pickLanguage(['Kiswahili (sw)', 'English'], 'en', 'Kiswahili (sw)')).toBe('English');
    expect(pickLanguage(['Enets', 'Chinese'], 'zh', '')).toBe('Chinese');
    expect(pickLanguage(['Chinese', 'Enets'], 'en', '')).toBe('Chinese');
  });

  test('a title falls back to what there is', () => {
    expect(titleOf({ default: '走访' }, 'en')).toBe('走访');
    expect(titleOf({}, 'en')).toBe('');
  });
});

test('an instant is written with the phone’s own offset', () => {
  expect(localIso(new Date('2026-11-24T02:03:04Z'))).toBe('2026-11-24T10:03:04.000+08:00');
  expect(localIso(new Date(NaN))).toBe('');
});

test.each(['', 'x', '{}', '[]', '1'])('%j names no file', text => {
  expect(asFileRef(text)).toBeNull();
});

describe('the day a correction is due', () => {
  afterEach(() => void vi.useRealTimers());

  test.each([
    ['2016-10-18T23:59:00+08:00', '10月18日前改好'],
    ['2016-10-19T00:00:00+08:00', '已逾期（10月18日）'],
  ])('at %s reads %s', (moment, text) => {
    vi.useFakeTimers({ now: new Date(moment) });
    expect(dueText('2016-10-18')).toBe(text);
  });
});
