import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const petrol: MantineColorsTuple = [
  '#eaf6fa',
  '#d5eaf1',
  '#a9d4e3',
  '#7abdd5',
  '#55aac9',
  '#3d9ec2',
  '#2f98bf',
  '#2184a8',
  '#1f6f8b',
  '#125c75',
];

/** Dense and quiet: the alerts are what should stand out. */
export const theme = createTheme({
  colors: { petrol },
  primaryColor: 'petrol',
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  respectReducedMotion: true,
  cursorType: 'pointer',
  defaultRadius: 'sm',
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono CJK SC", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: { sizes: { h1: { fontSize: '1.25rem' }, h2: { fontSize: '1rem' }, h3: { fontSize: '0.875rem' } } },
});

/** The library's own quiet greys, and its red of what is wrong in a field, have too little contrast on our paper. */
export const readable: CSSVariablesResolver = () => {
  const ink = {
    '--mantine-color-dimmed': 'var(--mm-quiet)',
    '--mantine-color-placeholder': 'var(--mm-quiet)',
    '--mantine-color-error': 'var(--mm-fresh)',
  };
  return { variables: {}, light: ink, dark: ink };
};
