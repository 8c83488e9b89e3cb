/** What the entities of a form write, for showing a row made on this phone before the server knows it. */
import type { EntityDef } from './form.ts';
import type { Instance } from './scopes.ts';
import type { EntityWrite } from './types.ts';

export function entitiesOf(root: Instance): EntityWrite[] {
  return root.world.form.module.entities.flatMap(entity =>
    root
      .below(entity.container)
      .filter(at => at.isRelevant(entity.container))
      .flatMap(at => write(entity, at) ?? []),
  );
}

function write(entity: EntityDef, at: Instance): EntityWrite | null {
  const entity_id = entity.entity_id?.(at) ?? '';
  const kind = kindOf(entity, at, entity_id);
  if (!kind) return null;
  const texts = Object.entries(entity.save_to).map(
    ([property, node]) => [property, at.textOf(node)] as const,
  );
  const data = Object.fromEntries(texts.filter(([, text]) => text !== ''));
  const path = at.prefix().slice(0, -1);
  return { list_name: entity.list_name, entity_id, kind, label: entity.label?.(at) ?? '', data, path };
}

/** A declaration that may do both updates the row when it is there. */
function kindOf(entity: EntityDef, at: Instance, entity_id: string): EntityWrite['kind'] | null {
  const isUpdate = entity.update_if?.(at) ?? false;
  const isCreate = entity.create_if?.(at) ?? false;
  if (isUpdate && isCreate)
    return at.rowsOf(entity.list_name, [['name', entity_id]], []).length ? 'update' : 'create';
  return isUpdate ? 'update' : isCreate ? 'create' : null;
}
