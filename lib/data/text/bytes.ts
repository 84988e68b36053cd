/*
 * Texts as bytes: UTF-8, in which a lone half of a surrogate pair, which JavaScript's texts may hold and UTF-8 may not, is
 * three bytes like any other code point of its size, so that every text comes back. Source: Sapin 2018, "The WTF-8 encoding".
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export function bytesOfText(text: string): Uint8Array {
  if (!/\p{Surrogate}/u.test(text)) return encoder.encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (code >= 0xd800 && code <= 0xdfff)
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(...encoder.encode(character));
  }
  return Uint8Array.from(bytes);
}

/** Bytes that are no text give U+FFFD. */
export function textOfBytes(bytes: Uint8Array): string {
  let text = '';
  let begin = 0;
  for (let at = bytes.indexOf(0xed); at >= 0; at = bytes.indexOf(0xed, at + 1)) {
    const [, second, third] = bytes.subarray(at, at + 3);
    if (!(second >= 0xa0 && second <= 0xbf && third >= 0x80 && third <= 0xbf)) continue;
    text +=
      decoder.decode(bytes.subarray(begin, at)) + String.fromCharCode(0xd000 | ((second & 63) << 6) | (third & 63));
    begin = at + 3;
  }
  return text + decoder.decode(bytes.subarray(begin));
}
