/** The end of a trial: what still stands in the way, or what the record would hold. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { EndProps } from '../pages/Errors.tsx';
import { Errors } from '../pages/Errors.tsx';
import { Button, Icon, Screen } from '../parts.tsx';
import { t } from '../texts/trial.ts';

export function TrialEnd(props: EndProps): JSX.Element {
  useEffect(() => scrollTo(0, 0), []);
  const { filling } = props.opened;
  const errors = filling.errors();
  if (errors.length > 0) return <Errors errors={errors} {...props} />;
  return (
    <Screen title={t('trial')}>
      <div class="finished">
        <span class="medal tone-good">
          <Icon name="check" />
        </span>
        <h2>{t('trial_ended')}</h2>
        <p>{filling.instanceName()}</p>
      </div>
      <p class="plain-note">{t('trial_hint')}</p>
      <details class="plain-note">
        <summary>{t('trial_answers')}</summary>
        <pre>{JSON.stringify(filling.serialise().answers, null, 2)}</pre>
      </details>
      <div class="buttons">
        <Button look="main" onClick={() => location.reload()}>
          {t('trial_again')}
        </Button>
        <Button onClick={props.onBack}>{t('look_again')}</Button>
      </div>
    </Screen>
  );
}
