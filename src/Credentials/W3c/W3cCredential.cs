using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.W3c;

/// <summary>
/// A credential of the W3C data model, read and held against its rules (Data Model 2.0 §4 to §6, or 1.1), but not verified: nothing here
/// says that its issuer signed it. <see cref="W3cVerifier"/> does.
/// </summary>
public sealed class W3cCredential
{
    private W3cCredential(JsonElement json, DataModelVersion version)
    {
        (Json, Version) = (json, version);
        DataModelRules.CheckKeywords(json, allowContext: true);
        Types = DataModelRules.ReadTypes(json, W3cNames.CredentialType, W3cCodes.Type);
        Id = DataModelRules.ReadId(json);
        Issuer = DataModelRules.ReadParty(json.Member(W3cNames.Issuer) ?? throw DataModelRules.Malformed(W3cCodes.Issuer, "There is no issuer."), W3cCodes.Issuer);
        SubjectIds = [.. ReadSubjects(json).Select(subject => DataModelRules.ReadId(subject)).OfType<string>()];
        (ValidFrom, ValidUntil) = ReadValidity(json, version);
        LanguageRules.Check(json, W3cNames.Name);
        LanguageRules.Check(json, W3cNames.Description);
        // 1.1 §4.9: there the id is required.
        Status = DataModelRules.ReadTyped(json, W3cNames.Status, W3cCodes.Status, idRequired: version == DataModelVersion.V1);
        Schemas = DataModelRules.ReadTyped(json, W3cNames.Schema, W3cCodes.Schema, idRequired: true);
        DataModelRules.ReadTyped(json, "refreshService", W3cCodes.Property, idRequired: version == DataModelVersion.V1);
        foreach (var name in (ReadOnlySpan<string>)["termsOfUse", "evidence"]) DataModelRules.ReadTyped(json, name, W3cCodes.Property);
        RelatedResources = [];
        Proofs = DataModelRules.ReadProofs(json);
        if (version == DataModelVersion.V1) return;

        // §5.10 reserves these two, and §5.3 is new in 2.0.
        foreach (var name in (ReadOnlySpan<string>)["confidenceMethod", "renderMethod"]) DataModelRules.ReadTyped(json, name, W3cCodes.Property);
        RelatedResources = RelatedResource.ReadAll(json);
    }

    /// <summary>The document.</summary>
    public JsonElement Json { get; }

    /// <summary>The version of the data model.</summary>
    public DataModelVersion Version { get; }

    /// <summary>All types, <c>VerifiableCredential</c> included.</summary>
    public IReadOnlyList<string> Types { get; }

    /// <summary>The first type that says more than <c>VerifiableCredential</c>; that one if there is no other.</summary>
    public string MainType => Types.FirstOrDefault(type => type != W3cNames.CredentialType) ?? W3cNames.CredentialType;

    /// <summary>The credential's own identifier, if it has one.</summary>
    public string? Id { get; }

    /// <summary>The issuer's identifier.</summary>
    public string Issuer { get; }

    /// <summary>The identifiers of those subjects that have one.</summary>
    public IReadOnlyList<string> SubjectIds { get; }

    /// <summary>From when on it is valid (<c>issuanceDate</c> in 1.1).</summary>
    public DateTimeOffset? ValidFrom { get; }

    /// <summary>Until when it is valid (<c>expirationDate</c> in 1.1).</summary>
    public DateTimeOffset? ValidUntil { get; }

    /// <summary>The entries of <c>credentialStatus</c>.</summary>
    public IReadOnlyList<JsonElement> Status { get; }

    /// <summary>The entries of <c>credentialSchema</c>.</summary>
    public IReadOnlyList<JsonElement> Schemas { get; }

    /// <summary>The entries of <c>relatedResource</c>.</summary>
    public IReadOnlyList<RelatedResource> RelatedResources { get; }

    /// <summary>The embedded proofs, not looked at.</summary>
    public IReadOnlyList<JsonElement> Proofs { get; }

    /// <summary>Reads a credential from untrusted JSON.</summary>
    /// <param name="json">The document.</param>
    /// <param name="acceptV1">Whether data model 1.1 is accepted too.</param>
    /// <exception cref="MalformedDataException">It breaks a rule of its data model; a code of <see cref="W3cCodes"/>.</exception>
    public static W3cCredential Parse(JsonElement json, bool acceptV1 = false)
    {
        json.RequireObject(W3cCodes.Malformed);
        var version = DataModelRules.ReadContext(json);
        return version == DataModelVersion.V2 || acceptV1
            ? new W3cCredential(json, version)
            : throw DataModelRules.Malformed(W3cCodes.Version, "Data model 1.1 is not accepted.");
    }

    private static IReadOnlyList<JsonElement> ReadSubjects(JsonElement json)
    {
        var subjects = DataModelRules.ReadObjects(json, W3cNames.Subject, W3cCodes.Subject);
        foreach (var subject in subjects)
        {
            DataModelRules.CheckKeywords(subject, allowContext: false);
            // §4.8: each is the subject of one or more claims.
            if (!subject.EnumerateObject().Any()) throw DataModelRules.Malformed(W3cCodes.Subject, "A subject has no claims.");
        }

        return subjects.Count > 0 ? subjects : throw DataModelRules.Malformed(W3cCodes.Subject, "There is no subject.");
    }

    private static (DateTimeOffset?, DateTimeOffset?) ReadValidity(JsonElement json, DataModelVersion version)
    {
        var (from, until) = (DataModelRules.ReadTime(json, W3cNames.ValidFrom, version), DataModelRules.ReadTime(json, W3cNames.ValidUntil, version));
        if (version == DataModelVersion.V1)
        {
            // 1.1 §4.5, §4.6; validFrom and validUntil were names kept for later, and say at least not more than that.
            var issued = DataModelRules.ReadTime(json, W3cNames.IssuanceDate, version)
                ?? throw DataModelRules.Malformed(W3cCodes.Validity, "There is no issuanceDate.");
            var expires = DataModelRules.ReadTime(json, W3cNames.ExpirationDate, version);
            (from, until) = (from > issued ? from : issued, until < expires || expires is null ? until : expires);
        }

        return from > until ? throw DataModelRules.Malformed(W3cCodes.Validity, "The validity ends before it begins.") : (from, until);
    }
}
