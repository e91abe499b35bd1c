import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useMay } from '../client/me.tsx';
import type { Role } from '../client/types.ts';
import { useText } from '../text/index.tsx';
import { Back, type FormProps, type List, type Named, Sheet } from './object-frame.tsx';
import { PageHead } from './page-head.tsx';
import { Empty } from './states.tsx';

interface Props<T extends Named> {
  list: List;
  form: (props: FormProps<T>) => ReactNode;
  title: string;
  lead?: string;
  onSaved: (made: T) => void;
  /** Who may make one. */
  needs?: Role;
}

/** The page on which one is made. */
export function NewObjectPage<T extends Named>({ list, form, title, lead, onSaved, needs = 'editor' }: Props<T>) {
  const [, navigate] = useLocation();
  const { common, roles } = useText();
  const may = useMay(needs);
  if (!may) return <Empty icon="people" title={common.beyondRole(roles[needs])} />;
  return (
    <>
      <Back list={list} />
      <PageHead title={title} {...(lead === undefined ? {} : { lead })} />
      <Sheet>
        {form({
          original: null,
          onSaved,
          onCancel: () => navigate(list.href),
        })}
      </Sheet>
    </>
  );
}
