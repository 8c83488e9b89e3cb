/** Texts of trying a form out. */
import { speaker } from '../speaking.ts';
import { FILLING } from './filling.ts';

const TRIAL = {
  ...FILLING,
  trial: ['试填', 'Trial'],
  trial_ended: ['试填完成', 'The trial is complete'],
  trial_hint: [
    '所有检查都已通过。这是试填：什么也没有保存，也不会发送。',
    'Every check passes. This was a trial: nothing was saved and nothing will be sent.',
  ],
  trial_again: ['再填一次', 'Once more'],
  trial_answers: ['记录内容', 'What the record would hold'],
  trial_missing: [
    '打不开这张表：它可能已改版，或需要重新登录。请回到发布页再打开一次。',
    'This form cannot be opened: it may have changed, or you need to sign in again. Please open it from the publishing page once more.',
  ],
  trial_sample: ['示例{n}', 'Sample {n}'],
} satisfies Record<string, [string, string]>;

export const t = speaker(TRIAL);
