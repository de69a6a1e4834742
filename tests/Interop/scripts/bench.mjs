// Does what tests/Benchmarks does, on published npm libraries, in slices: reads "NAME MILLISECONDS" from a line of standard input and answers "COUNT SECONDS".
import crypto from 'node:crypto'
import { createInterface } from 'node:readline'
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { StatusList } from '@sd-jwt/jwt-status-list'
import { dataIntegrity } from './bench-data-integrity.mjs'
import { Key, base64url, hash, random } from './keys.mjs'

const issuer = Key.generate(), holder = Key.generate()
const issuerKey = crypto.createPublicKey({ key: issuer.publicJwk, format: 'jwk' })
const isSigned = (key, data, signature) => crypto.verify('sha256', Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
const now = Math.floor(Date.now() / 1000)

// Ten disclosable claims, three of them shown with key binding.
const claims = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`claim_${i}`, `value number ${i}`]))
const payload = { iss: 'https://issuer.example', iat: now, exp: now + 86400 * 90, vct: 'urn:benchmark:1', cnf: { jwk: holder.publicJwk }, ...claims }
const sdJwt = new SDJwtVcInstance({
  hasher: hash, hashAlg: 'sha-256', saltGenerator: () => random(16), signAlg: 'ES256', kbSignAlg: 'ES256',
  signer: (data) => issuer.sign(data), kbSigner: (data) => holder.sign(data),
  verifier: (data, signature) => isSigned(issuerKey, data, signature),
  // The holder's key is another one in each presentation, so it is imported each time.
  kbVerifier: (data, signature, { cnf }) => isSigned(crypto.createPublicKey({ key: cnf.jwk, format: 'jwk' }), data, signature),
})
const nonce = 'n-0S6_WzA2Mj-0123456789'
const issue = () => sdJwt.issue(payload, { _sd: Object.keys(claims) }, { header: { typ: 'dc+sd-jwt' } })
const credential = await issue()
const present = () => sdJwt.present(credential, { claim_2: true, claim_3: true, claim_4: true }, { kb: { payload: { iat: now, aud: 'x509_hash:a', nonce } } })
const presentation = await present()

// 2^20 entries of one bit, one in a hundred revoked.
const size = 1 << 20
const revoked = Array.from({ length: Math.floor(size / 100) }, (_, i) => (i * 7919) % size)
const fill = () => {
  const list = new StatusList(new Array(size).fill(0), 1)
  for (const index of revoked) list.setStatus(index, 1)
  return list
}
const list = fill()
const packed = list.compressStatusList()

const operations = {
  ...await dataIntegrity(),
  'sd-jwt-issue': issue,
  'sd-jwt-present': present,
  'sd-jwt-verify': () => sdJwt.verify(presentation, { keyBindingNonce: nonce, requiredClaimKeys: ['claim_2'] }),
  'status-fill': fill,
  'status-write': () => list.compressStatusList(),
  'status-read': () => { if (StatusList.decompressStatusList(packed, 1).getStatus(revoked[1]) !== 1) throw new Error('not revoked') },
}

// What is measured must work: a changed presentation is refused.
await operations['sd-jwt-verify']()
const changed = presentation.replace(/~[^~]+$/, (binding) => `${binding.slice(0, -6)}${base64url(crypto.randomBytes(3))}zz`)
await sdJwt.verify(changed, { keyBindingNonce: nonce }).then(() => { throw new Error('a changed presentation is accepted') }, () => {})

console.log('ready')
for await (const line of createInterface({ input: process.stdin })) {
  const [name, milliseconds] = line.split(' ')
  const start = performance.now()
  let count = 0
  do { await operations[name](); count++ } while (performance.now() - start < milliseconds)
  console.log(`${count} ${(performance.now() - start) / 1000}`)
}
