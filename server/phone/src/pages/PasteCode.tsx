/** Entering an enrolment code: scanned by the camera, or pasted as a link. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { readCode } from '../enrolment.ts';
import { Button } from '../parts.tsx';
import { go, to } from '../route.ts';
import { t } from '../texts.ts';

/** A field for a link or a code that somebody copied, or reads from a slip. */
export function PasteCode(): JSX.Element {
  const text = useSignal('');
  const problem = useSignal('');
  const submit = (event: Event): void => {
    event.preventDefault();
    const found = readCode(text.value);
    if (found === null) problem.value = t('enrol_no_code');
    else if ('other_host' in found) problem.value = t('enrol_other_server', { host: found.other_host });
    else go('enrol', found.code);
  };
  return (
    <form class="form" onSubmit={submit}>
      <a class="button look-plain" href={to('scan')}>
        {t('enrol_scan')}
      </a>
      <label>
        <span>{t('enrol_paste')}</span>
        <input
          class="input"
          name="code"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          required
          value={text.value}
          onInput={event => (text.value = event.currentTarget.value)}
        />
      </label>
      {problem.value ? (
        <p class="q-error" role="alert">
          {problem.value}
        </p>
      ) : null}
      <Button type="submit">{t('enrol_go')}</Button>
    </form>
  );
}
