/** Texts of reminders. */
export const REMINDERS = {
  reminders: ['提醒', 'Reminders'],
  reminders_of: ['提醒（{n}）', 'Reminders ({n})'],
} satisfies Record<string, [string, string]>;
