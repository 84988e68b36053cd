/** A cyclic redundancy check of 32 bits, its polynomial's bits turned round. */
function crcOf(polynomial: number): (bytes: Uint8Array) => number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest & 1) === 1 ? (rest >>> 1) ^ polynomial : rest >>> 1;
    return rest;
  });
  return (bytes) => {
    let crc = 0xffffffff;
    for (const byte of bytes) crc = table[(crc ^ byte) & 0xff] ^ (crc >>> 8);
    return (crc ^ 0xffffffff) >>> 0;
  };
}

/** Of zip and PNG. @source ISO 3309 */
export const crc32 = crcOf(0xedb88320);

/** Castagnoli's. @source RFC 3720, section 12.1 */
export const crc32c = crcOf(0x82f63b78);
