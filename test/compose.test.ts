import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../api/config.ts'

const PROJECT = resolve(import.meta.dirname, '..')
const read = (name: string) => readFileSync(join(PROJECT, name), 'utf8')

interface Service {
  image?: string
  command?: string[]
  environment: Record<string, string>
  volumes?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test: string[] }
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>
  volumes: Record<string, unknown>
}

/** As Compose puts values in, `VALUES` given. */
const VALUES: Record<string, string> = { SERVICE_PASSWORD: 'Abc123' }
const filled = (text: string) =>
  text.replace(/\$\{(\w+)(?::[-?]([^}]*))?\}/g, (_, name: string, other = '') => VALUES[name] ?? other)

describe('docker-compose.yml', () => {
  const { services } = compose
  const program = ['api', 'worker']

  it('gives the program a configuration that it takes, with the three services of the cluster', () => {
    for (const name of program) {
      const env = Object.fromEntries(
        Object.entries((services[name] as Service).environment).map(([key, value]) => [key, filled(value)]),
      )
      const config = readConfig(env)
      expect(new URL(config.databaseUrl).hostname).toBe('postgres')
      expect(new URL(config.redisUrl ?? '').hostname).toBe('redis')
      expect(new URL(config.elasticsearchUrl ?? '').hostname).toBe('elasticsearch')
      expect([config.publicUrl, config.smtpUrl]).toEqual([null, null])
      const known = read('api/config.ts')
      for (const key of Object.keys(env)) expect(known, key).toContain(`env.${key}`)
    }
  })

  it('starts what main.ts has, after what it needs has answered', () => {
    const main = read('api/main.ts')
    for (const name of program) {
      const service = services[name] as Service
      expect(main).toContain(`case '${service.command?.[0]}':`)
      for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(condition).toBe('service_healthy')
        expect(services[needed]?.healthcheck?.test.length, needed).toBeGreaterThan(1)
      }
    }
  })

  it('pins every image, and every volume that is named is one', () => {
    for (const [name, { image, volumes = [] }] of Object.entries(services)) {
      if (!program.includes(name)) expect(image).toMatch(/^[a-z]+:\d/)
      for (const volume of volumes.map(each => each.split(':')[0] as string))
        expect(volume.startsWith('./') ? existsSync(join(PROJECT, volume)) : volume in compose.volumes).toBe(
          true,
        )
    }
  })

  it('has no password of its own and does not start without one', () => {
    expect(read('docker-compose.yml')).not.toMatch(/password: *[a-z0-9]/i)
    expect(read('docker-compose.yml')).toContain('${SERVICE_PASSWORD:?')
  })
})
