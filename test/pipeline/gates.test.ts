import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { layoutOf } from '../../pipeline/features.ts'
import {
  GATES,
  type GateModel,
  type Gates,
  gateOf,
  joinGates,
  loadGates,
  modelsOf,
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
  const [letter, post, action] = [0, 1, 2].map(at => ({
    // Small ones with a few large: what one byte a weight could lose.
    weights: Float32Array.from({ length: size }, () => (random() - 0.5) ** 5 * 8),
    bias: at - 0.3,
    threshold: 0.1 * at,
    slope: 3 + at,
  })) as [GateModel, GateModel, GateModel]
  return { letter: { topic: letter, action }, post: { topic: post, action } }
}

test('a model packed and read again scores as before', () => {
  const gates = someGates()
  const look = createLook(lexicon)
  // As a file is read: a window on a larger buffer.
  const again = readGates(gunzipSync(packGates(gates, lexicon)), lexicon)
  const joined = joinGates(again)
  const danger = '清凉新村八幢楼道飞线充电，电瓶车堵住消防通道，隐患太大没人管。'
  for (const [kind, text] of [
    ['letter', { title: '标题', text: danger.repeat(3) }],
    ['post', { title: '标题', text: danger }],
    ['post', { text: danger.repeat(3) }],
    ['post', { title: '', text: '新开的火锅店很火，排队两个小时' }],
  ] as const) {
    const { vector } = look(text)
    const read = scoresOf(joined, vector)
    expect(read.gates).toBe(again[kind])
    for (const gate of GATES) {
      const { weights, bias } = gates[kind][gate]
      let sum = bias
      for (let i = 0; i < vector.count; i++)
        sum += (weights[vector.index[i] as number] as number) * (vector.value[i] as number)
      expect(read[gate]).toBeCloseTo(sum, 1)
    }
  }
  expect(again.letter.action).toBe(again.post.action)
})

test('a model of another lexicon is refused with what to do', () => {
  const other = { ...lexicon, source: `${lexicon.source}\n` }
  expect(() => readGates(writeGates(someGates(), other), lexicon)).toThrow('npm run train')
})

test('the model in the repository belongs to the lexicon in the repository', () => {
  const gates = loadGates(lexicon)
  for (const { model } of modelsOf(gates)) {
    expect(gateOf(model, model.threshold)).toBeCloseTo(0.5, 9)
    expect(model.weights.some(weight => weight !== 0)).toBe(true)
  }
})
