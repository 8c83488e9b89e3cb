/** Texts of pairings and tasks. */
export const PAIRINGS = {
  tasks: ['任务', 'Tasks'],
} satisfies Record<string, [string, string]>;
