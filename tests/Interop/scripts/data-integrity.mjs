// Credentials with Data Integrity proofs by the libraries of Digital Bazaar, as an issuer, a holder and a verifier.
//
//   data-integrity.mjs issue CONTEXT SUITE        writes { credential } — eddsa-rdfc-2022, or ecdsa-sd-2023 with its base proof
//   data-integrity.mjs derive CONTEXT FILE POINTER…  writes { credential } — what the pointers point to
//   data-integrity.mjs verify CONTEXT FILE        writes { verified, error }
//
// CONTEXT is the document of urn:credentials:contexts:certificates:1. Issuers are did:key; no document is fetched.
import { readFileSync } from 'node:fs'
import * as vc from '@digitalbazaar/vc'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey'
import { cryptosuite as eddsaRdfc2022 } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as ecdsaSd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite'
import dataIntegrityContext from '@digitalbazaar/data-integrity-context'
import multikeyContext from '@digitalbazaar/multikey-context'
import { contexts as credentialContexts } from '@digitalbazaar/credentials-context'

const [action, contextFile, ...rest] = process.argv.slice(2)
const ownContext = 'urn:credentials:contexts:certificates:1'
const multikey = 'https://w3id.org/security/multikey/v1'

// The part of the DID context that the check of the controller reads.
const didContext = { '@context': { '@protected': true, id: '@id', type: '@type', assertionMethod: { '@id': 'https://w3id.org/security#assertionMethod', '@type': '@id', '@container': '@set' } } }
const documents = new Map([
  ...credentialContexts, ...dataIntegrityContext.contexts, ...multikeyContext.contexts,
  [ownContext, JSON.parse(readFileSync(contextFile, 'utf8'))], ['https://www.w3.org/ns/did/v1', didContext],
])

async function documentLoader (url) {
  const [did, fragment] = url.split('#')
  const document = documents.get(url) ?? (did.startsWith('did:key:')
    ? fragment
      ? { '@context': multikey, id: url, type: 'Multikey', controller: did, publicKeyMultibase: fragment }
      : { '@context': ['https://www.w3.org/ns/did/v1'], id: did, assertionMethod: [`${did}#${did.slice('did:key:'.length)}`] }
    : undefined)
  if (!document) throw new Error(`not loaded: ${url}`)
  return { contextUrl: null, documentUrl: url, document }
}

async function newKey (suite) {
  const key = suite === 'eddsa-rdfc-2022' ? await Ed25519Multikey.generate() : await EcdsaMultikey.generate({ curve: 'P-256' })
  const { publicKeyMultibase } = await key.export({ publicKey: true })
  key.controller = `did:key:${publicKeyMultibase}`
  key.id = `${key.controller}#${publicKeyMultibase}`
  return key
}

const actions = {
  async issue (suite) {
    const key = await newKey(suite)
    const credential = {
      '@context': ['https://www.w3.org/ns/credentials/v2', ownContext],
      type: ['VerifiableCredential', 'UniversityDegreeCredential'],
      issuer: key.controller,
      validFrom: '2026-01-01T00:00:00Z',
      credentialSubject: { id: 'urn:uuid:d58b2365-0951-4373-96c8-e886d61829f2', familyName: '홍', givenName: '길동', birthDate: '1999-03-01', degree: 'Bachelor of Science', graduationYear: 2026, gradeAverage: '4.21' },
    }
    const cryptosuite = suite === 'eddsa-rdfc-2022' ? eddsaRdfc2022 : ecdsaSd.createSignCryptosuite({ mandatoryPointers: ['/issuer', '/validFrom'] })
    return { issuer: key.controller, credential: await vc.issue({ credential, suite: new DataIntegrityProof({ signer: key.signer(), cryptosuite }), documentLoader }) }
  },
  async derive (file, ...selectivePointers) {
    const suite = new DataIntegrityProof({ cryptosuite: ecdsaSd.createDiscloseCryptosuite({ selectivePointers }) })
    return { credential: await vc.derive({ verifiableCredential: JSON.parse(readFileSync(file, 'utf8')), suite, documentLoader }) }
  },
  async verify (file) {
    const credential = JSON.parse(readFileSync(file, 'utf8'))
    const cryptosuite = credential.proof.cryptosuite === 'eddsa-rdfc-2022' ? eddsaRdfc2022 : ecdsaSd.createVerifyCryptosuite()
    const result = await vc.verifyCredential({ credential, suite: new DataIntegrityProof({ cryptosuite }), documentLoader })
    return { verified: result.verified, error: result.error ? String(result.error.errors?.[0] ?? result.error) : null }
  },
}

process.stdout.write(JSON.stringify(await actions[action](...rest)) + '\n')
