/** Texts of events and check-in. */
export const EVENTS = {
  events: ['活动', 'Events'],
} satisfies Record<string, [string, string]>;
