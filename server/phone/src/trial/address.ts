/** Where a trial's form is, told by the fragment of its page. */

/** The address of a form's module: a published version or a test by digest, an upload by token, a draft by form id. */
export function moduleAddress(fragment: string): string | null {
  const [, kind, key = ''] = /^(?:(staged|draft)\/)?([\w.:-]+)$/.exec(fragment) ?? [];
  if (/^\.+$/.test(key)) return null;
  if (kind === 'staged') return `/desk/uploads/forms/${key}/module.js`;
  if (kind === 'draft') return `/desk/forms/${key}/draft/module.js`;
  return /^[0-9a-f]{64}$/.test(key) ? `/forms/${key}.js` : null;
}
