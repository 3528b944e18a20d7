import { gunzipSync, gzipSync } from 'node:zlib'

/** Weights by feature key (32 bits), several columns each, one byte a weight. */
export interface SparseModel {
  /** Where a key's weights stand, -1 where the model does not know it. */
  slotOf(key: number): number
  /** slot x columns. */
  values: Int8Array
  /** What one step is worth in each column. */
  scales: readonly number[]
  constants: readonly number[]
  /** Number of slots. */
  size: number
}

interface Head {
  count: number
  columns: number
  scales: number[]
  constants: number[]
}

/** Keys in ascending order with their columns, as numbers that may be fractions. */
export interface SparseRows {
  keys: Uint32Array
  /** key x columns. */
  weights: Float64Array
  columns: number
  constants: readonly number[]
  /** One scale for all columns, where weights of several are added up before they are scaled. */
  oneScale?: boolean
}

/** Same rows, same bytes: no time of day in the header of gzip. */
export function writeSparse({ keys, weights, columns, constants, oneScale }: SparseRows): Uint8Array {
  const tops = new Float64Array(columns)
  weights.forEach((value, at) => {
    const column = oneScale ? 0 : at % columns
    tops[column] = Math.max(tops[column] as number, Math.abs(value))
  })
  const scales = [...tops].map(top => ((oneScale ? tops[0] : top) || 1) / 127)
  const head = JSON.stringify({
    count: keys.length,
    columns,
    scales,
    constants: constants.map(value => Number(value.toFixed(6))),
  } satisfies Head)
  const bytes = Int8Array.from(weights, (value, at) => Math.round(value / (scales[at % columns] as number)))
  // Column by column: alike numbers side by side pack better.
  const turned = new Int8Array(bytes.length)
  for (let at = 0; at < bytes.length; at++)
    turned[(at % columns) * keys.length + Math.floor(at / columns)] = bytes[at] as number
  const parts = [Buffer.from(`${head}\n`), Buffer.from(keys.buffer.slice(0)), Buffer.from(turned.buffer)]
  return gzipSync(Buffer.concat(parts), { level: 9 })
}

/** Keys and their weights as they stand in the file, key x columns. */
export function readSparseRows(packed: Uint8Array) {
  const plain = gunzipSync(packed)
  const line = plain.indexOf(10)
  const head = JSON.parse(plain.subarray(0, line).toString()) as Head
  const { count, columns } = head
  const body = plain.subarray(line + 1)
  const keys = new Uint32Array(body.buffer.slice(body.byteOffset, body.byteOffset + count * 4))
  const turned = new Int8Array(body.buffer, body.byteOffset + count * 4, count * columns)
  const values = new Int8Array(count * columns)
  for (let at = 0; at < count; at++)
    for (let column = 0; column < columns; column++)
      values[at * columns + column] = turned[column * count + at] as number
  return { ...head, keys, values }
}

export function readSparse(packed: Uint8Array): SparseModel {
  const { keys, values: rows, count, columns, scales, constants } = readSparseRows(packed)
  let size = 1 << 10
  while (size < count * 2) size *= 2
  const table = new Uint32Array(size)
  const used = new Uint8Array(size)
  // Most keys asked for are unknown: one bit says so without a walk through the table.
  const bits = new Uint32Array(1 << 16)
  const BIT = (1 << 21) - 1
  const values = new Int8Array(size * columns)
  const place = (key: number): number => {
    let slot = (key ^ (key >>> 15)) & (size - 1)
    while (used[slot] && table[slot] !== key) slot = (slot + 1) & (size - 1)
    return slot
  }
  for (let at = 0; at < count; at++) {
    const key = keys[at] as number
    const slot = place(key)
    used[slot] = 1
    table[slot] = key
    const bit = key & BIT
    bits[bit >>> 5] = (bits[bit >>> 5] as number) | (1 << (bit & 31))
    values.set(rows.subarray(at * columns, (at + 1) * columns), slot * columns)
  }
  return {
    values,
    scales,
    constants,
    size,
    slotOf(key) {
      const bit = key & BIT
      if (!((bits[bit >>> 5] as number) & (1 << (bit & 31)))) return -1
      const slot = place(key >>> 0)
      return used[slot] ? slot : -1
    },
  }
}
