/* Fields of protocol-buffer messages, as far as writing them goes: each function gives a field's bytes. */

/** A message: its fields, one behind the other. */
export const message = (...fields: readonly Uint8Array[]): Uint8Array => Buffer.concat(fields);

/** A whole number that is not negative, up to 2⁵³. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.of(...bytes, rest);
}

const tag = (field: number, wireType: 0 | 1 | 2 | 5): Uint8Array => varint(field * 8 + wireType);

/** int32, int64, uint32, uint64, enum. */
export const wholeField = (field: number, value: number): Uint8Array => message(tag(field, 0), varint(value));

export function doubleField(field: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return message(tag(field, 1), bytes);
}

export function floatField(field: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return message(tag(field, 5), bytes);
}

/** bytes, string, or a message. */
export function bytesField(field: number, value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  return message(tag(field, 2), varint(bytes.length), bytes);
}

/** A packed repeated double. */
export function doublesField(field: number, values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => {
    bytes.writeDoubleLE(value, 8 * i);
  });
  return bytesField(field, bytes);
}
