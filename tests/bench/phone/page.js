// Runs in the app's page before anything of the app: times what a person does, and finds what to answer next.
(() => {
  const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
  const twoFrames = async () => {
    await frame();
    await frame();
    return performance.now();
  };
  const isVisible = element => element.getClientRects().length > 0;
  const find = selector => [...document.querySelectorAll(selector)].find(isVisible);
  const QUIET_MS = 700;

  let longEnd = 0;
  new PerformanceObserver(list => {
    for (const task of list.getEntries()) longEnd = Math.max(longEnd, task.startTime + task.duration);
  }).observe({ type: 'longtask', buffered: true });

  const bench = (window.bench = { from: 0 });

  /** From the event's capture to the second frame after it; `bench.settled` resolves with that. */
  bench.arm = type => {
    bench.settled = new Promise(resolve => {
      const listen = async () => {
        bench.from = performance.now();
        resolve((await twoFrames()) - bench.from);
      };
      addEventListener(type, listen, { capture: true, once: true });
    });
  };

  /** The second frame after something is there. Looking at every frame whether it is would cost what is measured. */
  bench.seen = async selector => {
    await new Promise(resolve => {
      const look = () => {
        if (!document.querySelector(selector)) return;
        watch.disconnect();
        resolve();
      };
      const watch = new MutationObserver(look);
      watch.observe(document, { childList: true, subtree: true });
      look();
    });
    return twoFrames();
  };

  /** Begin to wait for what the next tap brings: seen, and the end of the last long task before the page is quiet. */
  bench.expect = selector => {
    bench.expected = interactive(selector);
  };
  async function interactive(selector) {
    const seen = await bench.seen(selector);
    for (;;) {
      await new Promise(resolve => setTimeout(resolve, 100));
      const quiet = Math.max(seen, longEnd);
      if (performance.now() - quiet > QUIET_MS) return quiet - bench.from;
    }
  }

  /** Where to tap: the middle of an element, brought into sight. */
  bench.place = async element => {
    element.scrollIntoView({ block: 'center', behavior: 'instant' });
    await twoFrames();
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x: x + Math.min(width / 2, 60), y: y + height / 2 };
  };
  bench.placeOf = async selector => {
    const element = find(selector);
    return element ? bench.place(element) : null;
  };

  const done = new Set();

  /** The next question on the page that was not answered yet, and how to answer it; null when there is none. */
  bench.next = async () => {
    for (const box of document.querySelectorAll('.q')) {
      if (done.has(box.id) || !isVisible(box)) continue;
      done.add(box.id);
      const found = answerable(box);
      if (found) return { id: box.id, kind: found.kind, ...(await bench.place(found.target)) };
    }
    return null;
  };

  function answerable(box) {
    const choice = [...box.querySelectorAll('input[type=radio]')].find(input => !input.checked);
    if (choice) return { kind: 'choice', target: choice.closest('label') };
    const tick = box.querySelector('input[type=checkbox]');
    if (tick) return { kind: 'tick', target: tick.closest('label') };
    const pick = box.querySelector('button.pick');
    if (pick) return { kind: 'pick', target: pick };
    const field = box.querySelector('input.input, textarea.input');
    return field ? { kind: kindOf(field), target: field } : null;
  }

  function kindOf(field) {
    if (field.type === 'text' && ['numeric', 'decimal'].includes(field.inputMode)) return field.inputMode;
    return field.type === 'textarea' ? 'text' : field.type;
  }

  /** What tells one page of the form from another. */
  bench.pageId = () =>
    [...document.querySelectorAll('.page-title, .q, .section')].map(element => element.id || element.innerText).join();

  /** Whether the page becomes another one soon; leaving an instance goes through the history, which takes a while. */
  bench.isTurned = async before => {
    for (let left = 30; left > 0; left -= 1) {
      if (bench.pageId() !== before) return true;
      await frame();
    }
    return false;
  };

  /** Whether the page lists instances and none was entered yet. */
  bench.isNewRepeat = () => {
    const repeat = find('.section:has(button.cell)');
    if (!repeat || done.has(repeat.id)) return false;
    return Boolean(done.add(repeat.id));
  };

  /** A picker's answer, as the phone's own picker sets it. */
  bench.setDate = async (id, value) => {
    const field = document.querySelector(`#${CSS.escape(id)} input`);
    const from = performance.now();
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
    return (await twoFrames()) - from;
  };
})();
