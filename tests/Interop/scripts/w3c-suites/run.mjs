// Runs W3C's published test suites by their own runner (mocha) against the running issuer and verifier with the VC API, and counts.
//
//   node scripts/w3c-suites/run.mjs FOLDER [--program FILE] [--work DIR] [--suite NAME…] [--failures] [--log FILE]
//
// FOLDER holds a checkout of each suite, by the name of its repository: vc-data-model-2.0-test-suite, vc-di-eddsa-test-suite, vc-di-ecdsa-test-suite,
// vc-bitstring-status-list-test-suite, vc-jose-cose-test-suite; and what they are built on: vc-test-suite-implementations,
// data-integrity-test-suite-assertion, vc-di-ecdsa (test vectors). A suite that is not there is left out. Nothing of them is committed here.
// --program   the command line program (default: src/Cli's release build)
// --work DIR  where the suites are copied to and installed, kept for the next run (default: a temporary folder)
// --failures  also prints the title and the error of each test that fails
// --log FILE  adds every request that a service refused, with its answer
//
// The suites send their requests to https only, and one fetches status lists: so each service stands behind a TLS proxy of this script on the
// loopback, whose certificate openssl makes. The API keys go as a header that the suites' own client sends (`headers` of an endpoint).
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
const [folder, ...given] = process.argv.slice(2)
if (!folder || folder.startsWith('--')) {
  console.error('usage: node scripts/w3c-suites/run.mjs FOLDER [--program FILE] [--work DIR] [--suite NAME…] [--failures] [--log FILE]')
  process.exit(2)
}
const all = (name) => given.flatMap((word, i) => word === name ? [given[i + 1]] : [])
const program = path.resolve(all('--program')[0] ?? path.join(here, '../../../../src/Cli/bin/Release/net10.0/Credentials.Cli'))
const isKept = all('--work').length > 0
const work = isKept ? path.resolve(all('--work')[0]) : mkdtempSync(path.join(tmpdir(), 'w3c-suites-'))
const name = 'Credentials'

// The keys that the suites sign with: what they made is to be accepted, so their did:keys are trusted.
const suiteKeys = {
  'vc-data-model-2.0': ['did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj'],
  'vc-di-eddsa': ['did:key:z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b'],
  'vc-di-ecdsa': ['did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP', 'did:key:z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ'],
}

// Their vectors name issuers that are no keys; these are pinned for them.
const pinned = ['https://vc.example/issuers/5678', 'https://vc.example/windsurf/racecommittee'].flatMap((issuer) => suiteKeys['vc-di-ecdsa'].map((key) => `${issuer} ${key}`))

// What each suite is told of us: endpoints with the tags that its tests ask for.
const suites = {
  'vc-data-model-2.0': (at) => ({
    issuers: [at.issuer('ecdsa-rdfc-2019', ['vc2.0']), at.issuer('vc+jwt', ['EnvelopingProof'])],
    verifiers: [at.verifier(['vc2.0']), at.verifier(['EnvelopingProof'])],
    vpVerifiers: [at.vpVerifier(['vc2.0'])],
  }),
  'vc-di-eddsa': (at) => ({
    issuers: [at.webIssuer('eddsa-rdfc-2022', ['eddsa-rdfc-2022']), at.webIssuer('eddsa-jcs-2022', ['eddsa-jcs-2022'])],
    verifiers: [at.verifier(['eddsa-rdfc-2022']), at.verifier(['eddsa-jcs-2022'])],
  }),
  'vc-di-ecdsa': (at) => {
    const issuing = { supportedEcdsaKeyTypes: ['P-256'], supports: { vc: ['2.0'] } }
    const verifying = { supportedEcdsaKeyTypes: ['P-256', 'P-384'], supports: { vc: ['1.1', '2.0'] } }
    const tags = ['ecdsa-rdfc-2019', 'ecdsa-jcs-2019', 'ecdsa-sd-2023']
    return {
      issuers: tags.map((suite) => ({ ...at.issuer(suite, [suite]), ...issuing })),
      verifiers: tags.map((suite) => ({ ...at.verifier([suite]), ...verifying, ...(suite === 'ecdsa-sd-2023' ? { supportedEcdsaKeyTypes: ['P-256'] } : {}) })),
      vcHolders: [{ ...at.holder(['vcHolder']), supports: { vc: ['2.0'] } }],
    }
  },
  'vc-bitstring-status-list': (at) => ({
    issuers: [at.issuer('ecdsa-rdfc-2019', ['BitstringStatusList'])],
    verifiers: [at.verifier(['BitstringStatusList'])],
    vpVerifiers: [at.vpVerifier(['BitstringStatusList'])],
  }),
  'vc-jose-cose': () => ({
    'jose-cose': { features: Object.fromEntries(['jose', 'cose', 'sdjwt'].flatMap((form) => [[`credential_${form}`, true], [`presentation_${form}`, true]])) },
  }),
}

