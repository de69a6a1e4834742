using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Mdoc;

/// <summary>Reader authentication, checked by the holder (ISO/IEC 18013-5 §9.1.4).</summary>
public static class ReaderAuthentication
{
    /// <summary>
    /// Who signed each document request. A signature over all of them counts for each; where there are several, every one
    /// must verify and one of its signers be trusted.
    /// </summary>
    /// <param name="request">The request as received.</param>
    /// <param name="transcript">The session.</param>
    /// <param name="trust">The authorities of verifiers.</param>
    /// <param name="now">The time of verification.</param>
    /// <returns>One identity for each document request, in order.</returns>
    public static IReadOnlyList<ReaderIdentity> Verify(DeviceRequest request, SessionTranscript transcript, TrustStore trust, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        var all = request.ReaderAuthAll.Count == 0 ? [] : Identify(
            request.ReaderAuthAll, BytesOfAll(transcript, [.. request.DocRequests.Select(one => one.ItemsRequest)], request.DeviceRequestInfo), trust, now);
        return [.. request.DocRequests.Select(one =>
        {
            List<ReaderIdentity> signers = [.. all];
            if (one.ReaderAuth is { } auth) signers.AddRange(Identify([auth], Bytes(transcript, one.ItemsRequest), trust, now));
            if (signers.Count == 0) return ReaderIdentity.Anonymous;
            return signers.Find(signer => signer.Code == MdocCodes.ReaderAuthInvalid) ?? signers.Find(signer => signer.IsVerified) ?? signers[0];
        })];
    }

    // §9.1.4.3: ReaderAuthenticationBytes
    internal static ReadOnlyMemory<byte> Bytes(SessionTranscript transcript, ItemsRequest items) => EncodedCbor.Wrap(CborWriting.Encode(writer =>
    {
        writer.WriteStartArray(3);
        writer.WriteTextString("ReaderAuthentication");
        writer.WriteEncoded(transcript.Bytes);
        writer.WriteEncoded(items.Encoded.Bytes);
        writer.WriteEndArray();
    })).Bytes;

    // Second edition: ReaderAuthenticationAllBytes
    internal static ReadOnlyMemory<byte> BytesOfAll(SessionTranscript transcript, IReadOnlyList<ItemsRequest> items, EncodedCbor? info) =>
        EncodedCbor.Wrap(CborWriting.Encode(writer =>
        {
            writer.WriteStartArray(4);
            writer.WriteTextString("ReaderAuthenticationAll");
            writer.WriteEncoded(transcript.Bytes);
            writer.WriteStartArray(items.Count);
            foreach (var one in items) writer.WriteEncoded(one.Encoded.Bytes);
            writer.WriteEndArray();
            if (info is { } more) writer.WriteEncoded(more.Bytes);
            else writer.WriteNull();
            writer.WriteEndArray();
        })).Bytes;

    private static IReadOnlyList<ReaderIdentity> Identify(IReadOnlyList<CoseSign1> signatures, ReadOnlyMemory<byte> payload, TrustStore trust, DateTimeOffset now) =>
        [.. signatures.Select(signature => Identify(signature, payload, trust, now))];

    private static ReaderIdentity Identify(CoseSign1 signature, ReadOnlyMemory<byte> payload, TrustStore trust, DateTimeOffset now)
    {
        try
        {
            if (signature.Headers.X5Chain() is not { } chain) return new ReaderIdentity(null, MdocCodes.ChainMissing);
            var decision = trust.EvaluateChain(chain, TrustPurpose.Verifier, null, now, CertificateProfile.MdocReader);
            var stranger = decision.Key is null ? CertificateReader.FromDer(chain[0].Span) : null;
            if (!signature.Verify(decision.Key ?? Keys.PublicKey.FromCertificate(stranger!), payload)) return new ReaderIdentity(decision, MdocCodes.ReaderAuthInvalid);
            return new ReaderIdentity(decision, decision.Code) { UnverifiedCertificate = stranger };
        }
        catch (CredentialException e)
        {
            return new ReaderIdentity(null, e.Code);
        }
    }
}
