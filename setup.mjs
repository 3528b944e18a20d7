// Runs before start, demo, test, check and bench, on whatever Node starts npm (20 and later), without dependencies:
// installs packages when package-lock.json changed, builds the dashboard when its sources changed, and with
// --browser provides Chromium and a Chinese font, with --office LibreOffice and pdftotext (forms are read back), with
// --redis Redis, with --elasticsearch what starts a real Elasticsearch. Says in one line each what it does and how long
// it took.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(fileURLToPath(import.meta.url))
const inRoot = (...parts) => join(root, ...parts)
const isRoot = process.getuid?.() === 0
const isDebian = existsSync('/etc/debian_version')

const say = (text, startedAt) =>
  console.log(
    `[setup] ${text}${startedAt === undefined ? '' : ` (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`}`,
  )

function fail(text) {
  console.error(`[setup] ${text}`)
  process.exit(1)
}

const has = command => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0

/** Runs quietly; what it printed is shown only when it fails. */
function run(command, args, env = {}) {
  const done = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (done.status !== 0)
    console.error(`${done.stdout ?? ''}${done.stderr ?? ''}${done.error ?? ''}`.slice(-6000))
  return done.status === 0
}

const read = file => (existsSync(file) ? readFileSync(file, 'utf8') : '')

function hashOf(files) {
  const hash = createHash('sha256')
  for (const file of files)
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

function filesUnder(folder, skip) {
  return readdirSync(folder)
    .sort()
    .flatMap(name => {
      const path = join(folder, name)
      if (skip.includes(name)) return []
      return statSync(path).isDirectory() ? filesUnder(path, skip) : [path]
    })
}

/** Debian packages by apt as root; false where that is not possible here. */
function installDebian(packages) {
  if (!isRoot || !isDebian) return false
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' }
  const install = () =>
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet)
  return run('apt-get', ['update', '-qq'], quiet) && install()
}

function provideBuildTools() {
  const missing = [
    ['python3', 'python3'],
    ['make', 'make'],
    ['g++', 'g++'],
  ]
    .filter(([command]) => !has(command))
    .map(([, name]) => name)
  if (!missing.length) return
  const startedAt = performance.now()
  if (!installDebian(missing))
    fail(
      `nodejieba is compiled on this machine and needs: ${missing.join(', ')}. Run: sudo apt-get install -y ${missing.join(' ')}`,
    )
  say(`installed build tools: ${missing.join(', ')}`, startedAt)
}

function installPackages() {
  const stamp = inRoot('node_modules', '.setup.json')
  const wanted = hashOf([inRoot('package-lock.json')])
  if (read(stamp) === wanted && existsSync(inRoot('node_modules', '.bin', 'node'))) return
  provideBuildTools()
  const startedAt = performance.now()
  // nodejieba builds against the headers inside the Node that npm brings, so nothing else is fetched.
  const nodedir = inRoot('node_modules', `node-${process.platform}-${process.arch}`)
  if (
    !run(
      'npm',
      ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'],
      { npm_config_nodedir: nodedir },
    )
  )
    fail('npm ci failed, see above. Then run the same command again.')
  if (!existsSync(inRoot('node_modules', '.bin', 'node')))
    fail(
      `no Node 24 for ${process.platform}-${process.arch} came with npm; supported: linux-x64, linux-arm64.`,
    )
  writeFileSync(stamp, wanted)
  say('installed packages (package-lock.json is new or changed)', startedAt)
}

function buildDashboard() {
  const stamp = inRoot('dashboard', 'dist', '.stamp')
  const routes = readdirSync(inRoot('api'))
    .map(name => inRoot('api', name, 'routes.ts'))
    .filter(existsSync)
  const wanted = hashOf([
    ...filesUnder(inRoot('dashboard'), ['dist', 'node_modules']),
    inRoot('api', 'vocabulary.ts'),
    ...routes,
    inRoot('package-lock.json'),
  ])
  if (read(stamp) === wanted) return
  const startedAt = performance.now()
  if (
    !run(
      inRoot('node_modules', '.bin', 'node'),
      [inRoot('node_modules', 'vite', 'bin', 'vite.js'), 'build', 'dashboard', '--logLevel', 'warn'],
      { NODE_ENV: 'production' },
    )
  )
    fail('building the dashboard failed, see above.')
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
  say('built the dashboard (its sources are new or changed)', startedAt)
}

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const playwrightBrowser = () => {
  const asked = spawnSync(
    inRoot('node_modules', '.bin', 'node'),
    ['-e', "process.stdout.write(require('playwright').chromium.executablePath())"],
    { cwd: root, encoding: 'utf8' },
  )
  return asked.status === 0 && existsSync(asked.stdout)
}
const browserFound = () => Boolean(process.env.BROWSER_PATH) || BROWSERS.some(has) || playwrightBrowser()
const fontFound = () => {
  const asked = spawnSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' })
  return asked.status === 0 && asked.stdout.trim() !== ''
}

function provideBrowser() {
  const missing = [
    ...(browserFound() ? [] : ['chromium']),
    ...(fontFound() ? [] : ['fonts-noto-cjk', 'fontconfig']),
  ]
  if (!missing.length) return
  const startedAt = performance.now()
  if (installDebian(missing)) return say(`installed ${missing.join(', ')} (Debian)`, startedAt)
  if (!browserFound() && run(inRoot('node_modules', '.bin', 'playwright'), ['install', 'chromium']))
    say("installed playwright's Chromium", startedAt)
  if (!browserFound() || !fontFound())
    fail(
      `a browser and a Chinese font are needed here. Run: sudo apt-get install -y chromium fonts-noto-cjk fontconfig   (or set BROWSER_PATH to a Chromium)`,
    )
}

/** What is missing of `[command, Debian package]`, installed; `what` needs it. */
function provide(what, tools) {
  const missing = tools.filter(([command]) => !has(command)).map(([, name]) => name)
  if (!missing.length) return
  const startedAt = performance.now()
  if (!installDebian(missing))
    fail(`${what} needs ${missing.join(', ')}. Run: sudo apt-get install -y ${missing.join(' ')}`)
  say(`installed ${missing.join(', ')} (Debian)`, startedAt)
}

const OFFICE = [
  ['soffice', 'libreoffice-writer-nogui'],
  ['pdftotext', 'poppler-utils'],
]
const REDIS = [['redis-server', 'redis-server']]
const ELASTICSEARCH = [
  ['mvn', 'maven'],
  ['javac', 'openjdk-17-jdk-headless'],
  ['pip', 'python3-pip'],
]

installPackages()
buildDashboard()
if (process.argv.includes('--browser')) provideBrowser()
if (process.argv.includes('--office')) provide('reading printed forms back', OFFICE)
if (process.argv.includes('--redis')) provide('a test of the queue', REDIS)
if (process.argv.includes('--elasticsearch')) provide('a test of search', ELASTICSEARCH)
