// Makes a wallet with one driving licence in both formats, signed by an agency's document signer.
//   node wallet-make.mjs --pki DIR --wallet wallet.json      DIR as `credentials pki new` writes it
import { writeFileSync } from 'node:fs'
import { Key, loadIdentity } from './keys.mjs'
import { issue as issueMdoc } from './mdoc.mjs'
import { readArguments, tell } from './program.mjs'
import { issue as issueSdJwt } from './sdjwt.mjs'

const { options } = readArguments()
const signer = loadIdentity(options.pki, 'document-signer')
const claims = {
  family_name: 'Hong', given_name: 'Gildong', birth_date: '1990-03-01', issue_date: '2025-01-01', expiry_date: '2035-01-01', document_number: '1',
  issuing_country: 'KR', issuing_authority: 'Agency', age_over_19: true,
  driving_privileges: [{ vehicle_category_code: 'B' }],
}

await tell(async (step) => {
  const [first, second] = [Key.generate(), Key.generate()]
  const vct = 'urn:credentials:kr:mdl:1', docType = 'org.iso.18013.5.1.mDL'
  const sdJwt = await step('sd-jwt', () => issueSdJwt({ vct, claims, holderJwk: first.publicJwk }, signer))
  const mdoc = await step('mdoc', () => issueMdoc({ docType, nameSpaces: { 'org.iso.18013.5.1': { ...claims, un_distinguishing_sign: 'ROK' } }, deviceJwk: second.publicJwk }, signer))
  writeFileSync(options.wallet, JSON.stringify([
    { format: 'dc+sd-jwt', vct, credential: sdJwt, key: first.privateJwk },
    { format: 'mso_mdoc', docType, credential: mdoc, key: second.privateJwk },
  ]))
})
