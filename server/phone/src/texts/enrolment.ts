/** Texts of enrolling a phone and scanning. */
export const ENROLMENT = {
  scan: ['扫码', 'Scan'],
} satisfies Record<string, [string, string]>;
