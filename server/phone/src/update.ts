/** Registering the service worker, and moving to a new version only when the person says so. */
import { signal } from '@preact/signals';

export const isUpdateReady = signal(false);
export const isOfflineReady = signal(false);

let waiting: ServiceWorker | null = null;

export async function registerWorker(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  isOfflineReady.value = navigator.serviceWorker.controller !== null;
  try {
    const registration = await navigator.serviceWorker.register('/app/sw.js', { scope: '/app/' });
    watch(registration);
    await navigator.serviceWorker.ready;
    isOfflineReady.value = true;
  } catch {
    // Plain http from another machine, or a private window: the app works, but only with a network.
  }
}

function watch(registration: ServiceWorkerRegistration): void {
  const offer = (): void => {
    // The very first worker has nothing to replace.
    if (registration.waiting && navigator.serviceWorker.controller) {
      waiting = registration.waiting;
      isUpdateReady.value = true;
    }
  };
  offer();
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', offer);
  });
}

/** Let the waiting version take over and show it; drafts were saved answer by answer. */
export function applyUpdate(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting?.postMessage('take_over');
}
