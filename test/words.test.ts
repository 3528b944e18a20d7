import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const PROJECT = resolve(import.meta.dirname, '..')
const COMMENT = /\/\*[\s\S]*?\*\/|\/\/.*$/gm
/** Ids of our own ledger of the bureau's document; nobody who reads a message knows them. */
const LEDGER_ID = /[（、][OSIMEA]-\d+/g

it('no message carries an id of the requirements ledger', () => {
  const found = ['api', 'dashboard/src'].flatMap(folder =>
    readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
      // A switch names the rows that it belongs to in its own field.
      .filter(name => /\.tsx?$/.test(name) && name !== 'settings/rules.ts')
      .flatMap(name => {
        const text = readFileSync(join(PROJECT, folder, name), 'utf8').replace(COMMENT, '')
        return (text.match(LEDGER_ID) ?? []).map(id => `${folder}/${name} ${id}`)
      }),
  )
  expect(found).toEqual([])
})
