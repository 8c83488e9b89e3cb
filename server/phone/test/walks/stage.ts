/** Sets the stage for walks outside a browser: a document for the oracle, a clock that stands still, no chance. */
import { JSDOM } from 'jsdom';

/** The oracle reads the clock and the dice by itself: both engines get the same ones. */
export function setStage(now: string): void {
  const { window } = new JSDOM('', { url: 'http://localhost/' });
  for (const name of Object.getOwnPropertyNames(window)) {
    if (!(name in globalThis)) Reflect.set(globalThis, name, Reflect.get(window, name));
  }
  Reflect.set(globalThis, 'document', window.document);
  stopClock(Date.parse(now));
  Math.random = () => 0.5;
}

function stopClock(at: number): void {
  const RealDate = Date;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given: [] | ConstructorParameters<typeof Date>): Date =>
      given.length ? new target(...given) : new target(at),
    get: (target, name): unknown => (name === 'now' ? () => at : Reflect.get(target, name)),
  });
}
