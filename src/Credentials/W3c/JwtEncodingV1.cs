using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.W3c;

/// <summary>Puts the claims of a JWT of data model 1.1 back into the document that its <c>vc</c> or <c>vp</c> has (Data Model 1.1 §6.3.1).</summary>
internal static class JwtEncodingV1
{
    private const string Code = W3cCodes.JwtClaim;

    /// <summary>The document.</summary>
    /// <exception cref="MalformedDataException"><c>w3c.jwt_claim</c>: the claim is missing, or says otherwise than the document.</exception>
    public static JsonElement Decode(JsonElement payload, bool isPresentation)
    {
        var document = StrictJson.ToNode(payload.RequireObjectMember(isPresentation ? W3cNames.JwtPresentation : W3cNames.JwtCredential, Code))!.AsObject();
        PutParty(document, isPresentation ? W3cNames.Holder : W3cNames.Issuer, payload.RequireString(W3cNames.JwtIssuer, Code));
        if (payload.OptionalString(W3cNames.JwtId, Code) is { } id) Put(document, W3cNames.Id, id);
        if (!isPresentation)
        {
            PutTime(document, W3cNames.IssuanceDate, payload.OptionalNumericDate(W3cNames.JwtNotBefore, Code));
            PutTime(document, W3cNames.ExpirationDate, payload.OptionalNumericDate(W3cNames.JwtExpires, Code));
            if (payload.OptionalString(W3cNames.JwtSubject, Code) is { } subject) PutSubject(document, subject);
        }

        return StrictJson.ToElement(document);
    }

    /// <summary>The payload for a credential. The document stays whole, so that a reader of either finds the same.</summary>
    public static JsonObject Encode(JsonObject credential)
    {
        var payload = new JsonObject
        {
            [W3cNames.JwtIssuer] = (credential[W3cNames.Issuer] is JsonObject issuer ? issuer[W3cNames.Id] : credential[W3cNames.Issuer])!.DeepClone(),
            [W3cNames.JwtNotBefore] = NumericDate.From(DateTimeStamp.Parse(credential[W3cNames.IssuanceDate]!.GetValue<string>(), Code, zoneRequired: false)),
        };
        if (credential[W3cNames.ExpirationDate] is { } end)
            payload[W3cNames.JwtExpires] = NumericDate.From(DateTimeStamp.Parse(end.GetValue<string>(), Code, zoneRequired: false));
        if (credential[W3cNames.Id] is { } id) payload[W3cNames.JwtId] = id.DeepClone();
        if (credential[W3cNames.Subject] is JsonObject subject && subject[W3cNames.Id] is { } subjectId) payload[W3cNames.JwtSubject] = subjectId.DeepClone();
        payload[W3cNames.JwtCredential] = credential.DeepClone();
        return payload;
    }

    private static void PutParty(JsonObject document, string name, string id)
    {
        if (document[name] is JsonObject party) Put(party, W3cNames.Id, id);
        else Put(document, name, id);
    }

    // sub belongs to the one subject; several cannot share it.
    private static void PutSubject(JsonObject document, string id)
    {
        switch (document[W3cNames.Subject])
        {
            case JsonObject subject:
                Put(subject, W3cNames.Id, id);
                break;
            case JsonArray { Count: 1 } subjects when subjects[0] is JsonObject only:
                Put(only, W3cNames.Id, id);
                break;
            default:
                throw Contradiction();
        }
    }

    private static void PutTime(JsonObject document, string name, DateTimeOffset? claim)
    {
        if (claim is not { } time) return;
        if (document[name] is { } stated)
        {
            // A claim has whole seconds, mostly; the document may say more.
            var known = stated is JsonValue text && text.GetValueKind() == JsonValueKind.String ? DateTimeStamp.Parse(text.GetValue<string>(), Code, zoneRequired: false) : default;
            if (NumericDate.From(known) != NumericDate.From(time)) throw Contradiction();
            return;
        }

        document[name] = DateTimeStamp.Write(time);
    }

    private static void Put(JsonObject document, string name, string value)
    {
        if (document[name] is not { } stated) document[name] = value;
        else if (stated is not JsonValue text || text.GetValueKind() != JsonValueKind.String || text.GetValue<string>() != value) throw Contradiction();
    }

    private static MalformedDataException Contradiction() => new(Code, "A claim of the JWT says otherwise than the document inside it.");
}
