using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Credentials.Keys.Software;
using Credentials.Tests.Shared;
using Credentials.X509;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Credentials.Issuer.Tests.Setup;

/// <summary>An operator with the key folder and the database, in a process other than the service's; and an authority elsewhere.</summary>
internal static class KeyOperator
{
    internal static async Task<T> DoAsync<T>(string folder, string? connection, TimeProvider clock, Func<SignerChanges, Task<T>> change, string? passphrase = null, Pkcs11Settings? token = null)
    {
        using var keys = IssuerKeys.Load(folder, clock, passphrase, token?.Open());
        await using var db = await ExistingDatabase.OpenAsync(folder, connection, RunningIssuer.Ct);
        return await change(new SignerChanges(db, keys, clock));
    }

    /// <summary>What an authority makes of a request: the certificate asked for, unless it is changed.</summary>
    internal static X509Certificate2 Answer(
        CertificateAuthority authority, string request, DateTimeOffset from, TimeSpan? validity = null, string? subject = null, Func<X509Extension, bool>? keep = null)
    {
        var asked = CertificateRequest.LoadSigningRequestPem(request, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        var made = new CertificateRequest(subject is null ? asked.SubjectName : new X500DistinguishedName(subject), asked.PublicKey, HashAlgorithmName.SHA256);
        X509Extension[] extensions = [.. asked.CertificateExtensions, X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority.Certificate, true, false)];
        foreach (var extension in extensions.Where(keep ?? (_ => true)))
            made.CertificateExtensions.Add(extension);
        using var key = ECDsa.Create();
        key.ImportFromPem(((SoftwareSigningKey)authority.Key).ExportPkcs8Pem());
        return made.Create(
            authority.Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(key), from.AddMinutes(-5), from + (validity ?? TimeSpan.FromDays(365)), [0x40, .. RandomNumberGenerator.GetBytes(15)]);
    }

    /// <summary>A watch beside the service's own, whose words go to the canary.</summary>
    internal static KeyWatch Watch(RunningIssuer issuer, Canary canary) => ActivatorUtilities.CreateInstance<KeyWatch>(
        issuer.Services, LoggerFactory.Create(logging => logging.AddProvider(canary).SetMinimumLevel(LogLevel.Trace)).CreateLogger<KeyWatch>());

    internal static string Pem(params X509Certificate2[] certificates) => string.Concat(certificates.Select(one => one.ExportCertificatePem() + "\n"));
}
