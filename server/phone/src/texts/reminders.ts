/** Texts of reminders. */
export const REMINDERS = {
  reminders: ['提醒', 'Reminders'],
} satisfies Record<string, [string, string]>;
