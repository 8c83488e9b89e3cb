/** Me: language, text size, colours, storage and device, the rescue file, signing out. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { install, installPrompt } from '../browser.ts';
import { Banner, Button, Cell, say, Screen, Section } from '../parts.tsx';
import { saveRescueFile } from '../rescue.ts';
import { askToStay, signOut } from '../session.ts';
import type { Language, Theme } from '../settings.ts';
import { isLarge, language, spoken, theme } from '../settings.ts';
import { SyncStrip } from '../sight.tsx';
import { deviceId, drafts, session, unsent } from '../state.ts';
import { roleNames, t } from '../texts.ts';
import { isOfflineReady } from '../update.ts';
import { CalendarFeed } from './CalendarFeed.tsx';
import { Leaves } from './Leaves.tsx';

declare const __APP_VERSION__: string;

const NEARLY_FULL = 0.7;
const MB = 1024 * 1024;

export function Me(): JSX.Element {
  const user = session.value?.user;
  return (
    <Screen title={t('me')}>
      <SyncStrip />
      <Section>
        <Cell
          title={user?.name ?? ''}
          note={`${user?.username ?? ''} · ${roleNames(user?.posts ?? [])}`}
          side={session.value?.town.name}
        />
      </Section>
      <Leaves />
      <Look />
      <CalendarFeed />
      <Device />
      <Rescue />
      <div class="buttons">
        <Button look="danger" onClick={() => void leave()}>
          {t('sign_out')}
        </Button>
      </div>
    </Screen>
  );
}

async function leave(): Promise<void> {
  if (await signOut()) return;
  say(t('sign_out_refused', { n: drafts.peek().length + unsent.peek().length }));
}

function Look(): JSX.Element {
  return (
    <Section>
      <Cell
        isWide
        title={t('language')}
        side={
          <Pick<Language>
            value={language.value}
            options={[
              ['zh', '中文'],
              ['en', 'English'],
            ]}
            onPick={value => {
              language.value = value;
              spoken.value = '';
            }}
          />
        }
      />
      <Cell
        isWide
        title={t('large_text')}
        side={
          <Pick<'no' | 'yes'>
            value={isLarge.value ? 'yes' : 'no'}
            options={[
              ['no', t('no')],
              ['yes', t('yes')],
            ]}
            onPick={value => (isLarge.value = value === 'yes')}
          />
        }
      />
      <Cell
        isWide
        title={t('theme')}
        side={
          <select
            class="input"
            aria-label={t('theme')}
            value={theme.value}
            onChange={event =>
              (theme.value = THEMES.find(name => name === event.currentTarget.value) ?? 'auto')
            }
          >
            <option value="auto">{t('theme_auto')}</option>
            <option value="light">{t('theme_light')}</option>
            <option value="dark">{t('theme_dark')}</option>
          </select>
        }
      />
    </Section>
  );
}

const THEMES: Theme[] = ['auto', 'light', 'dark'];

function Pick<T extends string>(props: {
  value: T;
  options: [T, string][];
  onPick: (value: T) => void;
}): JSX.Element {
  return (
    <span class="switch-row">
      {props.options.map(([value, text]) => (
        <button
          key={value}
          class="chip"
          type="button"
          aria-pressed={value === props.value}
          onClick={() => props.onPick(value)}
        >
          {text}
        </button>
      ))}
    </span>
  );
}

interface Storage {
  isKept: boolean;
  used: number;
  share: number;
}

async function measureStorage(): Promise<Storage> {
  const isKept = (await navigator.storage.persisted()) || (await askToStay());
  const { usage = 0, quota = 1 } = await navigator.storage.estimate();
  return { isKept, used: usage / MB, share: usage / quota };
}

function Device(): JSX.Element {
  const storage = useSignal<Storage | null>(null);
  const device = useSignal('');
  useEffect(() => {
    void measureStorage().then(
      found => (storage.value = found),
      () => undefined, // an old browser or plain http: nothing to tell
    );
    void deviceId().then(id => (device.value = id));
  }, []);
  const { isKept = false, used = 0, share = 0 } = storage.value ?? {};
  return (
    <>
      {share > NEARLY_FULL ? <Banner tone="wait">{t('storage_nearly_full')}</Banner> : null}
      <Section>
        {installPrompt.value ? (
          <Cell title={t('install')} note={t('install_hint')} onClick={() => void install()} />
        ) : null}
        <Cell title={t(isOfflineReady.value ? 'ready_offline' : 'not_ready_offline')} />
        <Cell
          title={t('storage')}
          note={t(isKept ? 'storage_kept' : 'storage_loose')}
          side={t('storage_used', { used: used.toFixed(1) })}
        />
        <Cell title={t('device')} side={device.value.slice(0, 13)} />
        <Cell title={t('version')} side={__APP_VERSION__} />
      </Section>
    </>
  );
}

function Rescue(): JSX.Element {
  return (
    <Section>
      <Cell title={t('rescue')} note={t('rescue_hint')} onClick={() => void saveRescueFile()} />
    </Section>
  );
}
