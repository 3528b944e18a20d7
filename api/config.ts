import { resolve } from 'node:path'

/** The only file that reads the environment. Every problem is reported at once, in Chinese. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  /** File path of SQLite in the data folder, or postgres://… */
  readonly databaseUrl: string
  /** redis://… for the queue of several processes; null = a table in the database. */
  readonly redisUrl: string | null
  /** https://user:password@host:9200 for search; null = a file in the data folder. Never printed. */
  readonly elasticsearchUrl: string | null
  /** Folder of organisation.yaml, sources.yaml, rules.yaml … */
  readonly configDir: string
  /** Base of links in notices; null = http://host:port. */
  readonly publicUrl: string | null
  readonly browserPath: string | null
  /** LibreOffice, for PDF of forms; null = looked for where systems put it. */
  readonly officePath: string | null
  /** smtp://user:password@host:port; null = no mail. Never printed. */
  readonly smtpUrl: string | null
  readonly mailFrom: string | null
  readonly userAgent: string
  /** `host:port` on private addresses that people may add as sources; all others are refused. */
  readonly privateHosts: ReadonlySet<string>
  readonly logLevel: string
}

export class ConfigError extends Error {}

const PROJECT = resolve(import.meta.dirname, '..')

const isAddress = (text: string, protocols: readonly string[]): boolean =>
  protocols.includes(URL.parse(text)?.protocol ?? '') && URL.parse(text)?.hostname !== ''

/** @throws ConfigError naming every wrong variable. */
export function readConfig(variables: Record<string, string | undefined>): Config {
  // Compose and systemd files give what is not set as an empty text.
  const env = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const problems: string[] = []
  const port = Number(env.PORT ?? 8080)
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    problems.push(`PORT 应为 0 到 65535 的整数，现为「${env.PORT}」。`)
  const dataDir = resolve(env.DATA_DIR ?? resolve(PROJECT, 'data'))
  const databaseUrl = env.DATABASE_URL ?? resolve(dataDir, 'yuqing.sqlite')
  // A single letter before the colon is a drive of Windows, no scheme.
  if (
    /^[a-z][a-z0-9+.-]+:/i.test(databaseUrl) &&
    !/^postgres(ql)?:\/\//.test(databaseUrl) &&
    databaseUrl !== ':memory:'
  )
    problems.push('DATABASE_URL 应为文件路径，或形如 postgres://用户:密码@服务器:5432/库名。')
  const logLevel = env.LOG_LEVEL ?? 'info'
  if (!['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].includes(logLevel))
    problems.push(`LOG_LEVEL 不认识「${logLevel}」。`)
  if (env.REDIS_URL && !isAddress(env.REDIS_URL, ['redis:', 'rediss:']))
    problems.push('REDIS_URL 应形如 redis://用户:密码@服务器:6379/0（加密连接用 rediss://）。')
  if (env.ELASTICSEARCH_URL && !isAddress(env.ELASTICSEARCH_URL, ['http:', 'https:']))
    problems.push('ELASTICSEARCH_URL 应形如 https://用户:密码@服务器:9200。')
  if (env.PUBLIC_URL && !URL.canParse(env.PUBLIC_URL))
    problems.push(`PUBLIC_URL 不是网址：「${env.PUBLIC_URL}」。`)
  if (env.SMTP_URL && !/^smtps?:\/\//.test(env.SMTP_URL))
    problems.push('SMTP_URL 应形如 smtp://用户:密码@服务器:端口。')
  if (env.SMTP_URL && !env.MAIL_FROM?.includes('@'))
    problems.push('设置了 SMTP_URL，还须用 MAIL_FROM 写明发件人地址。')
  if (problems.length) throw new ConfigError(problems.join('\n'))
  return Object.freeze({
    host: env.HOST ?? '127.0.0.1',
    port,
    dataDir,
    databaseUrl,
    redisUrl: env.REDIS_URL ?? null,
    elasticsearchUrl: env.ELASTICSEARCH_URL ?? null,
    configDir: resolve(env.CONFIG_DIR ?? resolve(PROJECT, 'config')),
    publicUrl: env.PUBLIC_URL ?? null,
    browserPath: env.BROWSER_PATH ?? null,
    officePath: env.OFFICE_PATH ?? null,
    smtpUrl: env.SMTP_URL ?? null,
    mailFrom: env.MAIL_FROM ?? null,
    userAgent:
      env.USER_AGENT ??
      'changzhou-yuqing/0.1 (Changzhou emergency management bureau; contact: see sources.yaml)',
    privateHosts: new Set((env.PRIVATE_HOSTS ?? '').split(/[\s,]+/).filter(Boolean)),
    logLevel,
  })
}
