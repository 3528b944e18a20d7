/** Hashed character pieces: so many buckets (a power of two). */
export const BUCKETS = 1 << 18

const DIGIT = 0x30
/** What a unit counts as: a Chinese character itself, any digit 0; 0 = neither, which parts the pieces. */
const readAs = (code: number): number =>
  code >= 0x3400 && code <= 0x9fff ? code : code >= DIGIT && code <= DIGIT + 9 ? DIGIT : 0

const mix = (value: number): number => {
  let mixed = Math.imul(value ^ (value >>> 15), 0x85eb_ca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
/** Mixed into the pieces of a title: they are others than those of the text. */
const TITLE = 0x5bd1
/** One to three characters end at each place. */
const MOST = 3

/**
 * The character pieces of a text and the buckets that they fall into. Buckets are counted in a table of the size of the
 * text: one of all buckets would be fetched from afar, place by place.
 */
export class Pieces {
  /** Buckets, each once in the order of first sight, and how often each came. */
  size = 0
  bucket = new Int32Array(1024)
  often = new Int32Array(1024)
  /** Every piece in the order of the text: which of the buckets, where it ends, how long it is. */
  count = 0
  which = new Int32Array(1024)
  end = new Int32Array(1024)
  length = new Uint8Array(1024)
  /** Table slot of each bucket; number of a bucket + 1 in each slot, 0 = free. */
  #slot = new Int32Array(1024)
  #table = new Int32Array(4096)
  #mask = 0

  /** Those of text[0..to), in place of the last text's. */
  read(text: string, to: number, inTitle: boolean): void {
    this.#empty(to * MOST)
    const { bucket, often, which, end, length } = this
    const [table, slots, mask] = [this.#table, this.#slot, this.#mask]
    const title = inTitle ? TITLE : 0
    let [size, count] = [0, 0]
    let [a, b] = [0, 0]
    for (let at = 0; at < to; at++) {
      const c = readAs(text.charCodeAt(at))
      if (!c) {
        a = 0
        b = 0
        continue
      }
      // Of one character, of two, of three: each is the one before with a character more ahead of it.
      let sum = Math.imul(c, 0x27d4_eb2f) ^ title
      const longest = a ? 3 : b ? 2 : 1
      for (let characters = 1; characters <= longest; characters++) {
        if (characters === 2) sum ^= Math.imul(b, 0x7feb_352d)
        else if (characters === 3) sum ^= Math.imul(a, 0x9e37_79b1)
        const own = mix(sum ^ (characters << 3)) & (BUCKETS - 1)
        let slot = own & mask
        let number = table[slot] as number
        while (number && bucket[number - 1] !== own) {
          slot = (slot + 1) & mask
          number = table[slot] as number
        }
        if (number) often[number - 1] = (often[number - 1] as number) + 1
        else {
          bucket[size] = own
          often[size] = 1
          slots[size] = slot
          number = ++size
          table[slot] = number
        }
        which[count] = number - 1
        end[count] = at + 1
        length[count++] = characters
      }
      a = b
      b = c
    }
    this.size = size
    this.count = count
  }

  /** Number of a bucket, -1 where no piece fell into it. */
  find(bucket: number): number {
    let slot = bucket & this.#mask
    for (let number = this.#table[slot] as number; number; number = this.#table[slot] as number) {
      if (this.bucket[number - 1] === bucket) return number - 1
      slot = (slot + 1) & this.#mask
    }
    return -1
  }

  #empty(most: number): void {
    for (let number = 0; number < this.size; number++) this.#table[this.#slot[number] as number] = 0
    this.size = 0
    this.count = 0
    if (this.bucket.length < most) {
      for (const list of ['bucket', 'often', 'which', 'end'] as const) this[list] = new Int32Array(most * 2)
      this.length = new Uint8Array(most * 2)
      this.#slot = new Int32Array(most * 2)
    }
    let wanted = 1024
    while (wanted < most * 2) wanted *= 2
    if (this.#table.length < wanted) this.#table = new Int32Array(wanted)
    this.#mask = wanted - 1
  }
}
