/** Step zero: whoever came with the admin token makes themselves a user, and goes on as that. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, useMe } from '../../client/me.tsx';
import { signIn, waysQuery } from '../../client/session.ts';
import { useText } from '../../text/index.tsx';
import { Field, Step, StepForm } from './step.tsx';

export function Yourself() {
  const { firstRun: words } = useText();
  const queries = useQueryClient();
  const me = useMe();
  const admin = useMay('admin');
  const { data } = useQuery(waysQuery);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const enter = async () => {
    queries.setQueryData(['me'], await signIn({ name: name.trim(), password }));
    await queries.invalidateQueries({ queryKey: ['sign-in'] });
  };
  if (data === undefined) return null;
  const done = !data.first_run;
  return (
    <Step title={words.yourself} lead={words.yourselfLead} done={done}>
      {done ? (
        <div>{words.signedIn(me.display_name || me.name)}</div>
      ) : (
        admin && (
          <StepForm
            kind="users"
            body={{ name: name.trim(), password, role: 'admin' }}
            action={words.makeYourself}
            onMade={enter}
          >
            <Field label={words.yourName} path="name" autoComplete="username" value={name} onChange={setName} />
            <Field
              label={words.password}
              description={words.passwordHint}
              path="password"
              type="password"
              autoComplete="new-password"
              value={password}
              onChange={setPassword}
            />
          </StepForm>
        )
      )}
    </Step>
  );
}
