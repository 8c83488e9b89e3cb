/** Sign in: the first time with a network; afterwards only to get a new token. */
import type { Signal } from '@preact/signals';
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Banner, Button, Section } from '../parts.tsx';
import { PasteCode } from './PasteCode.tsx';
import { refusalOf } from '../refusal.ts';
import { replace } from '../route.ts';
import { syncAndPlan } from '../schedule.ts';
import { signIn } from '../session.ts';
import { language } from '../settings.ts';
import { session, wipe } from '../state.ts';
import { t } from '../texts.ts';

export function SignIn(): JSX.Element {
  const username = useSignal(session.peek()?.user.username ?? '');
  const password = useSignal('');
  const isBusy = useSignal(false);
  const problem = useSignal('');
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    isBusy.value = true;
    problem.value = '';
    const answer = await signIn(username.value.trim(), password.value);
    isBusy.value = false;
    if (!answer.ok) return void (problem.value = refusalOf(answer, 'sign_in_needs_network'));
    replace('today');
    void syncAndPlan();
  };
  return (
    <div>
      <div class="hero">
        <img src="/app/icon.svg" alt="" />
        <h1>{t('app_name')}</h1>
        <p>{t('tagline')}</p>
      </div>
      {wipe.value ? <Banner tone="info">{t('wipe_done')}</Banner> : null}
      <form class="form" onSubmit={event => void submit(event)}>
        <Fields username={username} password={password} />
        {problem.value ? (
          <p class="q-error" role="alert">
            {problem.value}
          </p>
        ) : null}
        <Button look="main" type="submit" disabled={isBusy.value}>
          {t(isBusy.value ? 'signing_in' : 'sign_in')}
        </Button>
        <button
          class="small-link"
          type="button"
          onClick={() => (language.value = language.value === 'zh' ? 'en' : 'zh')}
        >
          {language.value === 'zh' ? 'English' : '中文'}
        </button>
      </form>
      <Section title={t('enrol_with_slip')}>
        <PasteCode />
      </Section>
    </div>
  );
}

function Fields({ username, password }: { username: Signal<string>; password: Signal<string> }): JSX.Element {
  const isVisible = useSignal(false);
  return (
    <>
      <label>
        <span>{t('username')}</span>
        <input
          class="input"
          name="username"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          value={username.value}
          onInput={event => (username.value = event.currentTarget.value)}
        />
      </label>
      <label>
        <span>{t('password')}</span>
        <input
          class="input"
          name="password"
          {...(isVisible.value ? { type: 'text' as const } : { type: 'password' as const })}
          autocomplete="current-password"
          required
          value={password.value}
          onInput={event => (password.value = event.currentTarget.value)}
        />
      </label>
      <label class="choice">
        <input
          type="checkbox"
          checked={isVisible.value}
          onChange={event => (isVisible.value = event.currentTarget.checked)}
        />
        <span>{t('show_password')}</span>
      </label>
    </>
  );
}
