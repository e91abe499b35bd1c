/** The HTML of a mail, for a frame of the page. Pure. */

/**
 * The page's content security policy holds in the frame too, and forbids style attributes: they become rules of one
 * style sheet. The mail is ours, with every text of others escaped, so an attribute is where it looks like one.
 */
export function withoutInlineStyles(html: string, nonce: string): string {
  const styles: string[] = [];
  const marked = html.replace(/ style="([^"]*)"/g, (_, style: string) => {
    const known = styles.indexOf(style);
    return ` data-style="${known >= 0 ? known : styles.push(style) - 1}"`;
  });
  const rules = styles.map((style, i) => `[data-style="${i}"]{${plain(style)}}`).join('\n');
  return (
    marked
      .replaceAll('<style>', `<style nonce="${nonce}">`)
      // A link that is followed within the frame would take its place.
      .replace('</head>', () => `<base target="_blank"><style nonce="${nonce}">${rules}</style></head>`)
  );
}

function plain(attribute: string): string {
  return attribute.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}
