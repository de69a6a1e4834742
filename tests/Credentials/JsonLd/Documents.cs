using System.Security.Cryptography;
using System.Text;
using Credentials.Codecs;
using Credentials.JsonLd;

namespace Credentials.Tests.JsonLd;

/// <summary>Documents as text, and what becomes of them.</summary>
internal static class Documents
{
    /// <summary>The canonical N-Quads of a document.</summary>
    public static string ToNQuads(string json, JsonLdContexts? contexts = null, JsonLdLimits? limits = null)
    {
        var quads = JsonLdProcessor.ToRdf(StrictJson.Parse(json), contexts ?? JsonLdContexts.BuiltIn, limits);
        return Encoding.UTF8.GetString(RdfCanonicalization.Canonicalize(quads, HashAlgorithmName.SHA256).ToNQuads());
    }

    /// <summary>The code with which a document is refused.</summary>
    public static string Refusal(string json, JsonLdContexts? contexts = null, JsonLdLimits? limits = null) =>
        Assert.ThrowsAny<CredentialException>(() => ToNQuads(json, contexts, limits)).Code;

    /// <summary>The built-in contexts and one more.</summary>
    public static JsonLdContexts With(string url, string document)
    {
        var bytes = Encoding.UTF8.GetBytes(document);
        return JsonLdContexts.BuiltIn.With(url, bytes, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }
}
