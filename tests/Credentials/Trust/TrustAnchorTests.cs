using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Dids;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Tests.X509;
using Credentials.Trust;
using Credentials.X509;
using static Credentials.Tests.X509.TestPki;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.Tests.Trust;

/// <summary>What an anchor is, what it covers, and the anchors of a text file.</summary>
public sealed class TrustAnchorTests : IDisposable
{
    private const string Site = "https://issuer.example/cid";

    private static readonly TestPki s_root = Root(), s_other = Root("Other");

    private readonly SoftwareSigningKey _key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    private string Did => DidKey.Create(_key.PublicKey);

    public void Dispose() => _key.Dispose();

    private static string Code(Action read) => Assert.ThrowsAny<CredentialException>(read).Code;

    private static TrustStore Read(string text) => TrustStore.FromText(text, TrustPurpose.CredentialIssuer);

    [Fact]
    public void Each_kind_of_anchor_is_that_kind_alone()
    {
        var certificate = TrustAnchor.ForCertificate(s_root.Certificate, TrustPurpose.CredentialIssuer);
        var key = TrustAnchor.ForKey(_key.PublicKey, TrustPurpose.CredentialIssuer, issuer: Site);
        var url = TrustAnchor.ForIssuerUrl(Site);
        var did = TrustAnchor.ForControlledIdentifier(Did, TrustPurpose.Verifier);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(s_root.Certificate.RawData)), certificate.Id);
        Assert.Equal(Jwk.Thumbprint(_key.PublicKey), key.Id);
        Assert.Equal((Site, Did), (url.Id, did.Id));
        Assert.Equal([false, false, true, false], new[] { certificate, key, url, did }.Select(anchor => anchor.IsIssuerUrl));
        Assert.Equal([false, false, false, true], new[] { certificate, key, url, did }.Select(anchor => anchor.IsControlledIdentifier));
        Assert.Equal([null, Site, Site, Did], new[] { certificate, key, url, did }.Select(anchor => anchor.Issuer));
        Assert.Equal(TrustPurpose.CredentialIssuer, url.Purposes);
    }

    [Theory]
    [InlineData("did:web:issuer.example", true)]
    [InlineData("https://issuer.example/cid", true)]
    [InlineData("http://localhost:5101/cid", true)]
    [InlineData("http://issuer.example/cid", false)]
    [InlineData("https://issuer.example/cid#key", false)]
    [InlineData("did:", false)]
    [InlineData("", false)]
    public void A_controlled_identifier_is_a_DID_or_an_https_url_without_a_fragment(string identifier, bool accepted)
    {
        if (accepted) Assert.Equal(identifier, TrustAnchor.ForControlledIdentifier(identifier, TrustPurpose.Verifier).Id);
        else Assert.Throws<ArgumentException>(() => TrustAnchor.ForControlledIdentifier(identifier, TrustPurpose.Verifier));
    }

    [Fact]
    public void No_identifier_at_all_is_a_mistake_of_the_caller()
    {
        Assert.Throws<ArgumentNullException>(() => TrustAnchor.ForIssuerUrl(null!));
        Assert.Throws<ArgumentNullException>(() => TrustAnchor.ForControlledIdentifier(null!, TrustPurpose.Verifier));
        Assert.Throws<ArgumentNullException>(() => TrustStore.FromText(null!, TrustPurpose.Verifier));
    }

    // On this machine alone, for whoever tries things out.
    [Fact]
    public void An_issuer_on_this_machine_needs_no_https() =>
        Assert.Equal("http://localhost:5101", TrustAnchor.ForIssuerUrl("http://localhost:5101").Issuer);

    [Fact]
    public void Of_two_keys_of_an_issuer_the_one_that_is_named_counts()
    {
        using var second = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var store = TrustStore.Create(new[] { _key, second }.Select(key => TrustAnchor.ForKey(key.PublicKey, TrustPurpose.CredentialIssuer, issuer: Site)));
        IEnumerable<PublicKey?> Keys(string? keyId) => store.PinnedKeys(Site, keyId, TrustPurpose.CredentialIssuer, null).Select(anchor => anchor.Key);
        Assert.Equal([_key.PublicKey], Keys(Jwk.Thumbprint(_key.PublicKey)));
        Assert.Equal([second.PublicKey], Keys(Jwk.Thumbprint(second.PublicKey)));
        Assert.Equal([_key.PublicKey, second.PublicKey], Keys("another label"));
        Assert.Equal([_key.PublicKey, second.PublicKey], Keys(null));
    }

    [Theory]
    [InlineData(TrustPurpose.CredentialIssuer, "urn:a", true)]
    [InlineData(TrustPurpose.StatusSigner, "urn:a", true)]
    [InlineData(TrustPurpose.CredentialIssuer, null, true)]
    [InlineData(TrustPurpose.CredentialIssuer, "urn:b", false)]
    [InlineData(TrustPurpose.Verifier, "urn:a", false)]
    [InlineData(TrustPurpose.CredentialIssuer | TrustPurpose.Verifier, "urn:a", false)]
    public void An_anchor_covers_its_purposes_and_its_types(TrustPurpose purpose, string? type, bool covered)
    {
        const TrustPurpose Both = TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner;
        Assert.Equal(covered, TrustAnchor.ForKey(_key.PublicKey, Both, ["urn:a"]).Covers(purpose, type));
        Assert.Equal(Both.HasFlag(purpose), TrustAnchor.ForKey(_key.PublicKey, Both).Covers(purpose, type));
        Assert.Equal(Both.HasFlag(purpose) && type is null, TrustAnchor.ForKey(_key.PublicKey, Both, []).Covers(purpose, type));
    }

    [Fact]
    public void Anchors_are_equal_where_content_and_scope_are()
    {
        TrustAnchor Make(X509Certificate2? certificate = null, TrustPurpose purposes = TrustPurpose.CredentialIssuer, string[]? types = null, CertificateProfile? profile = null) =>
            TrustAnchor.ForCertificate(certificate ?? s_root.Certificate, purposes, types, profile);
        TrustAnchor[] different =
        [
            Make(), Make(s_other.Certificate), Make(purposes: TrustPurpose.Verifier), Make(types: ["urn:a"]), Make(types: ["urn:b"]), Make(types: ["urn:a", "urn:b"]), Make(types: []),
            Make(profile: CertificateProfile.MdocReader), TrustAnchor.ForKey(_key.PublicKey, TrustPurpose.CredentialIssuer),
            TrustAnchor.ForKey(_key.PublicKey, TrustPurpose.CredentialIssuer, issuer: Site), TrustAnchor.ForIssuerUrl(Site),
            TrustAnchor.ForControlledIdentifier(Site, TrustPurpose.CredentialIssuer),
        ];
        Assert.Equal(different.Length, TrustStore.Create(different).Anchors.Count);
        for (var i = 0; i < different.Length; i++)
            Assert.Equal(Enumerable.Range(0, different.Length).Select(j => i == j), different.Select(other => different[i].Equals((object)other)));
        Assert.False(Make().Equals(null));
        Assert.False(Make().Equals("anchor"));

        // The order of types is none.
        Assert.Equal(Make(types: ["urn:a", "urn:b"]), Make(types: ["urn:b", "urn:a"]));
        Assert.Single(TrustStore.Create([Make(types: ["urn:a"]), Make(types: ["urn:a"])]).Anchors);
    }

    [Fact]
    public void A_controlled_identifier_is_found_exactly_as_written_for_its_purpose_and_types()
    {
        var store = TrustStore.Create([TrustAnchor.ForControlledIdentifier(Did, TrustPurpose.CredentialIssuer, ["urn:t"]), TrustAnchor.ForIssuerUrl(Site)]);
        Assert.Same(store.Anchors[0], store.ControlledIdentifier(Did, TrustPurpose.CredentialIssuer, "urn:t"));
        Assert.Same(store.Anchors[0], store.ControlledIdentifier(Did, TrustPurpose.CredentialIssuer, null));
        Assert.Null(store.ControlledIdentifier(Did, TrustPurpose.CredentialIssuer, "urn:other"));
        Assert.Null(store.ControlledIdentifier(Did, TrustPurpose.Verifier, null));
        Assert.Null(store.ControlledIdentifier(Did + "#key", TrustPurpose.CredentialIssuer, null));
        Assert.Null(store.ControlledIdentifier(null, TrustPurpose.CredentialIssuer, null));
        // One whose keys stand in its metadata is not one whose document is asked for, nor the other way round.
        Assert.Null(store.ControlledIdentifier(Site, TrustPurpose.CredentialIssuer, null));
        Assert.Null(store.IssuerUrl(Did, null));
        Assert.NotNull(store.IssuerUrl(Site, null));
    }

    [Fact]
    public void A_trust_file_names_certificates_and_identifiers()
    {
        var pem = s_root.Certificate.ExportCertificatePem();
        var anchors = Read($"# agencies\n\n{Did}\n{pem}\n  {Site}\r\n").Anchors;
        Assert.Equal([Convert.ToHexStringLower(SHA256.HashData(s_root.Certificate.RawData)), Did, Site], anchors.Select(anchor => anchor.Id));
        Assert.Equal([false, true, true], anchors.Select(anchor => anchor.IsControlledIdentifier));
        Assert.All(anchors, anchor => Assert.Equal(TrustPurpose.CredentialIssuer, anchor.Purposes));
        Assert.Single(Read(pem).Anchors);

        var pinned = Assert.Single(Read($"https://issuer.example/1  {Did}\r\n").Anchors);
        Assert.Equal(("https://issuer.example/1", _key.PublicKey, false), (pinned.Issuer, pinned.Key, pinned.IsControlledIdentifier));
    }

    [Fact]
    public void A_trust_file_with_a_line_that_is_neither_is_refused()
    {
        foreach (var line in (string[])["did:\n", "http://issuer.example/1", "https://issuer.example/1 did:web:issuer.example", "https://issuer.example/1 zDnae", $"https://issuer.example/1 {Did} {Did}"])
            Assert.Equal(DidCodes.Malformed, Code(() => Read(line)));
        Assert.Equal(X509Codes.Malformed, Code(() => Read("nothing of the kind")));
        Assert.Equal(X509Codes.Malformed, Code(() => Read($"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n{Did}")));
        Assert.Single(Read($"{Did}\n").Anchors);
    }
}
