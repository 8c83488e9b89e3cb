/** What a list's columns mean, learned from the forms that write them: a label, and words for codes. */
import type { FormModule } from './filling.ts';
import { loadModule } from './forms.ts';
import { pickLanguage } from './modules.ts';
import { firstLine } from './markup.ts';
import { currentForms } from './state.ts';

export interface Column {
  name: string;
  label: string;
  choices: Map<string, string>; // code -> words, empty where the answer is not a choice of the form's own
  list: string; // the external list the value is a row of, '' for none
}

/** Return the columns of a list in the order in which forms ask for them, the form that makes its rows first. */
export async function columnsOf(list: string, language: string): Promise<Column[]> {
  const known = new Map<string, Column>();
  const makers = currentForms.peek().filter(form => form.starts_from !== list);
  const changers = currentForms.peek().filter(form => form.starts_from === list);
  for (const form of [...makers, ...changers]) {
    const module = form.is_cached ? await loadModule(form.digest) : null;
    for (const column of module ? columnsIn(module, list, language) : []) {
      // A question with choices says more about the codes than a calculation that writes the same column.
      if (!known.get(column.name)?.choices.size) known.set(column.name, column);
    }
  }
  return [...known.values()];
}

function columnsIn(module: FormModule, list: string, wanted: string): Column[] {
  const language = pickLanguage(module.languages, wanted, module.default_language);
  const found: [number, Column][] = [];
  for (const entity of module.entities) {
    if (entity.list_name !== list) continue;
    for (const [name, id] of Object.entries(entity.save_to)) {
      const node = module.nodes[id];
      const label = plainText(node?.label?.[language]);
      if (node === undefined || label === '') continue;
      const choices = choicesOf(module, node.list ?? '', language);
      found.push([id, { name, label, choices, list: choices.size > 0 ? '' : (node.list ?? '') }]);
    }
  }
  return found.sort((a, b) => a[0] - b[0]).map(([, column]) => column);
}

function choicesOf(module: FormModule, list: string, language: string): Map<string, string> {
  return new Map(
    (module.choices[list] ?? []).map(row => [row.name, plainText(row.label[language]) || row.name]),
  );
}

/** A label that an answer decides can't be shown without a filling. */
const plainText = (text: unknown): string => (typeof text === 'string' ? firstLine(text) : '');
