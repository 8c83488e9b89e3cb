/** Getting ready while nothing else happens: the lists and modules that the next filling will want. */
import { store } from './db.ts';
import { loadModule } from './forms.ts';
import { currentPack } from './lists.ts';
import { indexOf } from './rows.ts';
import { currentForms } from './state.ts';
import { loadRare } from './widgets/rarely.ts';

const LARGEST_ROWS = 5000; // a longer list waits until a form names it

export async function warmLists(): Promise<void> {
  void loadRare().catch(() => undefined); // a form that needs it asks again and says so

  for (const { list, n_rows } of await (await store()).getAll('stamps')) {
    if (n_rows <= LARGEST_ROWS) await currentPack(list);
  }
  for (const form of currentForms.peek()) {
    const module = form.is_cached ? await loadModule(form.digest) : null;
    for (const { name, keys } of module?.lists ?? []) {
      for (const key of keys) indexOf(await currentPack(name), key);
    }
  }
}
