/** A filling that lives in memory alone, with made-up rows for lists that only the town's server has. */
import { newId } from '../digest.ts';
import { openFilling } from '../filling.ts';
import type { FormMedia } from '../formmedia.ts';
import type { FormModule, ListUse, Media } from '../filling/form.ts';
import { blankDraft } from '../draft.ts';
import type { Keeper } from '../keeper.ts';
import { importModule, languageOf } from '../modules.ts';
import type { OpenFilling } from '../open.ts';
import { ListRows } from '../rows.ts';
import { t } from '../texts/trial.ts';

export const KEEPS_NOTHING: Keeper = {
  turned: () => undefined,
  changed: () => undefined,
  parting: () => undefined,
  leave: () => Promise.resolve(),
};

const N_SAMPLES = 3;

/** Open what lies at that address; null when there is no such form, or not for whoever looks. */
export async function openTrial(address: string | null): Promise<OpenFilling | null> {
  const module = address === null ? null : await importModule(address);
  if (module === null || address === null) return null;
  performance.mark('form');
  return fillInMemory(module, hasMedia(module) ? await mediaBeside(address) : new Map<string, string>());
}

function hasMedia(module: FormModule): boolean {
  const isShown = ({ media }: { media?: Media }): boolean => media !== undefined;
  return module.nodes.some(isShown) || Object.values(module.choices).some(rows => rows.some(isShown));
}

/** Where the form's pictures and sounds are: told beside its module; a trial goes on without them. */
async function mediaBeside(address: string): Promise<FormMedia> {
  try {
    const answer = await fetch(address.replace(/\.js$/, '.media.json'));
    return answer.ok ? new Map(Object.entries((await answer.json()) as Record<string, string>)) : new Map();
  } catch {
    return new Map();
  }
}

export function fillInMemory(module: FormModule, media: FormMedia = new Map()): OpenFilling {
  const { form_id, version, title } = module;
  const lists = sampleLists(module);
  const draft = blankDraft({ form_id, version, title, digest: '' });
  const filling = openFilling(module, {
    lists,
    language: languageOf(module),
    meta: { instance_id: newId(), username: 'trial', deviceid: 'trial', now: () => new Date() },
  });
  return { draft, returned: undefined, filling, lists, media };
}

/** A few rows for each list the form reads and does not bring along. */
export function sampleLists(module: FormModule): ListRows {
  const lists = new ListRows();
  const wanted = module.lists.filter(list => !(list.name in module.choices));
  const names = new Set(wanted.map(list => list.name));
  for (const list of wanted) {
    const columns = [...new Set(['name', 'label', ...list.columns, ...list.keys])];
    const rows = columns.map(column => [column, sampleColumn(list, column, names)] as const);
    lists.add({ list: list.name, stamp: 0, n_rows: N_SAMPLES, columns: Object.fromEntries(rows) }, columns);
  }
  return lists;
}

/** A column named after another list holds that list's first row, so that families have members. */
function sampleColumn(list: ListUse, column: string, lists: ReadonlySet<string>): string[] {
  return Array.from({ length: N_SAMPLES }, (_, at) => {
    if (column === 'name') return `${list.name}-${at + 1}`;
    if (column === 'label') return t('trial_sample', { n: at + 1 });
    return lists.has(column) ? `${column}-1` : '';
  });
}
