// A wallet that answers a request (OpenID4VP 1.0, signed request by reference, DCQL).
//   node wallet-present.mjs REQUEST_URI --wallet wallet.json --trust verifier-root.pem [--spoil nonce|audience|key|disclosure]
import { readFileSync } from 'node:fs'
import { Openid4vpClient, extractEncryptionJwkFromJwks } from '@openid4vc/openid4vp'
import { DcqlQuery } from 'dcql'
import { callbacks } from './callbacks.mjs'
import { Key, base64url, loadAnchors, random } from './keys.mjs'
import { readArguments, tell } from './program.mjs'
import { claimsOf, present } from './sdjwt.mjs'

const { words: [requestUri], options } = readArguments()
const stored = JSON.parse(readFileSync(options.wallet, 'utf8'))

await tell(async (step) => {
  const client = new Openid4vpClient({ callbacks: callbacks({ anchors: options.trust && loadAnchors(options.trust) }) })
  const { params } = await step('parse', () => client.parseOpenid4vpAuthorizationRequest({ authorizationRequest: requestUri }))
  const resolved = await step('request', () => client.resolveOpenId4vpAuthorizationRequest({ authorizationRequestPayload: params }))
  const request = resolved.authorizationRequestPayload
  const audience = resolved.client.effective
  const chosen = await step('match', async () => {
    const views = []
    for (const { credential, vct } of stored) views.push({ credential_format: 'dc+sd-jwt', vct, claims: await claimsOf(credential), cryptographic_holder_binding: true })
    const query = DcqlQuery.parse(resolved.dcql.query)
    DcqlQuery.validate(query)
    const result = DcqlQuery.query(query, views)
    if (!result.can_be_satisfied) throw new Error('the query cannot be satisfied')
    return query.credentials.map((asked) => {
      const match = result.credential_matches[asked.id].valid_credentials[0]
      const indexes = match.claims.valid_claim_sets[0].valid_claim_indexes ?? []
      return { id: asked.id, held: stored[match.input_credential_index], paths: indexes.map((i) => asked.claims[i].path) }
    })
  })
  const vpToken = await step('present', async () => {
    const token = {}
    for (const { id, held, paths } of chosen) {
      const presentation = await present(held.credential, {
        paths: paths.map((path) => path.slice(0, path.includes(null) ? path.indexOf(null) : path.length)),
        nonce: options.spoil === 'nonce' ? random(24) : request.nonce,
        audience: options.spoil === 'audience' ? 'x509_san_dns:other.example' : audience,
        key: options.spoil === 'key' ? Key.generate() : Key.fromJwk(held.key),
      })
      token[id] = [options.spoil === 'disclosure' ? changeDisclosure(presentation) : presentation]
    }
    return token
  })
  const response = await step('response', () => client.createOpenid4vpAuthorizationResponse({
    authorizationRequestPayload: request, authorizationResponsePayload: { vp_token: vpToken },
    ...(request.response_mode === 'direct_post.jwt' ? { jarm: { encryption: {
      nonce: random(16), jwk: extractEncryptionJwkFromJwks(request.client_metadata.jwks, { supportedAlgValues: ['ECDH-ES'] }) }, serverMetadata: {
      authorization_encryption_alg_values_supported: ['ECDH-ES'], authorization_encryption_enc_values_supported: ['A128GCM', 'A256GCM'] } } } : {}),
  }))
  const answer = await client.submitOpenid4vpAuthorizationResponse({
    authorizationRequestPayload: request, authorizationResponsePayload: response.authorizationResponsePayload,
    jarm: response.jarm ? { responseJwt: response.jarm.responseJwt } : undefined,
  })
  await step(options.spoil ? 'refused' : 'accepted', () => {
    if (answer.response.ok === Boolean(options.spoil)) throw new Error(`HTTP ${answer.response.status}`)
  })
  return { status: answer.response.status, response_mode: request.response_mode, client_id: audience }
})

function changeDisclosure(presentation) {
  const parts = presentation.split('~')
  const disclosure = JSON.parse(Buffer.from(parts[1], 'base64url'))
  disclosure[disclosure.length - 1] = 'changed'
  parts[1] = base64url(JSON.stringify(disclosure))
  return parts.join('~')
}
