// A wallet whose attestations are made by jose: right ones, and ones with one thing wrong.
//   node attestations.mjs --issuer URL --code CODE --trusted DIR --other DIR
// The folders are those of `credentials pki new`; the issuer trusts the first one's root. Prints what the issuer answered to each.
import * as jose from 'jose'
import { loadIdentity, random, base64url } from './keys.mjs'
import { readArguments, tell } from './program.mjs'

const { options } = readArguments()
const client = 'https://wallet.example'
const now = () => Math.floor(Date.now() / 1000)

const post = async (path, body, headers = {}) => {
  const response = await fetch(options.issuer + path, { method: 'POST', body, headers })
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : {} }
}
const challenge = async () => (await post('/challenge')).body.attestation_challenge
const nonce = async () => (await post('/nonce')).body.c_nonce

const newKey = async () => {
  const { publicKey, privateKey } = await jose.generateKeyPair('ES256', { extractable: true })
  return { publicKey, privateKey, jwk: await jose.exportJWK(publicKey) }
}
const provider = (folder) => {
  const { key, x5c } = loadIdentity(folder, 'status-signer')
  return { key: key.privateKey, x5c }
}
const trusted = provider(options.trusted), other = provider(options.other)
const unsecured = (header, payload) => `${base64url(JSON.stringify({ ...header, alg: 'none' }))}.${base64url(JSON.stringify(payload))}.`

/** Signs; a change may take the header, the payload and the key out of line. */
async function sign(made, change = () => {}) {
  change(made)
  if (made.header.alg === 'none') return unsecured(made.header, made.payload)
  return new jose.SignJWT(made.payload).setProtectedHeader(made.header).sign(made.key)
}
const attestClient = (instance, change) => sign({
  header: { alg: 'ES256', typ: 'oauth-client-attestation+jwt', x5c: trusted.x5c },
  payload: { iss: 'https://provider.example', sub: client, iat: now(), exp: now() + 3600, cnf: { jwk: instance.jwk } },
  key: trusted.key
}, change)
const proveInstance = (instance, value, change) => sign({
  header: { alg: 'ES256', typ: 'oauth-client-attestation-pop+jwt' },
  payload: { iss: client, aud: options.issuer, jti: random(), iat: now(), challenge: value },
  key: instance.privateKey
}, change)
const attestKeys = (keys, value, change) => sign({
  header: { alg: 'ES256', typ: 'key-attestation+jwt', x5c: trusted.x5c },
  payload: { iat: now(), exp: now() + 3600, attested_keys: keys.map((k) => k.jwk), key_storage: ['iso_18045_high'], user_authentication: ['iso_18045_high'], nonce: value },
  key: trusted.key
}, change)
const proveKey = (key, value, attestation, change) => sign({
  header: { alg: 'ES256', typ: 'openid4vci-proof+jwt', jwk: key.jwk, key_attestation: attestation },
  payload: { iss: client, aud: options.issuer, iat: now(), nonce: value },
  key: key.privateKey
}, change)

