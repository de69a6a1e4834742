using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.JsonLd;
using Credentials.Mdoc;
using Credentials.QrDocuments;
using Credentials.SdJwt;
using Credentials.W3c;
using Credentials.X509;

namespace Credentials.Dcql;

/// <summary>
/// What DCQL needs to know of a credential: one that a wallet holds, or one that a verifier has verified.
/// </summary>
/// <param name="Format">Credential format identifier, for example <c>dc+sd-jwt</c>.</param>
/// <param name="Types">The credential's types: for SD-JWT VC its <c>vct</c>, then <c>aka_vcts</c> and inherited types as far as they
/// are known; for mdoc its doctype.</param>
/// <param name="Claims">The processed claims as one JSON object; for mdoc namespace → element → value.</param>
public sealed record DcqlCandidate(string Format, IReadOnlyCollection<string> Types, JsonElement Claims)
{
    private IReadOnlyCollection<string>? _authorityKeys;

    /// <summary>The caller's own reference to the credential; not used for matching.</summary>
    public string? Id { get; init; }

    /// <summary>AuthorityKeyIdentifiers of the certificates in the credential's chain, base64url (OpenID4VP 1.0 §6.1.1.1).</summary>
    public IReadOnlyCollection<string> AuthorityKeyIdentifiers
    {
        get => _authorityKeys ??= AuthorityKeys();
        init => _authorityKeys = value;
    }

    private Func<IReadOnlyList<X509Certificate2>?>? Chain { get; init; }

    /// <summary>True if the credential is bound to a key with which its holder can prove possession.</summary>
    public bool IsHolderBound { get; init; } = true;

    /// <summary>A credential in SD-JWT VC form, by its processed claims. Nothing of it is verified here.</summary>
    public static DcqlCandidate ForSdJwt(SdJwtCredential credential, JsonElement claims) =>
        new(CredentialFormat.SdJwtVc, [.. Texts(claims.Member(SdJwtNames.Type)), .. Texts(claims.Member(SdJwtNames.OtherTypes))], claims)
        {
            Chain = () => X5c.Of(credential.IssuerJwt),
            IsHolderBound = claims.Member(SdJwtNames.Confirmation) is not null,
        };

    /// <summary>An mdoc, by its data elements. Nothing of it is verified here; it always names a key of its holder's device.</summary>
    public static DcqlCandidate ForMdoc(IssuerSigned mdoc, JsonElement claims) =>
        new(CredentialFormat.Mdoc, [mdoc.SecurityObject.DocType], claims)
        {
            Chain = () => mdoc.IssuerAuth.Headers.X5Chain() is { } chain ? X5Chain.Parse(chain) : null,
        };

    /// <summary>
    /// A credential of the W3C data model, by its document. Nothing of it is verified here. It is bound to the key of its <c>cnf</c> or to
    /// an identifier of a subject. Its types are expanded (OpenID4VP 1.0 B.1.1).
    /// </summary>
    /// <param name="credential">The credential as it is secured.</param>
    /// <param name="document">What it says.</param>
    /// <param name="contexts">The contexts that are known.</param>
    public static DcqlCandidate ForW3c(SecuredDocument credential, JsonElement document, JsonLdContexts contexts) =>
        new(credential.Format, ExpandedTypes.Of(document, contexts), document)
        {
            Chain = () => credential.Chain is { } chain ? X5Chain.Parse(chain) : null,
            IsHolderBound = credential.NamesHolder,
        };

    /// <summary>A printed document, by what it says. Nothing of it is verified here; it is bound to nobody.</summary>
    public static DcqlCandidate ForQrDocument(QrDocument document, JsonElement claims) => new(document.Format, [document.Type], claims)
    {
        Chain = () => document.Message.Headers.X5Chain() is { } chain ? X5Chain.Parse(chain) : null,
        IsHolderBound = false,
    };

    private static IEnumerable<string> Texts(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } text => [text.GetString()!],
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().SelectMany(element => Texts(element)),
        _ => [],
    };

    // Read only for a query that asks. Nobody checked these certificates yet: what cannot be read names no authority.
    private IReadOnlyCollection<string> AuthorityKeys()
    {
        try
        {
            return [.. (Chain?.Invoke() ?? []).Select(AuthorityKey).OfType<string>()];
        }
        catch (CredentialException)
        {
            return [];
        }
    }

    private static string? AuthorityKey(X509Certificate2 certificate)
    {
        try
        {
            return certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier is { } identifier
                ? StrictBase64Url.Encode(identifier.Span)
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
