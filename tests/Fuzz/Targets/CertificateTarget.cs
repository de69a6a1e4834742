using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Fuzz.Tests.Mutation;
using Credentials.X509;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>
/// Certificates, their extensions and chains, and revocation lists. Second parsers: <see cref="AsnReader"/> for the outside of a
/// certificate, <see cref="CertificateRevocationListBuilder"/> for a list.
/// </summary>
internal sealed class CertificateTarget : FuzzTarget
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly List<X509Certificate2> _anchors = [];

    public override string Name => "certificate";

    public override InputShape Shape => InputShape.Der;

    public override IEnumerable<byte[]> Seeds(Vectors vectors)
    {
        _anchors.Clear();
        foreach (var der in vectors.Certificates())
        {
            if (_anchors.Count < 8) _anchors.Add(X509CertificateLoader.LoadCertificate(der));
            yield return der;
        }

        foreach (var token in vectors.Texts("sd_jwt", "sd-jwt.verify").Take(3))
            foreach (var der in X5c.DerOf(SdJwt.SdJwtCredential.Parse(System.Text.Encoding.ASCII.GetString(token)).IssuerJwt) ?? []) yield return der.ToArray();
        yield return RevocationList();
    }

    protected override object Read(byte[] input)
    {
        try
        {
            return CertificateRevocationList.Parse(input);
        }
        catch (CredentialException)
        {
            return CertificateReader.FromDer(input);
        }
    }

    protected override void Check(byte[] input, object value)
    {
        if (value is CertificateRevocationList list) CheckList(input, list);
        else CheckCertificate(input, (X509Certificate2)value);
    }

    private void CheckCertificate(byte[] input, X509Certificate2 certificate)
    {
        using (certificate)
        {
            Require(certificate.RawDataMemory.Span.SequenceEqual(input), "The certificate has other bytes.");
            foreach (var read in new Func<object?>[]
            {
                () => SubjectAlternativeNames.Of(certificate), () => CrlDistributionPoints.Of(certificate), () => Keys.PublicKey.FromCertificate(certificate),
                () => OpenId4Vp.ClientIdentifier.ForCertificate(certificate),
            })
            {
                try
                {
                    read();
                }
                catch (CredentialException)
                {
                }
            }

            // What a profile asks for it must find or refuse; nobody signed a changed certificate.
            foreach (var profile in new[] { CertificateProfile.SdJwtIssuer, CertificateProfile.StatusSigner, CertificateProfile.AccessCertificate })
            {
                var result = CertificatePath.Validate([certificate], _anchors, profile, s_now);
                Require(result.Anchor is null || IsSignedBy(certificate, result.Anchor), "A certificate that its authority did not sign is trusted.");
            }

            _ = CertificatePath.FindPinnedProblem(certificate);
            var outer = new AsnReader(input, AsnEncodingRules.BER).ReadSequence();
            outer.ReadEncodedValue();
        }
    }

    private void CheckList(byte[] input, CertificateRevocationList list)
    {
        foreach (var anchor in _anchors) Require(list.FindProblem(anchor, s_now) is not null, "A list that nobody signed may be used.");
        CertificateRevocationListBuilder other;
        try
        {
            other = CertificateRevocationListBuilder.Load(input, out _, out var consumed);
            Require(consumed == input.Length, "The platform reads a shorter list.");
        }
        catch (CryptographicException)
        {
            return; // it reads the number of a list, which we have no use for
        }

        Require(other is not null && list.Count >= 0 && list.ThisUpdate <= DateTimeOffset.MaxValue, "A list cannot be used.");
    }

    private static bool IsSignedBy(X509Certificate2 certificate, X509Certificate2 anchor)
    {
        var outer = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.BER).ReadSequence();
        var signed = outer.ReadEncodedValue();
        outer.ReadEncodedValue();
        var signature = outer.ReadBitString(out _);
        using var key = anchor.GetECDsaPublicKey();
        return key is null || new[] { HashAlgorithmName.SHA256, HashAlgorithmName.SHA384, HashAlgorithmName.SHA512 }.Any(hash => key.VerifyData(signed.Span, signature, hash, DSASignatureFormat.Rfc3279DerSequence));
    }

    private static byte[] RevocationList()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Fuzz authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.KeyCertSign, true));
        using var authority = request.CreateSelfSigned(s_now.AddDays(-1), s_now.AddDays(30));
        var builder = new CertificateRevocationListBuilder();
        builder.AddEntry([1, 2, 3], s_now.AddHours(-1), X509RevocationReason.KeyCompromise);
        builder.AddEntry([0x7f], s_now.AddHours(-1));
        return builder.Build(authority, 7, s_now.AddDays(7), HashAlgorithmName.SHA256, thisUpdate: s_now.AddHours(-1));
    }
}
