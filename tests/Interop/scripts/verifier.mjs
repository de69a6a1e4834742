// A verifier (OpenID4VP 1.0, signed request by reference, x509_hash) that checks answers with @sd-jwt/sd-jwt-vc and dcql.
//   node verifier.mjs --port N --pki DIR [--mode direct_post|direct_post.jwt]      says "result" once the answer is checked
import * as jose from 'jose'
import { DcqlQuery } from 'dcql'
import { Key, base64url, loadAnchors, loadIdentity, random, sha256 } from './keys.mjs'
import { describe, readArguments, say, serve } from './program.mjs'
import { verify } from './sdjwt.mjs'

const { options } = readArguments()
const base = `http://localhost:${options.port}`
const identity = loadIdentity(options.pki, 'verifier'), anchors = loadAnchors(`${options.pki}/root.pem`)
const clientId = `x509_hash:${base64url(sha256(identity.certificate.raw))}`, mode = options.mode ?? 'direct_post.jwt'
const encryption = Key.generate(), nonce = random(24), state = random()
const query = { credentials: [{ id: 'card', format: 'dc+sd-jwt', meta: { vct_values: ['urn:interop:card:1'] }, claims: [{ path: ['given_name'] }] }] }
DcqlQuery.validate(DcqlQuery.parse(query))

const request = {
  response_type: 'vp_token', response_mode: mode, client_id: clientId, response_uri: `${base}/response`, nonce, state, aud: 'https://self-issued.me/v2',
  dcql_query: query,
  client_metadata: {
    vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] } },
    ...(mode === 'direct_post.jwt' ? { jwks: { keys: [{ ...encryption.publicJwk, use: 'enc', alg: 'ECDH-ES', kid: 'k1' }] }, encrypted_response_enc_values_supported: ['A256GCM'] } : {}),
  },
}

async function check(body) {
  const form = Object.fromEntries(new URLSearchParams(body))
  let answer = form
  if (mode === 'direct_post.jwt') {
    const { plaintext } = await jose.compactDecrypt(form.response, await jose.importJWK(encryption.privateJwk, 'ECDH-ES'))
    answer = JSON.parse(new TextDecoder().decode(plaintext))
  }
  if (answer.state !== state) throw new Error('state differs')
  const token = typeof answer.vp_token === 'string' ? JSON.parse(answer.vp_token) : answer.vp_token
  const payload = await verify(token.card[0], { anchors, vct: 'urn:interop:card:1', nonce, audience: clientId })
  if ('email' in payload || 'family_name' in payload) throw new Error('more was shown than asked for')
  return payload.given_name
}

await serve(Number(options.port), async (incoming, url, body) => {
  if (url.pathname === '/request') return { type: 'application/oauth-authz-req+jwt', body: identity.key.jws({ alg: 'ES256', typ: 'oauth-authz-req+jwt', x5c: identity.x5c }, request) }
  if (url.pathname !== '/response') return undefined
  try {
    say('result', { ok: true, given_name: await check(body) })
    return { body: {} }
  } catch (error) {
    say('result', { ok: false, error: describe(error) })
    return { status: 400, body: { error: 'invalid_request' } }
  }
})
say('ready', { request: `openid4vp://?client_id=${encodeURIComponent(clientId)}&request_uri=${encodeURIComponent(`${base}/request`)}` })
