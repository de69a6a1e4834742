// ISO mdocs on @owf/mdoc: issue, read, present.
import crypto from 'node:crypto'
import '@sd-jwt/sd-jwt-vc' // first: what it depends on registers a class of its own for CBOR tag 24
import * as mdoc from '@owf/mdoc'
import { Key, random, thumbprint } from './keys.mjs'

// The library takes its cryptography from its host.
const context = {
  crypto: {
    random: (length) => Buffer.from(random(length), 'base64url'),
    digest: ({ digestAlgorithm, bytes }) => new Uint8Array(crypto.createHash(digestAlgorithm.replace('-', '').toLowerCase()).update(bytes).digest()),
  },
  cose: {
    sign1: {
      sign: ({ toBeSigned, key }) => new Uint8Array(Buffer.from(Key.fromJwk(plain(key.jwk)).sign(toBeSigned), 'base64url')),
      verify: () => { throw new Error('not used by a holder') },
    },
  },
  x509: {
    getIssuerNameField: ({ certificate, field }) => new crypto.X509Certificate(certificate).issuer.split('\n').filter((line) => line.startsWith(`${field}=`)).map((line) => line.slice(field.length + 1)),
    getPublicKey: ({ certificate }) => mdoc.CoseKey.fromJwk(new crypto.X509Certificate(certificate).publicKey.export({ format: 'jwk' })),
  },
}
const plain = ({ kty, crv, x, y, d }) => ({ kty, crv, x, y, d })
const coseKey = (key) => mdoc.CoseKey.fromJwk({ ...key.privateJwk, alg: 'ES256' })

/** IssuerSigned in base64url. Dates are given as YYYY-MM-DD under names that end in _date. */
export async function issue({ docType, nameSpaces, deviceJwk }, { key, certificate }) {
  const issuer = new mdoc.Issuer(docType, context)
  for (const [name, elements] of Object.entries(nameSpaces))
    issuer.addIssuerNamespace(name, Object.fromEntries(Object.entries(elements).map(([id, value]) => [id, id.endsWith('_date') ? new mdoc.DateOnly(value) : value])))
  const signed = new Date(Math.floor(Date.now() / 1000) * 1000)
  const issued = await issuer.sign({
    signingKey: coseKey(key), algorithm: mdoc.SignatureAlgorithm.ES256, digestAlgorithm: 'SHA-256', certificates: [certificate.raw],
    validityInfo: { signed, validFrom: signed, validUntil: new Date(signed.getTime() + 86_400_000) },
    deviceKeyInfo: { deviceKey: mdoc.DeviceKey.fromJwk(deviceJwk) },
  })
  return issued.encodedForOid4Vci
}

/** Document type and data elements of a credential, as its holder sees them. */
export function read(credential) {
  const issued = mdoc.IssuerSigned.fromEncodedForOid4Vci(credential)
  const value = (v) => (v instanceof mdoc.DateOnly ? v.toISOString() : v)
  const nameSpaces = [...issued.issuerNamespaces.issuerNamespaces].map(([name, items]) => [name, Object.fromEntries(items.map((item) => [item.elementIdentifier, value(item.elementValue)]))])
  return { docType: issued.issuerAuth.mobileSecurityObject.docType, nameSpaces: Object.fromEntries(nameSpaces) }
}

/** A DeviceResponse in base64url with the elements of the paths, signed for the request (OpenID4VP 1.0 B.2.6.1). */
export async function present(credential, { paths, clientId, nonce, responseUri, encryptionJwk, key }) {
  const jwkThumbprint = encryptionJwk && new Uint8Array(Buffer.from(thumbprint(encryptionJwk), 'base64url'))
  const sessionTranscript = await mdoc.SessionTranscript.forOid4Vp({ clientId, nonce, responseUri, jwkThumbprint }, context)
  const namespaces = {}
  for (const [name, element] of paths) (namespaces[name] ??= {})[element] = false
  const deviceRequest = mdoc.DeviceRequest.create({ docRequests: [mdoc.DocRequest.create({ itemsRequest: mdoc.ItemsRequest.create({ docType: read(credential).docType, namespaces }) })] })
  const response = await mdoc.Holder.createDeviceResponseForDeviceRequest(
    { deviceRequest, sessionTranscript, issuerSigned: [mdoc.IssuerSigned.fromEncodedForOid4Vci(credential)], signature: { signingKey: coseKey(key) } }, context)
  return response.encodedForOid4Vp
}
