import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useText } from '../text/index.tsx';
import { Empty } from './states.tsx';

/** Catches errors of the page below. Code that cannot be loaded any more means that the service has been updated. */
export class Stumble extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    return this.state.error === null ? this.props.children : <Stumbled error={this.state.error} />;
  }
}

function Stumbled({ error }: { error: unknown }) {
  const { common } = useText();
  const updated = error instanceof TypeError && /import|module|fetch/i.test(error.message);
  return (
    <Empty icon="warning" title={updated ? common.newVersion : common.broken}>
      <p>{updated ? common.newVersionHint : common.brokenHint}</p>
      <Button size="xs" onClick={() => window.location.reload()}>
        {common.reload}
      </Button>
    </Empty>
  );
}
