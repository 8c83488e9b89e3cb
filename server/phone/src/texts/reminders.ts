/** Texts of reminders. */
export const REMINDERS = {
  reminders: ['提醒', 'Reminders'],
  feed: ['日历订阅', 'Calendar feed'],
  feed_help: [
    '在手机日历中查看自己的任务、走访和活动；地址请勿转发。',
    'See your tasks, contacts and events in the calendar; keep the address to yourself.',
  ],
  feed_make: ['生成地址', 'Make'],
  feed_end: ['停用', 'End'],
  feed_made: ['已生成，请复制地址', 'Made: copy the address'],
  feed_copied: ['地址已复制', 'The address is copied'],
  feed_ended: ['地址已停用', 'The address no longer works'],
  feed_offline: ['请联网后再试', 'Please try again with a network'],
  reminder_late: ['逾期', 'Overdue'],
  reminders_of: ['提醒（{n}）', 'Reminders ({n})'],
} satisfies Record<string, [string, string]>;
