using System.Text.Json;
using Credentials.Codecs;
using Credentials.Jose;

namespace Credentials.OpenId4Vp;

/// <summary>The wallet's check of a request that came over the Digital Credentials API (OpenID4VP 1.0 A.2, A.3).</summary>
public static class DigitalCredentialsRequestVerifier
{
    private const string Code = OpenId4VpCodes.RequestMalformed;
    private const int MaxSignatures = 8;

    /// <summary>Verifies a request.</summary>
    /// <param name="protocol">The exchange protocol that the platform names.</param>
    /// <param name="data">The request's <c>data</c>.</param>
    /// <param name="origin">The origin that asks, as the platform tells it; compared as it is.</param>
    /// <param name="expected">Trust, time and what the wallet can do.</param>
    /// <param name="cancellationToken">Ends the resolution of DIDs.</param>
    /// <exception cref="MalformedDataException">Not such a request.</exception>
    /// <exception cref="ProtocolException">A rule is broken; where several signed, none of them is valid and trusted.</exception>
    public static async Task<VerifiedDigitalCredentialsRequest> VerifyAsync(
        string protocol, JsonElement data, string origin, RequestExpectations expected, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(origin);
        data.RequireObject(Code);
        switch (protocol)
        {
            case OpenId4VpNames.UnsignedProtocol:
                // A.2: its client_id and expected_origins mean nothing.
                return Accept(DigitalCredentialsRequest.Parse(data), null, null, origin, expected);
            case OpenId4VpNames.SignedProtocol:
                var jws = CompactJws.Parse(data.RequireString(OpenId4VpNames.Request, Code));
                jws.RequireType(OpenId4VpNames.RequestObjectType);
                return await VerifySignedAsync(jws, jws.PayloadObject, jws.PayloadObject, origin, expected, cancellationToken).ConfigureAwait(false);
            case OpenId4VpNames.MultiSignedProtocol:
                return await VerifyOneOfAsync(data.RequireObjectMember(OpenId4VpNames.Request, Code), origin, expected, cancellationToken).ConfigureAwait(false);
            default:
                throw new ProtocolException(OpenId4VpCodes.RequestNotSupported, OpenId4VpErrors.InvalidRequest, "The exchange protocol is not supported.");
        }
    }

    /// <summary>HAIP §5.2: the first signature that is valid and trusted counts; the others may be for wallets of another ecosystem.</summary>
    private static async Task<VerifiedDigitalCredentialsRequest> VerifyOneOfAsync(
        JsonElement json, string origin, RequestExpectations expected, CancellationToken cancellationToken)
    {
        var payload = json.RequireString(OpenId4VpNames.Payload, Code);
        var signatures = json.RequireArray(OpenId4VpNames.Signatures, Code);
        if (signatures.GetArrayLength() is 0 or > MaxSignatures) throw new MalformedDataException(Code, "There are no signatures, or too many.");
        CredentialException? failure = null;
        foreach (var signature in signatures.EnumerateArray())
        {
            try
            {
                signature.RequireObject(Code);
                // RFC 7515 §7.2.1: what a compact JWS would have between its dots.
                var jws = CompactJws.Parse($"{signature.RequireString(OpenId4VpNames.Protected, Code)}.{payload}.{signature.RequireString(OpenId4VpNames.Signature, Code)}");
                // The examples of A.3.2.2 have no typ.
                if (jws.Type is not null) jws.RequireType(OpenId4VpNames.RequestObjectType);
                if (jws.PayloadObject.Member(OpenId4VpNames.ClientId) is not null || jws.PayloadObject.Member(OpenId4VpNames.VerifierInfo) is not null)
                    throw new MalformedDataException(Code, "Who asks stands in the headers alone where several sign.");
                return await VerifySignedAsync(jws, jws.PayloadObject, jws.Header, origin, expected, cancellationToken).ConfigureAwait(false);
            }
            catch (CredentialException e)
            {
                failure ??= e;
            }
        }
        throw failure!;
    }

    /// <param name="client">Where <c>client_id</c> and <c>verifier_info</c> stand: the claims, or the header.</param>
    private static async Task<VerifiedDigitalCredentialsRequest> VerifySignedAsync(
        CompactJws jws, JsonElement claims, JsonElement client, string origin, RequestExpectations expected, CancellationToken cancellationToken)
    {
        var clientId = ClientIdentifier.Parse(client.RequireString(OpenId4VpNames.ClientId, Code));
        var signer = await RequestSigner.AuthenticateAsync(jws, clientId, responseUri: null, expected, cancellationToken).ConfigureAwait(false);
        var request = DigitalCredentialsRequest.Parse(claims) with
        {
            VerifierInfo = [.. AuthorizationRequest.Entries(client, OpenId4VpNames.VerifierInfo).Select(VerifierInfo.Parse)],
        };
        // A.2: the strings as they are, or the request was taken from its verifier by another site.
        if (!request.ExpectedOrigins.Contains(origin, StringComparer.Ordinal))
            throw RequestVerifier.Invalid(OpenId4VpCodes.Origin, "The request is not for the origin that sent it.");
        if (claims.Member(OpenId4VpNames.Aud) is { } audience && !(audience.ValueKind == JsonValueKind.String && audience.GetString() == OpenId4VpNames.StaticAudience))
            throw RequestVerifier.Invalid(OpenId4VpCodes.RequestAudience, "The request object is for another recipient.");
        RequestVerifier.CheckTimes(claims, expected);
        // HAIP §5.2 and §5
        if (expected.Profile == RequestProfile.Haip && clientId.Prefix != ClientIdPrefix.X509Hash)
            throw RequestVerifier.Invalid(OpenId4VpCodes.ClientIdPrefix, "The profile knows x509_hash only.");
        return Accept(request, clientId, signer, origin, expected);
    }

    private static VerifiedDigitalCredentialsRequest Accept(
        DigitalCredentialsRequest request, ClientIdentifier? clientId, RequestSigner? signer, string origin, RequestExpectations expected)
    {
        if (expected.Profile == RequestProfile.Haip && !request.WantsEncryption)
            throw RequestVerifier.Invalid(OpenId4VpCodes.Encryption, "The profile needs an encrypted answer.");
        TransactionDataType.Check(request.TransactionData, request.DcqlQuery, expected.TransactionDataTypes);
        var encryption = request.WantsEncryption ? ResponseEncryption.Choose(request.ClientMetadata) : null;
        return new VerifiedDigitalCredentialsRequest(request, clientId, origin, encryption, signer);
    }
}
