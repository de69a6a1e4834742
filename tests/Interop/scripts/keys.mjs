// P-256 keys, certificates from PEM files, and signing, on node:crypto and jose.
import crypto from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as jose from 'jose'

export const base64url = (data) => Buffer.from(data).toString('base64url')
export const random = (bytes = 16) => crypto.randomBytes(bytes).toString('base64url')
export const sha256 = (data) => new Uint8Array(crypto.createHash('sha256').update(data).digest())
export const hash = (data, algorithm = 'sha-256') => new Uint8Array(crypto.createHash(algorithm.replace('-', '')).update(data).digest())

export class Key {
  constructor(privateKey) {
    this.privateKey = privateKey
    this.privateJwk = privateKey.export({ format: 'jwk' })
    const { kty, crv, x, y } = this.privateJwk
    this.publicJwk = { kty, crv, x, y }
    this.thumbprint = thumbprint(this.publicJwk)
  }
  static generate() { return new Key(crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey) }
  static fromJwk(jwk) { return new Key(crypto.createPrivateKey({ key: jwk, format: 'jwk' })) }
  static fromPem(pem) { return new Key(crypto.createPrivateKey(pem)) }

  sign(text) { return base64url(crypto.sign('sha256', Buffer.from(text), { key: this.privateKey, dsaEncoding: 'ieee-p1363' })) }
  jws(header, payload) {
    const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(payload))}`
    return `${input}.${this.sign(input)}`
  }
}

/** RFC 7638. */
export const thumbprint = ({ kty, crv, x, y }) => base64url(sha256(JSON.stringify({ crv, kty, x, y })))

/** A certificate and its key, as `credentials pki new` writes them. */
export function loadIdentity(folder, name) {
  const certificate = new crypto.X509Certificate(readFileSync(join(folder, `${name}.pem`)))
  return { certificate, key: Key.fromPem(readFileSync(join(folder, `${name}-key.pem`))), x5c: [certificate.raw.toString('base64')] }
}

export const loadAnchors = (path) => [new crypto.X509Certificate(readFileSync(path))]

/** The public JWK of the first certificate, after the chain was followed to an anchor. */
export function keyOfChain(x5c, anchors) {
  const chain = x5c.map((text) => new crypto.X509Certificate(Buffer.from(text, 'base64')))
  const last = chain.at(-1)
  const linked = chain.every((certificate, i) => i === chain.length - 1 || (certificate.checkIssued(chain[i + 1]) && certificate.verify(chain[i + 1].publicKey)))
  if (anchors && !(linked && anchors.some((anchor) => last.checkIssued(anchor) && last.verify(anchor.publicKey)))) throw new Error('no path from x5c to an anchor')
  return chain[0].publicKey.export({ format: 'jwk' })
}

export async function isSignedBy(jws, jwk) {
  const { alg } = jose.decodeProtectedHeader(jws)
  return jose.compactVerify(jws, await jose.importJWK(jwk, alg), { algorithms: ['ES256'] }).then(() => true, () => false)
}
