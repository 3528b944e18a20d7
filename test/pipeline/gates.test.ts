import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { layoutOf } from '../../pipeline/features.ts'
import {
  GATES,
  type Gates,
  gateOf,
  joinGates,
  loadGates,
  packGates,
  readGates,
  scoresOf,
  writeGates,
} from '../../pipeline/gates.ts'
import { readLexicon } from '../../pipeline/lexicon.ts'
import { BUCKETS } from '../../pipeline/pieces.ts'
import { createLook } from '../../pipeline/scan.ts'
import { randomFrom } from '../../pipeline/train/random.ts'

const lexicon = readLexicon()

function someGates(): Gates {
  const random = randomFrom(3)
  const size = layoutOf(lexicon).named + BUCKETS
  return Object.fromEntries(
    GATES.map((gate, at) => [
      gate,
      {
        // Small ones with a few large: what one byte a weight could lose.
        weights: Float32Array.from({ length: size }, () => (random() - 0.5) ** 5 * 8),
        bias: at - 0.3,
        threshold: 0.1 * at,
        slope: 3 + at,
      },
    ]),
  ) as Gates
}

test('a model packed and read again scores as before', () => {
  const gates = someGates()
  const look = createLook(lexicon)
  // As a file is read: a window on a larger buffer.
  const again = readGates(gunzipSync(packGates(gates, lexicon)), lexicon)
  for (const text of [
    '清凉新村八幢楼道飞线充电，电瓶车堵住消防通道，隐患太大没人管。',
    '新开的火锅店很火，排队两个小时',
  ]) {
    const { vector } = look({ title: '标题', text })
    const read = scoresOf(joinGates(again), vector)
    for (const gate of GATES) {
      const { weights, bias } = gates[gate]
      let sum = bias
      for (let i = 0; i < vector.count; i++)
        sum += (weights[vector.index[i] as number] as number) * (vector.value[i] as number)
      expect(read[gate]).toBeCloseTo(sum, 1)
    }
  }
})

test('a model of another lexicon is refused with what to do', () => {
  const other = { ...lexicon, source: `${lexicon.source}\n` }
  expect(() => readGates(writeGates(someGates(), other), lexicon)).toThrow('npm run train')
})

test('the model in the repository belongs to the lexicon in the repository', () => {
  const gates = loadGates(lexicon)
  for (const gate of GATES) {
    expect(gateOf(gates[gate], gates[gate].threshold)).toBeCloseTo(0.5, 9)
    expect(gates[gate].weights.some(weight => weight !== 0)).toBe(true)
  }
})
