/** What a host does to those who read it: refusals, silence, challenge pages, now and then, and what of it was seen. */
import type { Asked, Mishap, Mood, ReplicaSite } from '../replica/host.ts'
import { randomFrom } from '../replica/random.ts'

const STATUSES = [403, 418, 429, 432]
const CHALLENGES = [
  '<html><head><title>页面重载开启</title></head><body><script>setTimeout(function(){location.reload()},1000)</script>页面重载开启，请稍候</body></html>',
  '<html><head><script>function YunSuoAutoJump(){self.location="/?security_verify_data="+1920}</script></head><body onload="YunSuoAutoJump()"></body></html>',
  '<html><title>安全验证</title><body>当前环境异常，请完成人机验证</body></html>',
]
const RETRY_SECONDS = 3_600
const SILENCE_MS = 20_000
/** Requests, counted from the first, that are refused and that find silence whatever the dice say. */
const SURE = { stop: 25, silence: 12 }

export interface Stop {
  at: number
  url: string
  userAgent: string
  what: string
  /** Earliest time of the next request. */
  until: number
}

export interface Weather {
  stops: Stop[]
  silences: number
  calm(): void
}

/** `stops`, `silences`: shares of the requests that are refused, or never answered. */
export function stormOn(
  replica: ReplicaSite,
  options: { seed: number; stops: number; silences: number; pass(ms: number): Promise<void> },
): Weather {
  const random = randomFrom(options.seed)
  const weather: Weather = {
    stops: [],
    silences: 0,
    calm() {
      replica.host.mood = null
    },
  }
  // What comes after a refusal is a refusal again, one time in three: the ladder must climb.
  let grudge = false
  let number = 0
  function stop({ at, url, userAgent }: Asked): Mishap {
    const status = random.below(2) ? random.pick(STATUSES) : 200
    const asks = status === 429 && random.below(2) === 0
    const until = at + (asks ? RETRY_SECONDS * 1000 : 1_800_000)
    weather.stops.push({ at, url, userAgent, what: status === 200 ? 'challenge' : String(status), until })
    grudge = random.below(3) === 0
    return {
      status,
      body: status === 200 ? random.pick(CHALLENGES) : '<html><body>拒绝访问</body></html>',
      ...(asks && { headers: { 'retry-after': String(RETRY_SECONDS) } }),
    }
  }
  const mood: Mood = asked => {
    const chance = random.next()
    number++
    if (grudge || number === SURE.stop || chance < options.stops) return stop(asked)
    if (number !== SURE.silence && chance >= options.stops + options.silences) return null
    weather.silences++
    return { silence: options.pass(SILENCE_MS) }
  }
  replica.host.mood = mood
  return weather
}