await tell(async (step) => {
  const answers = {}
  const note = (name, { status, body }) => { answers[name] = `${status} ${body.error ?? 'ok'}` }
  const instance = await newKey(), stranger = await newKey(), expired = now() - 7200
  const token = (attestation, proof) => post('/token', new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code', 'pre-authorized_code': options.code
  }), { 'OAuth-Client-Attestation': attestation, 'OAuth-Client-Attestation-PoP': proof })
  const tokenWith = async (inAttestation, inProof, value) => token(await attestClient(instance, inAttestation), await proveInstance(instance, value ?? await challenge(), inProof))

  const wrongAttestations = {
    'typ': (m) => { m.header.typ = 'jwt' },
    'alg none': (m) => { m.header.alg = 'none' },
    'expired': (m) => { m.payload.iat = expired; m.payload.exp = expired + 3600 },
    'from the future': (m) => { m.payload.iat = now() + 3600; m.payload.exp = now() + 7200 },
    'no exp': (m) => { delete m.payload.exp },
    'no cnf': (m) => { delete m.payload.cnf },
    'key of another instance': (m) => { m.payload.cnf = { jwk: stranger.jwk } },
    'untrusted chain': (m) => { m.header.x5c = other.x5c; m.key = other.key },
    'another key under the chain': (m) => { m.key = other.key },
    'no chain': (m) => { delete m.header.x5c },
    'symmetric': (m) => { m.header.alg = 'HS256'; m.key = new TextEncoder().encode(trusted.x5c[0]) }
  }
  const wrongProofs = {
    'typ': (m) => { m.header.typ = 'jwt' },
    'alg none': (m) => { m.header.alg = 'none' },
    'old': (m) => { m.payload.iat = expired },
    'audience': (m) => { m.payload.aud = 'https://other.example' },
    'two audiences': (m) => { m.payload.aud = [options.issuer, 'https://other.example'] },
    'client': (m) => { m.payload.iss = 'https://other.example' },
    'no jti': (m) => { delete m.payload.jti },
    'another key': (m) => { m.key = stranger.privateKey },
    'no challenge': (m) => { delete m.payload.challenge },
    'invented challenge': (m) => { m.payload.challenge = random(32) }
  }
  await step('wrong wallet attestations', async () => {
    for (const [name, change] of Object.entries(wrongAttestations)) note(`attestation: ${name}`, await tokenWith(change))
    for (const [name, change] of Object.entries(wrongProofs)) note(`proof: ${name}`, await tokenWith(undefined, change))
    note('proof: nonce as challenge', await tokenWith(undefined, undefined, await nonce()))
  })

  const access = await step('right wallet attestation', async () => {
    const jti = random(), value = await challenge()
    const attestation = await attestClient(instance), proof = await proveInstance(instance, value, (m) => { m.payload.jti = jti })
    const answer = await token(attestation, proof)
    note('token', answer)
    note('proof: sent again', await token(attestation, proof))
    note('proof: jti again', await tokenWith(undefined, (m) => { m.payload.jti = jti }))
    note('proof: challenge again', await tokenWith(undefined, undefined, value))
    return answer.body.access_token
  })

  const credential = (proofs) => post('/credential', JSON.stringify({ credential_configuration_id: 'mdl_sd_jwt', proofs }), { authorization: `Bearer ${access}`, 'content-type': 'application/json' })
  const wrongKeyAttestations = {
    'typ': (m) => { m.header.typ = 'keyattestation+jwt' },
    'alg none': (m) => { m.header.alg = 'none' },
    'expired': (m) => { m.payload.iat = expired; m.payload.exp = expired + 3600 },
    'from the future': (m) => { m.payload.iat = now() + 3600; m.payload.exp = now() + 7200 },
    'untrusted chain': (m) => { m.header.x5c = other.x5c; m.key = other.key },
    'another key under the chain': (m) => { m.key = other.key },
    'no chain': (m) => { delete m.header.x5c },
    'low storage': (m) => { m.payload.key_storage = ['iso_18045_basic'] },
    'no storage': (m) => { delete m.payload.key_storage },
    'no keys': (m) => { m.payload.attested_keys = [] },
    'a key twice': (m) => { m.payload.attested_keys = [m.payload.attested_keys[0], m.payload.attested_keys[0]] },
    'no nonce': (m) => { delete m.payload.nonce },
    'invented nonce': (m) => { m.payload.nonce = random(32) }
  }
  await step('wrong key attestations', async () => {
    for (const [name, change] of Object.entries(wrongKeyAttestations)) {
      const key = await newKey()
      note(`keys: ${name}`, await credential({ attestation: [await attestKeys([key], await nonce(), change)] }))
      const value = await nonce()
      note(`keys in proof: ${name}`, await credential({ jwt: [await proveKey(key, value, await attestKeys([key], value, change))] }))
    }
    const key = await newKey(), value = await nonce()
    note('keys in proof: another key', await credential({ jwt: [await proveKey(key, value, await attestKeys([await newKey()], value))] }))
    note('keys in proof: no exp', await credential({ jwt: [await proveKey(key, value, await attestKeys([key], value, (m) => { delete m.payload.exp }))] }))
    note('keys: none attested', await credential({ jwt: [await proveKey(key, value, undefined, (m) => { delete m.header.key_attestation })] }))
  })

  await step('right key attestation', async () => {
    const keys = [await newKey(), await newKey()], value = await nonce()
    const answer = await credential({ jwt: [await proveKey(keys[0], value, await attestKeys(keys, value))] })
    note('credential', answer)
    const confirmed = answer.body.credentials.map(({ credential: text }) => jose.decodeJwt(text.split('~')[0]).cnf.jwk.x).sort()
    answers['credentials for the attested keys'] = String(JSON.stringify(confirmed) === JSON.stringify(keys.map((k) => k.jwk.x).sort()))
  })
  return answers
})
