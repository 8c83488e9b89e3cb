/** Which browser this is, where that changes what a person has to do first. */
import { signal } from '@preact/signals';

/** Browsers inside other apps, whose storage those apps may clear; as in server/static/arrival.js. */
const INSIDE = /MicroMessenger|wxwork|DingTalk|AliApp/i;

export const isInsideAnotherApp = (agent = navigator.userAgent): boolean => INSIDE.test(agent);

/** The page that shows how to open the real browser; a code goes along in the fragment. */
export function wayOut(hash: string): string {
  const code = /^#\/enrol\/([0-9a-z]+)$/.exec(hash)?.[1];
  return code === undefined ? '/n' : `/n#${code}`;
}

/** On iOS a page and the app on the home screen have each a storage of their own, and only the app's lasts. */
export function mustInstallFirst(): boolean {
  const isApple = /iPhone|iPad|iPod/.test(navigator.userAgent) || isTouchMac();
  return isApple && !('standalone' in navigator && navigator.standalone === true);
}

/** Newer iPads call themselves a Mac. */
function isTouchMac(): boolean {
  return /Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1;
}

interface InstallPrompt extends Event {
  prompt: () => Promise<unknown>;
}

/** What the browser offers to install the app with, once it does. */
export const installPrompt = signal<InstallPrompt | null>(null);

export function watchInstalling(): void {
  addEventListener('beforeinstallprompt', event => {
    event.preventDefault();
    if ('prompt' in event) installPrompt.value = event as InstallPrompt;
  });
  addEventListener('appinstalled', () => (installPrompt.value = null));
}

export async function install(): Promise<void> {
  const offered = installPrompt.peek();
  installPrompt.value = null; // a prompt can be used once
  await offered?.prompt();
}
