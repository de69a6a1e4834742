using Credentials.Codecs;
using Credentials.Mdoc;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Cli.Vectors;

/// <summary>Certificate chains under the profiles of ISO/IEC 18013-5 Annex B.</summary>
internal static class CertificateScenarios
{
    internal static Task ChainAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var (profile, purpose) = scenario.Input.RequireString("profile") switch
        {
            "mdl_document_signer" => (CertificateProfile.MdocDocumentSigner, TrustPurpose.CredentialIssuer),
            "mdoc_reader" => (CertificateProfile.MdocReader, TrustPurpose.Verifier),
            var other => throw new MismatchException($"the profile {TextSafety.ForTerminal(other)} is unknown"),
        };
        var trust = TrustOf(scenario, purpose);
        ReadOnlyMemory<byte>[] chain = [.. (scenario.Input.OptionalStringArray("chain_hex") ?? []).Select(hex => (ReadOnlyMemory<byte>)Convert.FromHexString(hex))];
        var decision = trust.EvaluateChain(chain, purpose, MdocNames.MdlDocType, scenario.Now, profile);
        if (!decision.IsTrusted)
            throw new MalformedDataException(decision.Code ?? X509Codes.Untrusted, "The chain is not trusted.");
    });

    /// <summary>The scenario's certificates as authorities of this role.</summary>
    internal static TrustStore TrustOf(Scenario scenario, TrustPurpose purpose) => TrustStore.Create(
        (scenario.Json.RequireObjectMember("trust").OptionalStringArray("certificates") ?? []).SelectMany(pem => TrustStore.FromPem(pem, purpose).Anchors));
}
