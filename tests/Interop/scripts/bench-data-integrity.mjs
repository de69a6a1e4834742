// W3C credentials with proofs inside them on the libraries of Digital Bazaar, as tests/Benchmarks/DataIntegrityOperations.cs has them: the same documents,
// contexts at hand, the controller's document given by the loader.
import * as vc from '@digitalbazaar/vc'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey'
import { cryptosuite as eddsaRdfc2022 } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as ecdsaSd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite'
import dataIntegrityContext from '@digitalbazaar/data-integrity-context'
import multikeyContext from '@digitalbazaar/multikey-context'
import { contexts as credentialContexts } from '@digitalbazaar/credentials-context'

const issuer = 'https://issuer.example.com/issuers/1'
const ownContext = 'https://example.com/contexts/person/v1'
const names = ['givenName', 'familyName', 'birthDate', 'email', 'telephone', 'nationality', 'birthPlace', 'documentNumber', 'issuingAuthority', 'ageOver18']
const terms = Object.fromEntries([...names, 'PersonCredential'].map((name) => [name, `https://example.com/v#${name}`]))
// The part of the DID context that the check of the controller reads.
const didContext = { '@context': { '@protected': true, id: '@id', type: '@type', assertionMethod: { '@id': 'https://w3id.org/security#assertionMethod', '@type': '@id', '@container': '@set' } } }
const controller = { '@context': ['https://www.w3.org/ns/did/v1'], id: issuer, assertionMethod: [] }
const documents = new Map([
  ...credentialContexts, ...dataIntegrityContext.contexts, ...multikeyContext.contexts,
  [ownContext, { '@context': { '@version': 1.1, '@protected': true, ...terms } }], ['https://www.w3.org/ns/did/v1', didContext], [issuer, controller],
])

const documentLoader = async (url) => {
  if (!documents.has(url)) throw new Error(`not loaded: ${url}`)
  return { contextUrl: null, documentUrl: url, document: documents.get(url) }
}

async function publish (key) {
  const method = await key.export({ publicKey: true, includeContext: true })
  documents.set(method.id, method)
  controller.assertionMethod.push(method.id)
  return key
}

const credentialOf = (claims) => ({
  '@context': ['https://www.w3.org/ns/credentials/v2', ownContext],
  id: 'urn:uuid:98c5cffc-efa2-43e3-99f5-01e8ef404be0',
  type: ['VerifiableCredential', 'PersonCredential'],
  issuer,
  validFrom: '2025-01-01T00:00:00Z',
  credentialSubject: { id: 'urn:uuid:d58b2365-0951-4373-96c8-e886d61829f2', ...Object.fromEntries(claims.map((name) => [name, `value of ${name}`])) },
})

async function verify (credential, cryptosuite) {
  const { verified, error } = await vc.verifyCredential({ credential: structuredClone(credential), suite: new DataIntegrityProof({ cryptosuite }), documentLoader })
  if (!verified) throw error
}

/** What is measured, by name; all of it works: a changed credential is refused. */
export async function dataIntegrity () {
  const ed25519 = await publish(await Ed25519Multikey.generate({ controller: issuer, id: `${issuer}#ed25519` }))
  const p256 = await publish(await EcdsaMultikey.generate({ curve: 'P-256', controller: issuer, id: `${issuer}#p256` }))
  const sign = (credential, key, cryptosuite) => vc.issue({ credential: structuredClone(credential), suite: new DataIntegrityProof({ signer: key.signer(), cryptosuite }), documentLoader })
  const small = credentialOf(names.slice(0, 3)), large = credentialOf(names)
  const signSmall = () => sign(small, ed25519, eddsaRdfc2022)
  const signLarge = () => sign(large, p256, ecdsaSd.createSignCryptosuite({ mandatoryPointers: ['/issuer', '/validFrom'] }))
  const signed = await signSmall(), base = await signLarge()
  const derive = () => vc.derive({
    verifiableCredential: structuredClone(base),
    suite: new DataIntegrityProof({ cryptosuite: ecdsaSd.createDiscloseCryptosuite({ selectivePointers: ['givenName', 'familyName', 'ageOver18'].map((name) => `/credentialSubject/${name}`) }) }),
    documentLoader,
  })
  const derived = await derive()
  const operations = {
    'eddsa-rdfc-sign': signSmall,
    'eddsa-rdfc-verify': () => verify(signed, eddsaRdfc2022),
    'ecdsa-sd-sign': signLarge,
    'ecdsa-sd-derive': derive,
    'ecdsa-sd-verify': () => verify(derived, ecdsaSd.createVerifyCryptosuite()),
  }
  for (const [credential, cryptosuite] of [[signed, eddsaRdfc2022], [derived, ecdsaSd.createVerifyCryptosuite()]]) {
    await verify(credential, cryptosuite)
    const changed = structuredClone(credential)
    changed.credentialSubject.givenName = 'somebody else'
    await verify(changed, cryptosuite).then(() => { throw new Error('a changed credential is accepted') }, () => {})
  }
  return operations
}
