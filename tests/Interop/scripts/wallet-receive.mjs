// A wallet that takes an offer (OpenID4VCI 1.0, pre-authorized code).
//   node wallet-receive.mjs OFFER_URI --trust root.pem --wallet wallet.json [--tx-code CODE] [--batch N]
import { writeFileSync } from 'node:fs'
import { Openid4vciClient } from '@openid4vc/openid4vci'
import { callbacks } from './callbacks.mjs'
import { Key, loadAnchors } from './keys.mjs'
import { readArguments, tell } from './program.mjs'
import { verifyIssued } from './mdoc.mjs'
import { statusOf, verify } from './sdjwt.mjs'

const { words: [offerUri], options } = readArguments()
const anchors = loadAnchors(options.trust)
const batch = Number(options.batch ?? 1)

await tell(async (step) => {
  const keys = []
  const client = new Openid4vciClient({ callbacks: callbacks({ keys, anchors }) })
  const offer = await step('offer', () => client.resolveCredentialOffer(offerUri))
  const metadata = await step('metadata', () => client.resolveIssuerMetadata(offer.credential_issuer))
  const token = await step('token', () => client.retrievePreAuthorizedCodeAccessTokenFromOffer({ credentialOffer: offer, issuerMetadata: metadata, txCode: options['tx-code'] }))
  const stored = []
  for (const id of offer.credential_configuration_ids) {
    const { format, vct, doctype } = metadata.credentialIssuer.credential_configurations_supported[id]
    const { c_nonce: nonce } = await step(`${id}: nonce`, () => client.requestNonce({ issuerMetadata: metadata }))
    const own = Array.from({ length: batch }, Key.generate)
    keys.push(...own)
    const jwt = []
    for (const key of own) {
      const proof = await client.createCredentialRequestJwtProof({ issuerMetadata: metadata, credentialConfigurationId: id, nonce, issuedAt: new Date(), signer: { method: 'jwk', alg: 'ES256', publicJwk: key.publicJwk } })
      jwt.push(proof.jwt)
    }
    const { credentialResponse } = await step(`${id}: credential`, () => client.retrieveCredentials({ issuerMetadata: metadata, credentialConfigurationId: id, accessToken: token.accessTokenResponse.access_token, proofs: { jwt } }))
    await step(`${id}: one credential for each key`, () => { if (credentialResponse.credentials.length !== batch) throw new Error(`${credentialResponse.credentials.length} for ${batch}`) })
    for (const [i, { credential }] of credentialResponse.credentials.entries()) {
      if (format === 'mso_mdoc') {
        const elements = await step(`${id}: verify ${i}`, () => verifyIssued(credential, { anchors, doctype, holderJwk: own[i].publicJwk }))
        stored.push({ configuration: id, doctype, elements, credential, key: own[i].privateJwk })
        continue
      }
      const payload = await step(`${id}: verify ${i}`, () => verify(credential, { anchors, vct, holderJwk: own[i].publicJwk }))
      await step(`${id}: status ${i}`, async () => { const value = await statusOf(payload, anchors); if (value !== 0) throw new Error(`status is ${value}`) })
      stored.push({ configuration: id, format: 'dc+sd-jwt', vct, credential, key: own[i].privateJwk })
    }
  }
  writeFileSync(options.wallet, JSON.stringify(stored))
  return { stored: stored.length, elements: stored.find((one) => one.elements)?.elements }
})
