import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useMay } from '../client/me.tsx';
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
}

/** The page on which one is made. */
export function NewObjectPage<T extends Named>({ list, form, title, lead, onSaved }: Props<T>) {
  const [, navigate] = useLocation();
  const { common, roles } = useText();
  const editor = useMay('editor');
  if (!editor) return <Empty icon="people" title={common.beyondRole(roles.editor)} />;
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
