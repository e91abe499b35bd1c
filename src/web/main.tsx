import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './theme.css';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { firstText } from './text/index.tsx';

/** The content security policy lets in only the style elements that carry it. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
setNonce(nonce);

const root = document.getElementById('root');
if (root === null) throw new Error('the document has no place for the page');
const first = await firstText();
createRoot(root).render(
  <StrictMode>
    <App first={first} nonce={nonce} />
  </StrictMode>,
);
