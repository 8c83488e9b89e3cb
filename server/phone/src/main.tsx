/** The phone app: which page is shown, and what runs while it is open. */
import { computed } from '@preact/signals';
import type { JSX } from 'preact';
import { render } from 'preact';
import { takeUp } from './aside.ts';
import { isInsideAnotherApp, watchInstalling, wayOut } from './browser.ts';
import { tidy } from './housekeeping.ts';
import { submissionOf } from './outbox.ts';
import { Banner, TabBar, Toast } from './parts.tsx';
import { Fill } from './pages/Fill.tsx';
import { Find } from './pages/Find.tsx';
import { Me } from './pages/Me.tsx';
import { Outbox } from './pages/Outbox.tsx';
import { Record } from './pages/Record.tsx';
import { RowPage } from './pages/RowPage.tsx';
import { ScanPage } from './pages/ScanPage.tsx';
import { SignIn } from './pages/SignIn.tsx';
import { Today } from './pages/Today.tsx';
import { needsPerson } from './recordstate.ts';
import { route, startRouting } from './route.ts';
import { startSchedule } from './schedule.ts';
import { applySettings } from './settings.ts';
import { isReady, records, session, start, unsent, wipe } from './state.ts';
import './style.css';
import './widgets/widgets.css';
import { t } from './texts.ts';
import { registerWorker } from './update.ts';
import { warmLists } from './warm.ts';
import { lazily } from './widgets/Lazy.tsx';
import { atStake, confirmWipe } from './wipe.ts';

// Pages that are seldom opened: their code comes when they are, from this phone's cache.
const Enrol = lazily<{ code: string }>(() => import('./pages/Enrol.tsx').then(page => page.Enrol));
const EventPage = lazily<{ eventId: string }>(() =>
  import('./pages/EventPage.tsx').then(page => page.EventPage),
);
const Wipe = lazily(() => import('./pages/Wipe.tsx').then(page => page.Wipe));

const badges = computed(() => ({
  outbox:
    unsent.value.length + records.value.filter(record => needsPerson(record, submissionOf(record))).length,
}));

function App(): JSX.Element | null {
  if (!isReady.value) return null;
  const { page, args } = route.value;
  const [first = '', second = ''] = args;
  if (page === 'enrol') return <Enrol key={first} code={first} />;
  if (session.value === null && page === 'scan') return <ScanPage />;
  if (session.value === null || page === 'sign-in') return <SignIn />;
  // The key makes another draft another page, not the same page with other contents.
  if (page === 'fill') return <Fill key={first} instanceId={first} formId="" subject="" />;
  if (page === 'new')
    return <Fill key={`${first} ${second}`} instanceId="" formId={first} subject={second} />;
  if (wipe.value?.state === 'asked' && atStake.value.length > 0) return <Wipe />;
  return (
    <>
      <TabPage page={page} args={args} />
      <TabBar badges={badges.value} />
    </>
  );
}

function TabPage({ page, args: [first = '', second = ''] }: { page: string; args: string[] }): JSX.Element {
  if (page === 'find' && second !== '')
    return <RowPage key={`${first} ${second}`} list={first} name={second} />;
  if (page === 'find') return <Find list={first} />;
  if (page === 'scan') return <ScanPage />;
  if (page === 'event') return <EventPage key={first} eventId={first} />;
  if (page === 'outbox') return <Outbox />;
  if (page === 'record') return <Record key={first} instanceId={first} />;
  return page === 'me' ? <Me /> : <Today />;
}

function Root(): JSX.Element {
  return (
    <div class="app">
      <App />
      <Toast />
    </div>
  );
}

async function main(): Promise<void> {
  const place = document.getElementById('app');
  if (place === null) return;
  // Before anything is stored: what those browsers keep may be gone tomorrow.
  if (isInsideAnotherApp()) {
    location.replace(wayOut(location.hash));
    return;
  }
  watchInstalling();
  applySettings();
  startRouting();
  try {
    await takeUp();
    await start();
  } catch {
    render(<Banner tone="bad">{t('store_closed')}</Banner>, place);
    return;
  }
  render(<Root />, place);
  void registerWorker();
  startSchedule();
  void confirmWipe();
  whenIdle(() => void tidy().then(warmLists));
}

function whenIdle(work: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(work, { timeout: 5000 });
  else setTimeout(work, 1000);
}

void main();
