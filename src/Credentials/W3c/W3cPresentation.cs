using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.W3c;

/// <summary>
/// A presentation of the W3C data model, read and held against its rules (Data Model 2.0 §4.13, or 1.1 §4.10), but not verified.
/// <see cref="W3cVerifier"/> verifies.
/// </summary>
public sealed class W3cPresentation
{
    /// <summary>Most credentials in one presentation.</summary>
    public const int MaxCredentials = 20;

    private W3cPresentation(JsonElement json, DataModelVersion version, bool acceptV1)
    {
        (Json, Version) = (json, version);
        DataModelRules.CheckKeywords(json, allowContext: true);
        Types = DataModelRules.ReadTypes(json, W3cNames.PresentationType, W3cCodes.Type);
        Id = DataModelRules.ReadId(json);
        Holder = json.Member(W3cNames.Holder) is { } holder ? DataModelRules.ReadParty(holder, W3cCodes.Holder) : null;
        foreach (var name in (ReadOnlySpan<string>)["termsOfUse", "refreshService"]) DataModelRules.ReadTyped(json, name, W3cCodes.Property);
        Proofs = DataModelRules.ReadProofs(json);
        Credentials = ReadCredentials(json, version, acceptV1);
    }

    /// <summary>The document.</summary>
    public JsonElement Json { get; }

    /// <summary>The version of the data model.</summary>
    public DataModelVersion Version { get; }

    /// <summary>All types, <c>VerifiablePresentation</c> included.</summary>
    public IReadOnlyList<string> Types { get; }

    /// <summary>The presentation's own identifier, if it has one.</summary>
    public string? Id { get; }

    /// <summary>The identifier of who presents, if the presentation names one.</summary>
    public string? Holder { get; }

    /// <summary>The embedded proofs, not looked at.</summary>
    public IReadOnlyList<JsonElement> Proofs { get; }

    /// <summary>The values of <c>verifiableCredential</c>: credentials, enveloped credentials, and in 1.1 JWTs; unread.</summary>
    public IReadOnlyList<JsonElement> Credentials { get; }

    /// <summary>Reads a presentation from untrusted JSON.</summary>
    /// <param name="json">The document.</param>
    /// <param name="acceptV1">Whether data model 1.1 is accepted too.</param>
    /// <exception cref="MalformedDataException">It breaks a rule of its data model; a code of <see cref="W3cCodes"/>.</exception>
    public static W3cPresentation Parse(JsonElement json, bool acceptV1 = false)
    {
        json.RequireObject(W3cCodes.Malformed);
        var version = DataModelRules.ReadContext(json);
        return version == DataModelVersion.V2 || acceptV1
            ? new W3cPresentation(json, version, acceptV1)
            : throw DataModelRules.Malformed(W3cCodes.Version, "Data model 1.1 is not accepted.");
    }

    /// <summary>The document inside an enveloped credential or presentation; null for another object (§4.13.1, §4.13.2).</summary>
    /// <exception cref="MalformedDataException"><c>w3c.enveloped</c>.</exception>
    internal static DataUrl? ReadEnvelope(JsonElement value, string type)
    {
        var isEnvelope = value.Member(W3cNames.Type) switch
        {
            { ValueKind: JsonValueKind.String } one => one.ValueEquals(type),
            { ValueKind: JsonValueKind.Array } several => several.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.ValueEquals(type)),
            _ => false,
        };
        if (!isEnvelope) return null;
        // "The type value of the object MUST be" that one: no other beside it.
        if (value.GetProperty(W3cNames.Type) is { ValueKind: JsonValueKind.Array } types && types.GetArrayLength() != 1) throw Malformed("An envelope has another type, too.");
        if (!DefinesEnvelopes(value.Member(W3cNames.Context))) throw Malformed("An envelope has no context that defines it.");
        return DataUrl.Parse(value.RequireString(W3cNames.Id, W3cCodes.Enveloped));
    }

    private static IReadOnlyList<JsonElement> ReadCredentials(JsonElement json, DataModelVersion version, bool acceptV1)
    {
        JsonElement[] credentials = json.Member(W3cNames.Credential) switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } several => [.. several.EnumerateArray()],
            { } one => [one],
        };
        if (credentials.Length == 0 && json.Member(W3cNames.Credential) is not null)
            throw DataModelRules.Malformed(W3cCodes.Credential, "verifiableCredential is empty.");
        if (credentials.Length > MaxCredentials) throw DataModelRules.Malformed(W3cCodes.TooLarge, $"The presentation has over {MaxCredentials} credentials.");
        foreach (var credential in credentials) CheckCredential(credential, version, acceptV1);
        return credentials;
    }

    // §4.13: objects that are credentials or enveloped ones; in 1.1 §6.3.1 also JWTs as strings.
    private static void CheckCredential(JsonElement credential, DataModelVersion version, bool acceptV1)
    {
        if (credential.ValueKind == JsonValueKind.String && version == DataModelVersion.V1) return;
        if (credential.ValueKind != JsonValueKind.Object) throw DataModelRules.Malformed(W3cCodes.Credential, "A credential is no object.");
        if (ReadEnvelope(credential, W3cNames.EnvelopedCredentialType) is null) W3cCredential.Parse(credential, acceptV1);
    }

    private static bool DefinesEnvelopes(JsonElement? context) => context switch
    {
        { ValueKind: JsonValueKind.String } one => one.ValueEquals(W3cNames.BaseContext),
        { ValueKind: JsonValueKind.Array } several =>
            several.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.ValueEquals(W3cNames.BaseContext)),
        _ => false,
    };

    private static MalformedDataException Malformed(string message) => new(W3cCodes.Enveloped, message);
}
