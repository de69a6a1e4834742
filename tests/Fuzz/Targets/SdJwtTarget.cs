using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Fuzz.Tests.Mutation;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>An SD-JWT in any form, and its processed payload. Second implementation: <see cref="DisclosureReference"/>.</summary>
internal sealed class SdJwtTarget : FuzzTarget
{
    private static readonly SdJwtExpectations s_expected = new()
    {
        Trust = TrustStore.Empty,
        Now = new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero),
        KeyBinding = KeyBindingExpectation.Required("x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk", "n-0S6_WzA2Mj"),
        Status = new StatusPolicy(StatusMode.Skip),
    };

    private int _verified;

    public override string Name => "sd-jwt";

    public override InputShape Shape => InputShape.Compact;

    public override IEnumerable<byte[]> Seeds(Vectors vectors) => vectors.Texts("sd_jwt", "sd-jwt.verify");

    protected override object Read(byte[] input)
    {
        var credential = SdJwtCredential.Parse(Encoding.Latin1.GetString(input));
        try
        {
            return (credential, (JsonElement?)credential.ProcessUnverified().Claims);
        }
        catch (MalformedDataException e) when (e.Code.StartsWith("sdjwt.", StringComparison.Ordinal) || e.Code.StartsWith("sd_jwt.", StringComparison.Ordinal))
        {
            return (credential, (JsonElement?)null);
        }
    }

    protected override void Check(byte[] input, object value)
    {
        var (credential, claims) = ((SdJwtCredential, JsonElement?))value;
        if (credential.Serialization == SdJwtSerialization.Compact) Require(credential.ToString() == Encoding.Latin1.GetString(input), "The compact form is not what was read.");
        var again = SdJwtCredential.Parse(credential.ToString());
        Require(again.ToString() == credential.ToString() && again.WithoutKeyBinding == credential.WithoutKeyBinding, "A form is not what it was after it was written.");
        // The JSON forms have these two in their unprotected header (RFC 9901 §8), so that a protected one has no JSON form.
        var hasJsonForm = credential.Serialization == SdJwtSerialization.Compact
            && credential.IssuerJwt.Header.Member("disclosures") is null && credential.IssuerJwt.Header.Member("kb_jwt") is null;
        foreach (var form in hasJsonForm ? Enum.GetValues<SdJwtSerialization>() : [SdJwtSerialization.Compact])
        {
            var other = SdJwtCredential.Parse(credential.As(form).ToString());
            Require(other.Disclosures.Select(d => d.Text).SequenceEqual(credential.Disclosures.Select(d => d.Text)), "Another form has other disclosures.");
        }

        if (_verified++ % 16 == 0) Require(!SdJwtVerifier.VerifyAsync(Encoding.Latin1.GetString(input), s_expected).GetAwaiter().GetResult().IsAccepted, "A credential of nobody is accepted.");
        var expected = DisclosureReference.Process(credential);
        Require(expected.HasValue == claims.HasValue, claims.HasValue ? "A payload is processed that breaks RFC 9901 section 7.1." : "A payload is refused that breaks no rule of RFC 9901 section 7.1.");
        if (claims is { } processed) Require(JsonElement.DeepEquals(processed, expected!.Value), "Claims are not what RFC 9901 section 7.1 makes of them.");
    }
}
