using System.Text.Json;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.OpenId4Vci;

namespace Credentials.Cli.Vectors;

/// <summary>OpenID4VCI: offers, key proofs, metadata of issuers.</summary>
internal static class OpenId4VciScenarios
{
    internal static Task OfferLinkAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var link = CredentialOfferLink.Parse(scenario.Input.RequireString("link"), allowLoopbackHttp: false);
        Compare.Same("credential_offer_uri", scenario.Expect.OptionalString("credential_offer_uri"), link.Reference?.AbsoluteUri);
        if (scenario.Expect.OptionalObject("credential_offer") is { } offer)
            CompareOffer(offer, link.Offer ?? throw new MismatchException("the link has no offer"));
    });

    internal static Task KeyProofAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var proof = KeyProof.Verify(scenario.Input.RequireString("jwt"), new KeyProofExpectations
        {
            CredentialIssuer = scenario.Input.RequireString("credential_issuer"),
            ClientId = null,
            Algorithms = ["ES256"],
            NonceRequired = true,
            Now = scenario.Now,
        });
        Compare.Same("nonce", scenario.Expect.RequireString("nonce"), proof.Nonce);
        Compare.SameJson("jwk", scenario.Expect.RequireObjectMember("jwk"), Jwk.Write(proof.HolderKey));
    });

    internal static Task MetadataAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var metadata = CredentialIssuerMetadata.Parse(
            scenario.Input.RequireObjectMember("metadata"), scenario.Input.RequireString("credential_issuer"), allowLoopbackHttp: false);
        Compare.SameList("configurations", scenario.Expect.OptionalStringArray("configurations"), metadata.Configurations.Keys);
        Compare.Same("batch_size", scenario.Expect.RequireIndex("batch_size"), (long)metadata.BatchSize);
        Compare.True(metadata.ResponseEncryptionRequired, "the required encryption of responses was not read");
        Compare.True(
            metadata.Configurations.Values.All(configuration => configuration.ProofTypes["jwt"].KeyAttestationRequired), "a required key attestation was not read");
        var again = CredentialIssuerMetadata.Parse(StrictJson.ToElement(metadata.ToJson()), metadata.CredentialIssuer, allowLoopbackHttp: false);
        Compare.SameJson("what we write, read again", StrictJson.ToElement(metadata.ToJson()), again.ToJson());
    });

    /// <summary>One credential configuration: read, and read again as we write it.</summary>
    internal static Task ConfigurationAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var json = scenario.Input.RequireObjectMember("configuration");
        var configuration = CredentialConfiguration.Parse(json);
        Compare.Same("format", scenario.Expect.RequireString("format"), configuration.Format);
        var written = StrictJson.ToElement(configuration.ToJson());
        Compare.SameJson("credential_metadata as we write it", json.RequireObjectMember("credential_metadata"), written.RequireObjectMember("credential_metadata"));
        Compare.SameJson("what we write, read again", written, CredentialConfiguration.Parse(written).ToJson());
    });

    private static void CompareOffer(JsonElement expected, CredentialOffer offer)
    {
        Compare.Same("credential_issuer", expected.RequireString("credential_issuer"), offer.CredentialIssuer);
        Compare.SameList("credential_configuration_ids", expected.OptionalStringArray("credential_configuration_ids"), offer.ConfigurationIds);
        var grant = expected.RequireObjectMember("grants").RequireObjectMember(OpenId4VciNames.PreAuthorizedCodeGrant);
        Compare.Same("pre-authorized_code", grant.RequireString("pre-authorized_code"), offer.PreAuthorized?.Code);
        Compare.Same("tx_code.description", grant.OptionalObject("tx_code")?.OptionalString("description"), offer.PreAuthorized?.TxCode?.Description);
        var again = CredentialOfferLink.Parse(CredentialOfferLink.ByValue(offer), allowLoopbackHttp: false).Offer;
        Compare.SameJson("what we write, read again", StrictJson.ToElement(offer.ToJson()), again!.ToJson());
    }
}
