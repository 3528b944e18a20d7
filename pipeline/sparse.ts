import { gunzipSync, gzipSync } from 'node:zlib'

/** Which keys are known. */
export interface Keys {
  /** False for most that are not known, after one look at a small table. */
  mayKnow(key: number): boolean
  /** -1 where the key is not known. */
  slotOf(key: number): number
}

/** Weights by feature key (32 bits), several columns each, one byte a weight. */
export interface SparseModel extends Keys {
  /** Of a slot those from values[slot] on, column by column. */
  values: Int8Array
  /** A number for whoever reads, beside each slot's weights: marks[(slot >> 2) + markAt]; always over 0. */
  marks: Int32Array
  markAt: number
  /** What one step is worth in each column. */
  scales: readonly number[]
  constants: readonly number[]
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

/** Slots for each key: walks grow longer, but what is walked through lies close by. */
const FILLED = 1.25
/** Most keys asked for are unknown: a bit says so without a walk through the table. */
const BITS = 1 << 21

/** Key, weights and mark of a slot stand side by side, so that each is fetched but once. */
export function readSparse(packed: Uint8Array): SparseModel {
  const { keys, values: rows, count, columns, scales, constants } = readSparseRows(packed)
  let size = 1 << 10
  while (size < count * FILLED) size *= 2
  const markAt = Math.ceil(columns / 4)
  const width = 2 + markAt
  const table = new Int32Array(size * width)
  const values = new Int8Array(table.buffer)
  const bits = new Int32Array(BITS >>> 5)
  const mayKnow = (key: number): boolean =>
    ((bits[(key & (BITS - 1)) >>> 5] as number) & (1 << (key & 31))) !== 0
  const place = (key: number): number => {
    let at = ((key ^ (key >>> 15)) & (size - 1)) * width
    while (table[at + 1 + markAt] !== 0 && table[at] !== key) {
      at += width
      if (at === table.length) at = 0
    }
    return at
  }
  for (let row = 0; row < count; row++) {
    const key = (keys[row] as number) | 0
    const at = place(key)
    table[at] = key
    table[at + 1 + markAt] = 1
    const word = (key & (BITS - 1)) >>> 5
    bits[word] = (bits[word] as number) | (1 << (key & 31))
    values.set(rows.subarray(row * columns, (row + 1) * columns), (at + 1) * 4)
  }
  return {
    values,
    marks: table,
    markAt,
    scales,
    constants,
    mayKnow,
    slotOf(key) {
      const at = place(key | 0)
      return table[at + 1 + markAt] === 0 ? -1 : (at + 1) * 4
    },
  }
}
