// What the @openid4vc libraries ask of their host: signing, verifying, encrypting, fetching.
import crypto from 'node:crypto'
import * as jose from 'jose'
import { clientAuthenticationAnonymous, setGlobalConfig } from '@openid4vc/oauth2'
import { setGlobalConfig as setUtilsGlobalConfig } from '@openid4vc/utils'
import { hash, isSignedBy, keyOfChain, thumbprint } from './keys.mjs'

// The services under test run on http://localhost.
setGlobalConfig({ allowInsecureUrls: true })
setUtilsGlobalConfig({ allowInsecureUrls: true })

/** keys: Key[] for signing and decrypting; anchors: X509Certificate[] that x5c must lead to (none: not checked). */
export function callbacks({ keys = [], anchors } = {}) {
  const find = (jwk) => {
    const key = keys.find((candidate) => candidate.thumbprint === thumbprint(jwk))
    if (!key) throw new Error('no private key for this signer')
    return key
  }
  const publicKeyOf = (signer) => {
    if (signer.method === 'jwk') return signer.publicJwk
    if (signer.method === 'x5c') return keyOfChain(signer.x5c, anchors)
    throw new Error(`signer method ${signer.method}`)
  }
  return {
    fetch: (url, init) => fetch(url, { redirect: 'manual', ...init }),
    hash,
    generateRandom: (bytes) => new Uint8Array(crypto.randomBytes(bytes)),
    clientAuthentication: clientAuthenticationAnonymous(),
    signJwt: (signer, { header, payload }) => {
      const jwk = signer.method === 'x5c' ? keyOfChain(signer.x5c) : signer.publicJwk
      return { jwt: find(jwk).jws(header, payload), signerJwk: find(jwk).publicJwk }
    },
    verifyJwt: async (signer, { compact }) => {
      const jwk = publicKeyOf(signer)
      return { verified: await isSignedBy(compact, jwk), signerJwk: jwk }
    },
    encryptJwe: async ({ publicJwk, alg, enc, apu, apv }, data) => {
      const encryption = new jose.CompactEncrypt(new TextEncoder().encode(data)).setProtectedHeader({ alg, enc, kid: publicJwk.kid })
      if (apu || apv) encryption.setKeyManagementParameters({ apu: apu && jose.base64url.decode(apu), apv: apv && jose.base64url.decode(apv) })
      return { jwe: await encryption.encrypt(await jose.importJWK({ ...publicJwk, alg }, alg)), encryptionJwk: publicJwk }
    },
    decryptJwe: async (jwe, options) => {
      const { alg } = jose.decodeProtectedHeader(jwe)
      for (const key of options?.jwk ? [find(options.jwk)] : keys) {
        const opened = await jose.compactDecrypt(jwe, await jose.importJWK(key.privateJwk, alg)).catch(() => null)
        if (opened) return { decrypted: true, decryptionJwk: key.publicJwk, payload: new TextDecoder().decode(opened.plaintext) }
      }
      return { decrypted: false }
    },
    getX509CertificateMetadata: (text) => {
      const names = new crypto.X509Certificate(Buffer.from(text, 'base64')).subjectAltName?.split(', ') ?? []
      const of = (prefix) => names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))
      return { sanDnsNames: of('DNS:'), sanUriNames: of('URI:') }
    },
  }
}
