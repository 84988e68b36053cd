/* Text and numbers for SVG that is written by hand. */

export const round = (value: number): number => Math.round(value * 100) / 100;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Text for SVG; control characters, which XML forbids, become a replacement character. */
export const escapeXml = (text: string): string => printable(text).replace(/[&<>"]/g, (found) => entities[found]);

export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '\ufffd');
