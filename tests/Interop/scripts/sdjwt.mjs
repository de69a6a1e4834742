// SD-JWT VC on @sd-jwt/sd-jwt-vc: issue, present, verify; and the look-up of a status.
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { decodeSdJwt, getClaims } from '@sd-jwt/core'
import { getListFromStatusListJWT } from '@sd-jwt/jwt-status-list'
import * as jose from 'jose'
import { base64url, hash, isSignedBy, keyOfChain, random, sha256, thumbprint } from './keys.mjs'

const now = () => Math.floor(Date.now() / 1000)

export function issue({ issuer, vct, claims, holderJwk, status }, { key, x5c }) {
  const instance = new SDJwtVcInstance({ hasher: hash, hashAlg: 'sha-256', saltGenerator: () => random(16), signAlg: 'ES256', signer: (data) => key.sign(data) })
  const payload = { iss: issuer, iat: now(), exp: now() + 86400, vct, cnf: { jwk: holderJwk }, ...(status ? { status } : {}), ...claims }
  return instance.issue(payload, { _sd: Object.keys(claims) }, { header: { typ: 'dc+sd-jwt', x5c } })
}

/** Every claim of a credential, as its holder sees it. */
export async function claimsOf(credential) {
  const decoded = await decodeSdJwt(credential, hash)
  return getClaims(decoded.jwt.payload, decoded.disclosures, hash)
}

export function present(credential, { paths, nonce, audience, key }) {
  const instance = new SDJwtVcInstance({ hasher: hash, hashAlg: 'sha-256', kbSignAlg: 'ES256', kbSigner: (data) => key.sign(data) })
  const frame = {}
  for (const path of paths) {
    let node = frame
    for (const part of path.slice(0, -1)) node = node[part] = typeof node[part] === 'object' ? node[part] : {}
    node[path.at(-1)] ??= true
  }
  return instance.present(credential, frame, { kb: { payload: { iat: now(), aud: audience, nonce } } })
}

/** Checks a credential or a presentation; throws when something is wrong. */
export async function verify(compact, { anchors, vct, holderJwk, nonce, audience }) {
  const issuerJwt = compact.split('~')[0]
  const header = jose.decodeProtectedHeader(issuerJwt)
  const issuerKey = keyOfChain(header.x5c, anchors)
  const instance = new SDJwtVcInstance({
    hasher: hash, hashAlg: 'sha-256',
    verifier: (data, signature) => isSignedBy(`${data}.${signature}`, issuerKey),
    kbVerifier: (data, signature, payload) => isSignedBy(`${data}.${signature}`, payload.cnf.jwk),
  })
  const { payload, kb } = await instance.verify(compact, { disableStatusVerification: true, ...(nonce ? { keyBindingNonce: nonce } : {}) })
  const problems = []
  if (header.typ !== 'dc+sd-jwt') problems.push(`typ is ${header.typ}`)
  if (vct && payload.vct !== vct) problems.push(`vct is ${payload.vct}`)
  if (holderJwk && thumbprint(payload.cnf.jwk) !== thumbprint(holderJwk)) problems.push('cnf is not the key of the proof')
  if (nonce && kb?.payload.aud !== audience) problems.push(`aud of the key binding is ${kb?.payload.aud}`)
  if (nonce && Math.abs(now() - kb?.payload.iat) > 300) problems.push('the key binding is not fresh')
  if (problems.length) throw new Error(problems.join('; '))
  return payload
}

/** The value of a credential's entry in its status list. */
export async function statusOf(payload, anchors) {
  const { uri, idx } = payload.status.status_list
  const response = await fetch(uri, { headers: { accept: 'application/statuslist+jwt' } })
  if (!response.ok) throw new Error(`status list: HTTP ${response.status}`)
  const token = (await response.text()).trim()
  const header = jose.decodeProtectedHeader(token)
  const claims = jose.decodeJwt(token)
  if (header.typ !== 'statuslist+jwt') throw new Error(`typ of the status list is ${header.typ}`)
  if (claims.sub !== uri) throw new Error('sub of the status list is another address')
  if (!(await isSignedBy(token, keyOfChain(header.x5c, anchors)))) throw new Error('signature of the status list')
  return getListFromStatusListJWT(token).getStatus(idx)
}

export const transactionDataHash = (text) => base64url(sha256(text))
