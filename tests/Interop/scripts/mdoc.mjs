// ISO mdocs on @owf/mdoc: issue, check what was issued, read, present.
import crypto from 'node:crypto'
// The libraries of sdjwt.mjs and this one register decoders of CBOR tag 24 with cbor-x, where the last one wins: load them first.
import './sdjwt.mjs'
import * as mdoc from '@owf/mdoc'
import { Key, keyOfChain, random, thumbprint } from './keys.mjs'

// The library takes its cryptography from its host.
const context = {
  crypto: {
    random: (length) => Buffer.from(random(length), 'base64url'),
    digest: ({ digestAlgorithm, bytes }) => new Uint8Array(crypto.createHash(digestAlgorithm.replace('-', '').toLowerCase()).update(bytes).digest()),
  },
  cose: {
    sign1: {
      sign: ({ toBeSigned, key }) => new Uint8Array(Buffer.from(Key.fromJwk(plain(key.jwk)).sign(toBeSigned), 'base64url')),
      verify: ({ sign1, key }) => crypto.verify('sha256', sign1.toBeSigned, { key: crypto.createPublicKey({ key: plain(key.jwk), format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, sign1.signature),
    },
  },
  x509: {
    getIssuerNameField: ({ certificate, field }) => new crypto.X509Certificate(certificate).issuer.split('\n').filter((line) => line.startsWith(`${field}=`)).map((line) => line.slice(field.length + 1)),
    getPublicKey: ({ certificate }) => mdoc.CoseKey.fromJwk(new crypto.X509Certificate(certificate).publicKey.export({ format: 'jwk' })),
    verifyCertificateChain: ({ trustedCertificates, x5chain }) =>
      void keyOfChain(x5chain.map((der) => Buffer.from(der).toString('base64')), trustedCertificates.map((der) => new crypto.X509Certificate(der))),
    getCertificateData: ({ certificate: der }) => {
      const { issuer, subject, serialNumber, fingerprint256, validFrom, validTo } = new crypto.X509Certificate(der)
      return { issuerName: issuer, subjectName: subject, serialNumber, thumbprint: fingerprint256, notBefore: new Date(validFrom), notAfter: new Date(validTo), pem: new crypto.X509Certificate(der).toString() }
    },
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

/** Checks an mdoc as an issuer hands it out; throws when something is wrong. Gives the data elements by namespace. */
export async function verifyIssued(text, { anchors, doctype, holderJwk }) {
  const issuerSigned = mdoc.IssuerSigned.fromEncodedForOid4Vci(text)
  await mdoc.Holder.verifyIssuerSigned({ issuerSigned, trustedCertificates: anchors.map((anchor) => new Uint8Array(anchor.raw)) }, context)
  const { docType, deviceKeyInfo } = issuerSigned.issuerAuth.mobileSecurityObject
  if (docType !== doctype) throw new Error(`docType is ${docType}`)
  if (thumbprint(deviceKeyInfo.deviceKey.jwk) !== thumbprint(holderJwk)) throw new Error('the device key is not the key of the proof')
  return Object.fromEntries([...issuerSigned.issuerNamespaces.issuerNamespaces].map(([name, items]) =>
    [name, Object.fromEntries(items.map((item) => [item.elementIdentifier, item.elementValue instanceof mdoc.DateOnly ? item.elementValue.toISOString() : item.elementValue]))]))
}
