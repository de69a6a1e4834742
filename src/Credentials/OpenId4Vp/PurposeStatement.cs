using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vp;

/// <summary>
/// Why a verifier asks, in its own words. OpenID4VP 1.0 has no parameter for that, so it travels as an entry of <c>verifier_info</c>
/// (§5.11) in a format of our own, protected by the signature of the request and vouched for by nobody else: to be shown as what the
/// verifier says.
/// </summary>
/// <param name="Texts">The purpose by BCP 47 language tag.</param>
public sealed record PurposeStatement(IReadOnlyDictionary<string, string> Texts)
{
    /// <summary>The <c>format</c> of the entry. Its <c>data</c> is an object: language tag → text.</summary>
    public const string Format = "urn:credentials:purpose:1";

    private const int MaxLanguages = 20;

    /// <summary>The first statement of a request; null if it has none, or none that can be read: wallets need not know the format.</summary>
    public static PurposeStatement? Find(IEnumerable<VerifierInfo> infos) =>
        infos.FirstOrDefault(info => info.Format == Format)?.UnverifiedData is { ValueKind: JsonValueKind.Object } data
            ? new PurposeStatement(data.EnumerateObject().Where(text => text.Value.ValueKind == JsonValueKind.String).Take(MaxLanguages)
                .ToDictionary(text => text.Name, text => text.Value.GetString()!, StringComparer.Ordinal))
            : null;

    /// <summary>The entry for a request.</summary>
    public VerifierInfo ToVerifierInfo() => new(
        Format, StrictJson.ToElement(new JsonObject(Texts.Select(text => KeyValuePair.Create(text.Key, (JsonNode?)JsonValue.Create(text.Value))))));
}
