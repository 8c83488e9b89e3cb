/** Trying a form out: the module that phones get, filled by the same pages; nothing is kept and nothing is sent. */
import { render } from 'preact';
import { Open } from '../pages/Open.tsx';
import { Banner, Toast } from '../parts.tsx';
import { language, showSettings } from '../settings.ts';
import { keepApart } from '../storename.ts';
import '../style.css';
import '../widgets/widgets.css';
import { t } from '../texts/trial.ts';
import { address } from './early.ts';
import { TrialEnd } from './End.tsx';
import { KEEPS_NOTHING, openTrial } from './trial.ts';

const STORE = 'lingyan-trial';

performance.mark('lib'); // These marks tell the bench what a start is spent on.

async function main(): Promise<void> {
  const place = document.getElementById('app');
  if (place === null) return;
  const asked = new URLSearchParams(location.search).get('lang');
  if (asked === 'zh' || asked === 'en') language.value = asked;
  showSettings();
  keepApart(STORE);
  const opened = await openTrial(address);
  if (opened === null) {
    render(<Banner tone="bad">{t('trial_missing')}</Banner>, place);
    return;
  }
  performance.mark('filled');
  render(
    <div class="app">
      <Open opened={opened} keeper={KEEPS_NOTHING} isStored End={TrialEnd} />
      <Toast />
    </div>,
    place,
  );
  performance.mark('drawn');
  indexedDB.deleteDatabase(STORE); // What an earlier trial kept of photos.
}

void main();
