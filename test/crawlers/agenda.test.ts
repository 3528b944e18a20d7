import { describe, expect, it } from 'vitest'
import { Agenda, type Errand, type Urgency } from '../../crawlers/agenda.ts'

const HOST = 'bbs.example.cn'
const errand = (task: string, urgency: Urgency, at = 0, intervalMs = 60_000): Errand<string> => ({
  task,
  urgency,
  at,
  intervalMs,
})
const planned = (task: string, urgency: Urgency, at: number, intervalMs = 60_000) => ({
  ...errand(task, urgency, at, intervalMs),
  id: task,
  host: HOST,
})
const order = (agenda: Agenda<string>, now: number): string[] => {
  const taken: string[] = []
  for (let next = agenda.take(HOST, now); next; next = agenda.take(HOST, now)) taken.push(next.task)
  return taken
}

describe('what is read next', () => {
  it('what somebody waits for, the rest of a thread, threads with news, boards that are due, old pages', () => {
    const agenda = new Agenda<string>()
    agenda.plan([
      planned('board', 'turn', 900),
      planned('asked', 'asked', 950),
      planned('later', 'turn', 2_000),
    ])
    agenda.add(HOST, errand('old page', 'backfill', 0))
    agenda.add(HOST, errand('thread', 'news', 100))
    agenda.add(HOST, errand('page 2', 'more', 100))
    expect(order(agenda, 1_000)).toEqual(['asked', 'page 2', 'thread', 'board', 'old page'])
    expect(agenda.readyAt(HOST)).toBe(2_000)
  })

  it('of threads with news the one that moved last', () => {
    const agenda = new Agenda<string>()
    for (const at of [10, 30, 20]) agenda.add(HOST, errand(`at ${at}`, 'news', at))
    expect(order(agenda, 100)).toEqual(['at 30', 'at 20', 'at 10'])
  })

  it('of boards the one that is latest by its own measure', () => {
    const agenda = new Agenda<string>()
    agenda.plan([planned('quiet', 'turn', 0, 600_000), planned('busy', 'turn', 60_000, 30_000)])
    expect(order(agenda, 90_000)).toEqual(['busy', 'quiet'])
  })

  it('a board that is a whole turn late is looked at after three threads, even in a flood', () => {
    const agenda = new Agenda<string>()
    for (let i = 0; i < 8; i++) agenda.add(HOST, errand(`thread ${i}`, 'news', 1_000 - i))
    agenda.plan([planned('a', 'turn', 0), planned('b', 'turn', 0)])
    const taken = order(agenda, 70_000)
    expect(taken.indexOf('a')).toBe(3)
    expect(taken.indexOf('b')).toBe(7)
  })

  it('a new look at the plan replaces the old one and leaves alone what was found', () => {
    const agenda = new Agenda<string>()
    agenda.add(HOST, errand('thread', 'news'))
    agenda.plan([planned('old', 'turn', 0)])
    agenda.plan([planned('new', 'turn', 0)])
    expect(order(agenda, 10)).toEqual(['thread', 'new'])
    agenda.add(HOST, errand('found', 'news'))
    agenda.plan([planned('waiting', 'turn', 0)])
    expect(agenda.drop(HOST)).toEqual(['found', 'waiting'])
    expect(agenda.hosts()).toEqual([])
  })
})
