// An issuer (OpenID4VCI 1.0, pre-authorized code with a transaction code) whose credentials are made by @sd-jwt/sd-jwt-vc.
//   node issuer.mjs --port N --pki DIR [--bad]      DIR as `credentials pki new` writes it; --bad changes a byte of the signature
import * as jose from 'jose'
import { loadIdentity, random } from './keys.mjs'
import { readArguments, say, serve } from './program.mjs'
import { issue } from './sdjwt.mjs'

const { options } = readArguments(['bad'])
const base = `http://localhost:${options.port}`
const signer = loadIdentity(options.pki, 'document-signer')
const vct = 'urn:interop:card:1', code = random(), txCode = '493536', nonces = new Set(), tokens = new Set()
const configuration = {
  format: 'dc+sd-jwt', vct, cryptographic_binding_methods_supported: ['jwk'], credential_signing_alg_values_supported: ['ES256'],
  proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
  credential_metadata: { display: [{ name: 'Card', locale: 'en' }], claims: [{ path: ['given_name'], mandatory: true, display: [{ name: 'Given name', locale: 'en' }] }] },
}
const refuse = (status, error) => ({ status, body: { error } })

async function holderKey(proof) {
  const jwk = jose.decodeProtectedHeader(proof).jwk
  const { payload } = await jose.jwtVerify(proof, await jose.importJWK(jwk, 'ES256'), { audience: base, typ: 'openid4vci-proof+jwt' })
  if (!nonces.has(payload.nonce)) throw new Error('unknown nonce')
  return jwk
}

async function credential(request, body) {
  if (!tokens.has((request.headers.authorization ?? '').replace(/^Bearer /, ''))) return refuse(401, 'invalid_token')
  const credentials = []
  for (const proof of JSON.parse(body).proofs.jwt) {
    const holderJwk = await holderKey(proof)
    let text = await issue({ issuer: base, vct, claims: { given_name: 'Gildong', family_name: 'Hong', email: 'g@example.com' }, holderJwk }, signer)
    if (options.bad) text = text.replace(/\.([A-Za-z0-9_-])([^.~]*)~/, (_, first, rest) => `.${first === 'A' ? 'B' : 'A'}${rest}~`)
    credentials.push({ credential: text })
  }
  return { body: { credentials } }
}

await serve(Number(options.port), async (request, url, body) => {
  switch (url.pathname) {
    case '/.well-known/openid-credential-issuer':
      return { body: { credential_issuer: base, credential_endpoint: `${base}/credential`, nonce_endpoint: `${base}/nonce`,
        batch_credential_issuance: { batch_size: 5 }, credential_configurations_supported: { card: configuration } } }
    case '/.well-known/oauth-authorization-server':
      return { body: { issuer: base, token_endpoint: `${base}/token`, grant_types_supported: ['urn:ietf:params:oauth:grant-type:pre-authorized_code'],
        'pre-authorized_grant_anonymous_access_supported': true } }
    case '/token': {
      const form = new URLSearchParams(body)
      if (form.get('pre-authorized_code') !== code || form.get('tx_code') !== txCode) return refuse(400, 'invalid_grant')
      const token = random()
      tokens.add(token)
      return { body: { access_token: token, token_type: 'Bearer', expires_in: 300 } }
    }
    case '/nonce': {
      const nonce = random()
      nonces.add(nonce)
      return { body: { c_nonce: nonce } }
    }
    case '/credential': return credential(request, body)
  }
})
const offer = { credential_issuer: base, credential_configuration_ids: ['card'],
  grants: { 'urn:ietf:params:oauth:grant-type:pre-authorized_code': { 'pre-authorized_code': code, tx_code: { input_mode: 'numeric', length: 6 } } } }
say('ready', { offer: `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(offer))}`, tx_code: txCode })
