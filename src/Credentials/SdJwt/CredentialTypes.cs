using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.SdJwt;

/// <summary>The types that a credential claims, and the code of the rule they break.</summary>
internal sealed record CredentialTypes(string? Type, IReadOnlyList<string> Others, string? Fault)
{
    /// <summary>SD-JWT VC §2.2.2.1 and §2.2.2.2.</summary>
    public static CredentialTypes Read(JsonElement payload, SdJwtProfile profile)
    {
        var vct = payload.Member(SdJwtNames.Type);
        var type = vct is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        if (!profile.IsCredential) return new(type, [], null);
        if (string.IsNullOrEmpty(type)) return new(null, [], vct is null ? SdJwtCodes.TypeMissing : SdJwtCodes.TypeMalformed);
        try
        {
            var others = payload.OptionalStringArray(SdJwtNames.OtherTypes, SdJwtCodes.TypeMalformed);
            var wellFormed = others is null || (others.Count > 0 && !others.Contains(type));
            return new(type, others ?? [], wellFormed ? null : SdJwtCodes.TypeMalformed);
        }
        catch (MalformedDataException e)
        {
            return new(type, [], e.Code);
        }
    }

    /// <summary>
    /// The types under which the credential may be accepted. An issuer must be trusted for the one that is used: naming
    /// a type in <c>aka_vcts</c> authorises nobody (SD-JWT VC §7.7).
    /// </summary>
    public IReadOnlyList<string?> Usable(IReadOnlyCollection<string>? wanted)
    {
        if (wanted is null) return [Type];
        List<string?> usable = new(1 + Others.Count);
        if (Type is not null && wanted.Contains(Type)) usable.Add(Type);
        usable.AddRange(Others.Where(wanted.Contains));
        return usable;
    }
}
