/** Which store on the phone this window reads and writes. */

export const DATABASE = 'lingyan';

let name = DATABASE;

export const storeName = (): string => name;

/** From now on use a store of this name: a trial's photos must not lie among real records. */
export function keepApart(other: string): void {
  name = other;
}
