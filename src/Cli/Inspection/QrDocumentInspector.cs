using System.Globalization;
using System.Text.Json.Nodes;
using Credentials.Cose;
using Credentials.QrDocuments;

namespace Credentials.Cli.Inspection;

/// <summary>Printed documents: who is said to have signed, the times, and what they say.</summary>
internal static class QrDocumentInspector
{
    internal static JsonObject Describe(string text)
    {
        var document = QrDocument.Parse(text);
        var description = Inspector.Kind(document.Format == CredentialFormat.Hcert ? "EU Digital COVID Certificate" : "printed document");
        description["format"] = document.Format;
        description["type"] = document.Type;
        var signature = CborInspector.DescribeHeaders(document.Message.Headers);
        // An algorithm that only this format has.
        if (document.Message.Headers.Algorithm == CoseNames.Ps256)
            signature["algorithm"] = "PS256";
        if (document.Message.Headers.KeyId() is { } keyId)
            signature["key_id_hex"] = Convert.ToHexStringLower(keyId.Span);
        description["issuer_signature"] = signature;
        var claims = document.UnverifiedClaims;
        if (claims.Issuer is { } issuer)
            description["issuer"] = issuer;
        Add("issued_at", claims.IssuedAt);
        Add("valid_from", claims.NotBefore);
        Add("valid_until", claims.ExpiresAt);
        if (claims.Map.Find(QrDocumentNames.Status) is { } status)
            CborInspector.With(description, "status", status);
        return CborInspector.With(description, "claims", document.UnverifiedContent);

        void Add(string name, DateTimeOffset? time)
        {
            if (time is { } at)
                description[name] = at.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);
        }
    }
}