const chosen = (all('--suite').length ? all('--suite') : Object.keys(suites)).filter((suite) => existsSync(path.join(folder, `${suite}-test-suite`)))
const started = []
try {
  const results = await run()
  console.log('\n| suite | commit | passed | failed | skipped |\n|---|---|--:|--:|--:|')
  for (const { suite, commit, passes, failures, pending } of results) console.log(`| ${suite}-test-suite | ${commit} | ${passes} | ${failures} | ${pending} |`)
} finally {
  for (const stop of started.reverse()) await stop()
  if (!isKept) rmSync(work, { recursive: true, force: true })
}

async function run () {
  for (const suite of chosen) install(suite)
  const certificate = makeCertificate()
  const at = await startServices(certificate)
  const results = []
  for (const suite of chosen) results.push(await runSuite(suite, at))
  return results
}

/** Copies a suite, with what it is built on beside it, and installs its packages; those from GitHub come from the folder. */
function install (suite) {
  const copy = path.join(work, `${suite}-test-suite`)
  if (existsSync(path.join(copy, 'node_modules'))) return
  const skipped = new Set(['.git', 'node_modules'])
  const bring = (repository) => {
    const to = path.join(work, repository)
    if (!existsSync(to)) cpSync(path.join(folder, repository), to, { recursive: true, filter: (file) => !skipped.has(path.basename(file)) })
    return to
  }
  bring(`${suite}-test-suite`)
  rmSync(path.join(copy, 'package-lock.json'), { force: true })
  const manifest = JSON.parse(readFileSync(path.join(copy, 'package.json')))
  for (const [dependency, version] of Object.entries(manifest.dependencies)) {
    const github = /^github:[^/]+\/(.+)$/.exec(version)
    if (github) manifest.dependencies[dependency] = `file:${bring(github[1])}`
  }
  // One suite lists its runner among the tools for developers, the others' tools are not needed.
  manifest.dependencies.mocha ??= manifest.devDependencies.mocha
  delete manifest.devDependencies
  writeFileSync(path.join(copy, 'package.json'), JSON.stringify(manifest, null, 2))
  execFileSync('npm', ['install', '--ignore-scripts', '--install-links', '--no-audit', '--no-fund', '--silent'], { cwd: copy, stdio: ['ignore', 'ignore', 'inherit'] })
  if (suite === 'vc-di-ecdsa') {
    mkdirSync(path.join(copy, 'tests/input'), { recursive: true })
    symlinkSync(path.resolve(folder, 'vc-di-ecdsa'), path.join(copy, 'tests/input/vc-di-ecdsa'))
  }
}

function makeCertificate () {
  const [key, certificate] = [path.join(work, 'tls-key.pem'), path.join(work, 'tls.pem')]
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1',
    '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate], { stdio: 'ignore' })
  return { key: readFileSync(key), cert: readFileSync(certificate), file: certificate }
}

/** Two issuers, one whose host is an address (so it is a did:key) and one whose host has a name (did:web), and a verifier that trusts both and the suites. */
async function startServices (certificate) {
  const data = mkdtempSync(path.join(tmpdir(), 'w3c-services-'))
  started.push(async () => rmSync(data, { recursive: true, force: true }))
  const front = await proxy(certificate)
  const issuer = await serve('issuer', ['--data', path.join(data, 'issuer'), '--public-url', front.url], certificate)
  front.to(issuer.port)
  const webPort = await freePort()
  const web = await serve('issuer', ['--data', path.join(data, 'web'), '--public-url', `http://localhost:${webPort}`], certificate, webPort)
  const webFront = await proxy(certificate)
  webFront.to(web.port)
  const trust = path.join(data, 'suites.txt')
  writeFileSync(trust, [...Object.values(suiteKeys).flat(), ...pinned].join('\n') + '\n')
  const verifierFront = await proxy(certificate)
  const verifier = await serve('verifier', ['--data', path.join(data, 'verifier'), '--trust', issuer.trust, '--trust', web.trust, '--trust', trust, '--data-model-1.1', '--requests-per-minute', '100000'], certificate)
  verifierFront.to(verifier.port)
  await issueAndVerify([issuer, web], verifier)
  const endpoint = (url, service, tags, more) => ({ endpoint: url, tags, headers: { Authorization: `Bearer ${service.api_key}`, 'Content-Type': 'application/json', Accept: 'application/json' }, ...more })
  const issue = (base, service) => (cryptosuite, tags) => endpoint(`${base.url}/vc-api/credentials/issue?cryptosuite=${encodeURIComponent(cryptosuite)}`, service, tags, { id: service.did })
  return {
    issuer: issue(front, issuer),
    webIssuer: issue(webFront, web),
    holder: (tags) => endpoint(`${front.url}/vc-api/credentials/derive`, issuer, tags, { id: issuer.did }),
    verifier: (tags) => endpoint(`${verifierFront.url}/vc-api/credentials/verify`, verifier, tags, { id: 'verifier' }),
    vpVerifier: (tags) => endpoint(`${verifierFront.url}/vc-api/presentations/verify`, verifier, tags, { id: 'verifier' }),
  }
}

