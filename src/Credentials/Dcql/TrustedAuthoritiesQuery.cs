using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Dcql;

/// <summary>Authorities of which one must certify the issuer (OpenID4VP 1.0 §6.1.1).</summary>
/// <param name="Type">The kind of <paramref name="Values"/>. Only <see cref="AuthorityKeyIdentifier"/> is evaluated; any other kind
/// matches nothing, so that a wallet shows less rather than more.</param>
/// <param name="Values">Not empty; for <c>aki</c> each is a key identifier in base64url.</param>
public sealed record TrustedAuthoritiesQuery(string Type, IReadOnlyList<string> Values)
{
    /// <summary>The type <c>aki</c>: the AuthorityKeyIdentifier of a certificate in the credential's chain (§6.1.1.1).</summary>
    public const string AuthorityKeyIdentifier = "aki";

    internal static TrustedAuthoritiesQuery Parse(JsonElement json) => new(
        json.RequireString(DcqlNames.Type, DcqlCodes.Malformed),
        DcqlReader.List(json, DcqlNames.Values, DcqlLimits.AuthorityValues, DcqlReader.Text)
            ?? throw DcqlReader.Malformed("trusted_authorities without values"));

    internal bool Matches(DcqlCandidate candidate) =>
        Type == AuthorityKeyIdentifier && candidate.AuthorityKeyIdentifiers.Any(Values.Contains);

    internal JsonObject ToJson() =>
        new() { [DcqlNames.Type] = Type, [DcqlNames.Values] = DcqlReader.Strings(Values) };
}
