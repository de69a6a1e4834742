using System.Text;
using System.Text.Json;
using Credentials.Fuzz.Tests.Mutation;
using Credentials.SdJwt;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>An SD-JWT in any form, and its processed payload. Second implementation: <see cref="DisclosureReference"/>.</summary>
internal sealed class SdJwtTarget : FuzzTarget
{
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
        foreach (var form in Enum.GetValues<SdJwtSerialization>())
        {
            var other = SdJwtCredential.Parse(credential.As(form).ToString());
            Require(other.Disclosures.Select(d => d.Text).SequenceEqual(credential.Disclosures.Select(d => d.Text)), "Another form has other disclosures.");
        }

        var expected = DisclosureReference.Process(credential);
        Require(expected.HasValue == claims.HasValue, claims.HasValue ? "A payload is processed that breaks RFC 9901 section 7.1." : "A payload is refused that breaks no rule of RFC 9901 section 7.1.");
        if (claims is { } processed) Require(JsonElement.DeepEquals(processed, expected!.Value), "Claims are not what RFC 9901 section 7.1 makes of them.");
    }
}
