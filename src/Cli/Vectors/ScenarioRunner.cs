namespace Credentials.Cli.Vectors;

/// <summary>Runs one scenario: finds what its operation means and compares what comes out.</summary>
internal static class ScenarioRunner
{
    internal delegate Task Operation(Scenario scenario, CancellationToken cancelled);

    internal static readonly IReadOnlyDictionary<string, Operation> Operations = new Dictionary<string, Operation>(StringComparer.Ordinal)
    {
        ["base45.decode"] = Base45Scenarios.DecodeAsync,
        ["base45.encode"] = Base45Scenarios.EncodeAsync,
        ["claims-path.select"] = DcqlScenarios.SelectAsync,
        ["cose.mac0"] = CoseScenarios.Mac0Async,
        ["cose.sign1"] = CoseScenarios.Sign1Async,
        ["data-integrity.base-proof"] = SelectiveDisclosureScenarios.BaseProofAsync,
        ["data-integrity.derive"] = SelectiveDisclosureScenarios.DeriveAsync,
        ["data-integrity.hash"] = DataIntegrityScenarios.HashAsync,
        ["data-integrity.sign"] = DataIntegrityScenarios.SignAsync,
        ["data-integrity.verify"] = DataIntegrityScenarios.VerifyAsync,
        ["dcql.parse"] = DcqlScenarios.ParseAsync,
        ["did.resolve"] = DidScenarios.ResolveAsync,
        ["identifier-list.token"] = StatusListScenarios.IdentifierListAsync,
        ["jcs.canonicalize"] = JcsScenarios.CanonicalizeAsync,
        ["jcs.numbers"] = JcsScenarios.NumbersAsync,
        ["json-ld.to-rdf"] = RdfScenarios.FromJsonLdAsync,
        ["jwe.decrypt"] = JoseScenarios.DecryptAsync,
        ["jwk.thumbprint"] = JoseScenarios.ThumbprintAsync,
        ["jws.sign"] = JoseScenarios.SignAsync,
        ["jws.verify"] = JoseScenarios.VerifyAsync,
        ["mdoc.request"] = MdocScenarios.RequestAsync,
        ["mdoc.verify"] = MdocScenarios.VerifyAsync,
        ["multibase.decode"] = MultibaseScenarios.DecodeAsync,
        ["multikey.parse"] = MultibaseScenarios.MultikeyAsync,
        ["openid4vci.configuration"] = OpenId4VciScenarios.ConfigurationAsync,
        ["openid4vci.issuer-metadata"] = OpenId4VciScenarios.MetadataAsync,
        ["openid4vci.key-proof"] = OpenId4VciScenarios.KeyProofAsync,
        ["openid4vci.offer-link"] = OpenId4VciScenarios.OfferLinkAsync,
        ["openid4vp.choose-encryption"] = OpenId4VpScenarios.ChooseEncryptionAsync,
        ["openid4vp.client-metadata"] = OpenId4VpScenarios.ClientMetadataAsync,
        ["openid4vp.read-response"] = OpenId4VpScenarios.ReadResponseAsync,
        ["openid4vp.session-transcript"] = OpenId4VpScenarios.SessionTranscriptAsync,
        ["openid4vp.verify-document"] = OpenId4VpScenarios.VerifyDocumentAsync,
        ["proximity.engagement"] = ProximityScenarios.EngagementAsync,
        ["proximity.session"] = ProximityScenarios.SessionAsync,
        ["qr-document.verify"] = QrDocumentScenarios.VerifyAsync,
        ["rdf.canonicalize"] = RdfScenarios.CanonicalizeAsync,
        ["sd-jwt.disclosure"] = SdJwtScenarios.DisclosureAsync,
        ["sd-jwt.process"] = SdJwtScenarios.ProcessAsync,
        ["sd-jwt.round-trip"] = SdJwtScenarios.RoundTripAsync,
        ["sd-jwt.verify"] = SdJwtScenarios.VerifyAsync,
        ["status-list.aggregation"] = StatusListScenarios.AggregationAsync,
        ["status-list.read"] = StatusListScenarios.ReadAsync,
        ["status-list.reference"] = StatusListScenarios.ReferenceAsync,
        ["status-list.token"] = StatusListScenarios.TokenAsync,
        ["type-metadata.parse"] = TypeMetadataScenarios.ParseAsync,
        ["w3c.bitstring"] = W3cScenarios.BitstringAsync,
        ["w3c.data-model"] = W3cScenarios.DataModelAsync,
        ["w3c.round-trip"] = W3cScenarios.RoundTripAsync,
        ["w3c.verify"] = W3cScenarios.VerifyAsync,
        ["x509.chain"] = CertificateScenarios.ChainAsync,
    };

    /// <summary>Null if the scenario came out as it says, else what differed.</summary>
    internal static async Task<string?> RunAsync(Scenario scenario, CancellationToken cancelled)
    {
        try
        {
            if (!Operations.TryGetValue(scenario.Operation, out var operation))
                return $"the operation {TextSafety.ForTerminal(scenario.Operation)} is unknown";
            await operation(scenario, cancelled);
            return null;
        }
        catch (MismatchException mismatch)
        {
            return mismatch.Message;
        }
        catch (CredentialException refusal)
        {
            return $"{refusal.Code}: {TextSafety.ForTerminal(refusal.Message)}";
        }
        catch (IOException unreadable)
        {
            return TextSafety.ForTerminal(unreadable.Message);
        }
    }
}
