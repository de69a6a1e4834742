// A wallet that answers a request (OpenID4VP 1.0, signed request by reference, DCQL).
//   node wallet-present.mjs REQUEST_URI --wallet wallet.json --trust verifier-root.pem [--only FORMAT] [--spoil KIND]
// KIND: nonce, audience, key, disclosure (SD-JWT), element (mdoc), state, id, plain (an answer that is not encrypted as asked).
import { readFileSync } from 'node:fs'
import { Openid4vpClient, extractEncryptionJwkFromJwks } from '@openid4vc/openid4vp'
import { DcqlQuery } from 'dcql'
import { callbacks } from './callbacks.mjs'
import { Key, base64url, loadAnchors, random } from './keys.mjs'
import { present as presentMdoc, read as readMdoc } from './mdoc.mjs'
import { readArguments, tell } from './program.mjs'
import { claimsOf, present as presentSdJwt } from './sdjwt.mjs'

const { words: [requestUri], options } = readArguments()
const stored = JSON.parse(readFileSync(options.wallet, 'utf8')).filter(({ format }) => !options.only || format === options.only)

await tell(async (step) => {
  const client = new Openid4vpClient({ callbacks: callbacks({ anchors: options.trust && loadAnchors(options.trust) }) })
  const { params } = await step('parse', () => client.parseOpenid4vpAuthorizationRequest({ authorizationRequest: requestUri }))
  const resolved = await step('request', () => client.resolveOpenId4vpAuthorizationRequest({ authorizationRequestPayload: params }))
  const request = resolved.authorizationRequestPayload
  const audience = resolved.client.effective
  const chosen = await step('match', async () => {
    const query = DcqlQuery.parse(resolved.dcql.query)
    DcqlQuery.validate(query)
    const { can_be_satisfied: possible, credential_matches: matches, credential_sets: sets } = DcqlQuery.query(query, await Promise.all(stored.map(view)))
    if (!possible) throw new Error('the query cannot be satisfied')
    const ids = sets ? sets.flatMap((set) => set.matching_options?.[0] ?? []) : query.credentials.map(({ id }) => id)
    return ids.map((id) => {
      const asked = query.credentials.find((credential) => credential.id === id)
      const match = matches[id].valid_credentials[0]
      const indexes = match.claims.valid_claim_sets[0].valid_claim_indexes ?? []
      return { id, held: stored[match.input_credential_index], paths: indexes.map((i) => asked.claims[i].path) }
    })
  })
  const encrypted = request.response_mode === 'direct_post.jwt' && options.spoil !== 'plain'
  const encryptionJwk = request.response_mode === 'direct_post.jwt' ? extractEncryptionJwkFromJwks(request.client_metadata.jwks, { supportedAlgValues: ['ECDH-ES'] }) : undefined
  const vpToken = await step('present', async () => {
    const token = {}
    for (const { id, held, paths } of chosen) {
      const binding = {
        paths: paths.map((path) => path.slice(0, path.includes(null) ? path.indexOf(null) : path.length)),
        nonce: options.spoil === 'nonce' ? random(24) : request.nonce,
        clientId: options.spoil === 'audience' ? 'x509_san_dns:other.example' : audience,
        key: options.spoil === 'key' ? Key.generate() : Key.fromJwk(held.key),
      }
      const presentation = held.format === 'mso_mdoc'
        ? await presentMdoc(held.credential, { ...binding, responseUri: request.response_uri, encryptionJwk })
        : await presentSdJwt(held.credential, { ...binding, audience: binding.clientId })
      token[options.spoil === 'id' ? `${id}x` : id] = [spoilt(presentation)]
    }
    return token
  })
  const response = await step('response', () => client.createOpenid4vpAuthorizationResponse({
    authorizationRequestPayload: { ...request, ...(options.spoil === 'state' ? { state: random() } : {}), ...(encrypted ? {} : { response_mode: 'direct_post' }) },
    authorizationResponsePayload: { vp_token: vpToken },
    ...(encrypted ? { jarm: { encryption: { nonce: random(16), jwk: encryptionJwk }, serverMetadata: {
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

/** What the query is held against. */
async function view({ format, vct, credential }) {
  if (format !== 'mso_mdoc') return { credential_format: format, vct, claims: await claimsOf(credential), cryptographic_holder_binding: true }
  const { docType, nameSpaces } = readMdoc(credential)
  return { credential_format: format, doctype: docType, namespaces: nameSpaces, cryptographic_holder_binding: true }
}

function spoilt(presentation) {
  if (options.spoil === 'disclosure') return changeDisclosure(presentation)
  if (options.spoil !== 'element') return presentation
  const bytes = Buffer.from(presentation, 'base64url')
  bytes[bytes.indexOf('elementValue') + 'elementValue'.length] ^= 1 // true becomes false
  return base64url(bytes)
}

function changeDisclosure(presentation) {
  const parts = presentation.split('~')
  const disclosure = JSON.parse(Buffer.from(parts[1], 'base64url'))
  disclosure[disclosure.length - 1] = 'changed'
  parts[1] = base64url(JSON.stringify(disclosure))
  return parts.join('~')
}