/** A credential of each issuer goes to the verifier: so that all of them are seen to work, and have compiled their code. The suites' client waits ten seconds and no more. */
async function issueAndVerify (issuers, verifier) {
  const post = async (service, what, body) => {
    const response = await fetch(`http://127.0.0.1:${service.port}/vc-api/credentials/${what}`, {
      method: 'POST', headers: { authorization: `Bearer ${service.api_key}`, 'content-type': 'application/json' }, body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${what}: ${response.status} ${await response.text()}`)
    return response.json()
  }
  const credential = { '@context': ['https://www.w3.org/ns/credentials/v2'], type: ['VerifiableCredential'], credentialSubject: { id: 'did:example:subject' } }
  for (const issuer of issuers) {
    const { verifiableCredential } = await post(issuer, 'issue', { credential: { ...credential, issuer: issuer.did } })
    await post(verifier, 'verify', { verifiableCredential })
  }
}

async function serve (kind, options, certificate, port) {
  port ??= await freePort()
  const child = spawn(program, [kind, 'serve', '--port', String(port), '--vc-api', '--json', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, CREDENTIALS_ALLOW_LOOPBACK_HTTP: '1', SSL_CERT_FILE: certificate.file },
  })
  // The code that it ended with, or why it could not be started.
  const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve))
  started.push(async () => { child.kill('SIGTERM'); await ended })
  const lines = createInterface({ input: child.stdout })
  const ready = await Promise.race([new Promise((resolve) => lines.once('line', (line) => resolve(JSON.parse(line)))), ended.then((code) => { throw new Error(`the ${kind} ended: ${code}`) })])
  // The last line of the file that others must trust is the issuer's identifier.
  const did = kind === 'issuer' ? readFileSync(ready.trust, 'utf8').trim().split('\n').at(-1) : undefined
  return { ...ready, port, did }
}

/** A TLS front on the loopback. */
async function proxy (certificate) {
  let target
  const server = https.createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
    relay(request, response, target).catch(() => response.destroy())
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  started.push(async () => { server.closeAllConnections(); server.close() })
  return { url: `https://127.0.0.1:${server.address().port}`, to: (port) => { target = port } }
}

/** Passes a request on. One suite writes into the options of an endpoint, so the cryptosuite does not stand there but in the query, and goes into the body here. */
async function relay (request, response, port) {
  const url = new URL(request.url, 'http://127.0.0.1')
  let body = await bytesOf(request)
  const headers = { ...request.headers }
  if (url.searchParams.has('cryptosuite')) {
    const json = JSON.parse(body)
    body = Buffer.from(JSON.stringify({ ...json, options: { ...json.options, cryptosuite: url.searchParams.get('cryptosuite') } }))
    headers['content-length'] = body.length
  }
  const answer = await new Promise((resolve, reject) => {
    http.request({ host: '127.0.0.1', port, method: request.method, path: url.pathname, headers }, resolve).on('error', reject).end(body)
  })
  const content = await bytesOf(answer)
  if (all('--log').length && answer.statusCode >= 400) appendFileSync(all('--log')[0], `${request.method} ${request.url}\n${body}\n${answer.statusCode} ${content}\n\n`)
  response.writeHead(answer.statusCode, answer.headers)
  response.end(content)
}

async function bytesOf (stream) {
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function freePort () {
  const server = net.createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function runSuite (suite, at) {
  const copy = path.join(work, `${suite}-test-suite`)
  const config = { settings: { enableInteropTests: false, testAllImplementations: false }, implementations: [{ name, implementation: name, ...suites[suite](at) }] }
  writeFileSync(path.join(copy, 'localConfig.cjs'), `module.exports = ${JSON.stringify(config, null, 2)}\n`)
  const report = path.join(copy, 'result.json')
  rmSync(report, { force: true })
  const environment = {
    ...process.env,
    W3C_PROGRAM: program,
    // One suite runs its implementations as containers: `docker` is our bridge to the command line program there,
    PATH: `${here}:${process.env.PATH}`,
    // and it needs iterator helpers, which Node has from version 22 on.
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent('Object.getPrototypeOf(Object.getPrototypeOf([].values())).map ??= function * (f) { let i = 0; for (const v of this) yield f(v, i++) }')}`,
  }
  const child = spawn('npx', ['mocha', 'tests/', '--reporter', 'json', '--reporter-option', `output=${report}`, '--timeout', '150000', '--preserve-symlinks', '--exit'], { cwd: copy, env: environment, stdio: 'ignore' })
  await new Promise((resolve) => child.once('exit', resolve))
  if (!existsSync(report)) throw new Error(`${suite}: the runner ended without a report`)
  const { stats: { passes, failures, pending }, failures: failed } = JSON.parse(readFileSync(report))
  if (given.includes('--failures')) {
    console.log(`\n${suite}`)
    for (const { fullTitle, err } of failed) console.log(`- ${fullTitle.replace(/\s+/g, ' ')}\n    ${String(err.message).replace(/\s+/g, ' ').slice(0, 300)}`)
  }
  const { status, stdout } = spawnSync('git', ['-C', path.join(folder, `${suite}-test-suite`), 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8' })
  return { suite, commit: status === 0 ? stdout.trim() : '–', passes, failures, pending }
}
