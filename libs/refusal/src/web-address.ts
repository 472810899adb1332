/**
 * Whether an address that is given out as a link or a picture leads to the web: http or https, or relative to the page.
 * `javascript:` and `data:` would run in the page that shows it. Read as a browser reads it, which leaves out tabs and
 * line breaks.
 */
export function isLinkAddress(text: string): boolean {
  return isWeb(URL.parse(text, 'https://page.invalid'));
}

/** An address that leads to the web from everywhere. */
export function isWebAddress(text: string): boolean {
  return isWeb(URL.parse(text));
}

const isWeb = (url: URL | null): boolean => url?.protocol === 'http:' || url?.protocol === 'https:';
