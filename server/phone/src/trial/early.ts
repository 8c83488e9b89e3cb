/** The first to run of a trial: asks for the form its page names while what shows it is still on its way. */
import { moduleAddress } from './address.ts';

export const address = moduleAddress(location.hash.slice(1));
if (address !== null) import(/* @vite-ignore */ address).catch(() => undefined);
