using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Keys;
using Credentials.Mdoc;
using Credentials.OpenId4Vci;
using Credentials.StatusLists;
using Credentials.X509;

namespace Credentials.Issuer.Formats;

/// <summary>ISO/IEC 18013-5 mdoc (OpenID4VCI Appendix A.2).</summary>
internal sealed class MdocFormat(IssuerKeys keys) : ICredentialFormat
{
    public string Id => CredentialFormat.Mdoc;

    public void Check(CredentialType type, JsonObject claims)
    {
        try
        {
            Encode(type, claims);
        }
        catch (MalformedDataException e) when (e.Code == MdocCodes.ClaimsMalformed)
        {
            throw new MalformedDataException(IssuerCodes.Claims, $"A claim for '{type.Id}' is not of the type that its data model asks for.");
        }

        // ISO/IEC 18013-5 §9.3.1: verifiers refuse a licence that names another country or jurisdiction than the signer's certificate.
        if (type.Type != MdocNames.MdlDocType)
            return;
        var subject = CertificateSubject.Of(keys.Document.Certificate);
        RequireNamed(type, claims, "issuing_country", subject.Countries);
        if (subject.StatesOrProvinces.Count > 0)
            RequireNamed(type, claims, "issuing_jurisdiction", subject.StatesOrProvinces);
    }

    public CredentialConfiguration Describe(CredentialType type) => new()
    {
        Format = Id,
        Doctype = type.Type,
        CoseSigningAlgorithms = [.. CoseAlgorithms.NumbersOf(keys.Document.PublicKey.Algorithm).Select(number => (long)number)],
        BindingMethods = [OpenId4VciNames.CoseKeyBinding],
    };

    public async ValueTask<string> IssueAsync(CredentialContent content, CancellationToken ct)
    {
        var mdoc = await MdocIssuer.IssueAsync(
            new MdocContent
            {
                DocType = content.Type.Type,
                NameSpaces = Encode(content.Type, content.Claims),
                DeviceKey = content.Holder,
                Certificates = content.Signer.Certificates,
                // Rounded to days by the default, as the times of the other formats are.
                Signed = content.Now,
                ValidUntil = content.ExpiresAt,
                Status = [content.Status],
            },
            content.Signer.Key, ct);
        var report = await MdocVerifier.VerifyAsync(mdoc, new MdocExpectations
        {
            Trust = keys.OwnTrust,
            Now = content.Now,
            DeviceAuth = DeviceAuthExpectation.NotRequested,
            Status = new StatusPolicy(StatusMode.Skip),
            DocTypes = [content.Type.Type],
        }, ct);
        SelfCheck.Require(report, verified => content.Holder.Equals(verified.HolderKey)
            && IssuerSigned.Parse(mdoc).SecurityObject.Status is { } status && CredentialStatus.FromCbor(status) is [var only] && only == content.Status);
        return StrictBase64Url.Encode(mdoc);
    }

    private static IReadOnlyDictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> Encode(CredentialType type, JsonObject claims)
    {
        var nameSpaces = new JsonObject();
        foreach (var claim in type.Claims.Where(claim => claims.ContainsKey(claim.Name)))
        {
            if (nameSpaces[claim.Namespace!] is not JsonObject elements)
                nameSpaces[claim.Namespace!] = elements = [];
            elements[claim.Element] = claims[claim.Name]?.DeepClone();
        }

        return MdocElements.FromJson(type.Type, StrictJson.ToElement(nameSpaces), type.DataModel);
    }

    private static void RequireNamed(CredentialType type, JsonObject claims, string element, IReadOnlyList<string> named)
    {
        var claim = type.Claims.FirstOrDefault(claim => claim.Namespace == MdocNames.MdlNamespace && claim.Element == element);
        if (claim is not null && claims[claim.Name] is { } value && !named.Contains(value.GetValue<string>(), StringComparer.Ordinal))
            throw new MalformedDataException(IssuerCodes.Claims, $"'{claim.Name}' for '{type.Id}' is not what the document signer's certificate says.");
    }
}
