/** Which language the page speaks: that of the browser, until somebody chooses. Only the chosen one is loaded. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import type { Text } from './en.ts';

export type { Text } from './en.ts';
export type Language = 'en' | 'zh-CN';

const languageKey = 'monitor-manager.language';
const loaders: Readonly<Record<Language, () => Promise<Text>>> = {
  en: async () => (await import('./en.ts')).en,
  'zh-CN': async () => (await import('./zh-cn.ts')).zhCN,
};

/** Languages by the names that their speakers give them. */
export const languages: readonly { value: Language; label: string }[] = [
  { value: 'zh-CN', label: '简体中文' },
  { value: 'en', label: 'English' },
];

function firstLanguage(): Language {
  const kept = localStorage.getItem(languageKey);
  if (kept === 'en' || kept === 'zh-CN') return kept;
  return navigator.languages
    .find((tag) => /^(zh|en)/i.test(tag))
    ?.toLowerCase()
    .startsWith('zh')
    ? 'zh-CN'
    : 'en';
}

interface Speech {
  text: Text;
  language: Language;
  speak: (language: Language) => void;
}

const SpeechContext = createContext<Speech | null>(null);

/** Loads the first language, so that nothing is shown in another one before. */
export async function firstText(): Promise<{ language: Language; text: Text }> {
  const language = firstLanguage();
  return { language, text: await loaders[language]() };
}

export function TextProvider({ first, children }: { first: { language: Language; text: Text }; children: ReactNode }) {
  const [spoken, setSpoken] = useState(first);
  const speech = useMemo<Speech>(
    () => ({
      ...spoken,
      speak: (language) => {
        localStorage.setItem(languageKey, language);
        void loaders[language]().then((text) => setSpoken({ language, text }));
      },
    }),
    [spoken],
  );
  useEffect(() => {
    document.documentElement.lang = spoken.language;
  }, [spoken.language]);
  return <SpeechContext.Provider value={speech}>{children}</SpeechContext.Provider>;
}

export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (speech === null) throw new Error('there is no TextProvider above');
  return speech;
}

/** The words of the page in the language that it speaks now. */
export function useText(): Text {
  return useSpeech().text;
}

/** A word for a key that the server may have before we do: then the key itself. */
export function wordFor(words: Readonly<Record<string, string>>, key: string): string {
  return Object.hasOwn(words, key) ? (words[key] ?? key) : key;
}
